"""In which order a look is kept, and what of it gives way to a newer one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.mail_path.look_record import EVERY_RULE, LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.service.findings.finding_recorder import LedgerContention, UnstoredFindings
from tests.builders import NOON
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.looks import InMemoryLooks
from tests.fakes.mortal import Died
from tests.unit.decisions.looks import CALL, MINUTE, POOL, keep, key, named


@dataclass(slots=True, kw_only=True)
class LosingFindings(InMemoryFindings):
    """Breaks its word: what was put is not there."""

    def update(
        self,
        key: FindingKey,
        change: Callable[[FindingRecord | None], FindingRecord | None],  # noqa: ARG002 - it keeps nothing
    ) -> FindingRecord | None:
        return self.held.get(key)


def test_a_look_whose_findings_were_not_kept_does_not_count_as_recorded() -> None:
    with pytest.raises(UnstoredFindings, match=f"LookupError: {POOL.ref.arn} MW999"):
        keep(InMemoryLedger(findings=LosingFindings()), "MW999")


@dataclass(slots=True, kw_only=True)
class DyingFindings(InMemoryFindings):
    """Dies before it keeps the first finding."""

    def update(
        self,
        key: FindingKey,  # noqa: ARG002 - it dies first
        change: Callable[[FindingRecord | None], FindingRecord | None],  # noqa: ARG002
    ) -> FindingRecord | None:
        raise Died


def test_a_look_names_what_it_is_about_to_keep_and_what_it_has_to_close() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW998")
    dying = InMemoryLedger(looks=ledger.looks, findings=DyingFindings(held=ledger.findings.held))

    with pytest.raises(Died):
        keep(dying, "MW999", at=NOON + MINUTE)

    assert named(ledger) == ["MW998", "MW999"]
    look = ledger.looks.last(POOL.ref)
    assert look is not None
    assert look.looked_at == NOON + MINUTE


@dataclass(slots=True, kw_only=True)
class FullFindings(InMemoryFindings):
    """Has no room for one of them."""

    full: str

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        if key.rule_id == self.full:
            raise ValueError("the item is too large")
        return InMemoryFindings.update(self, key, change)


@pytest.mark.parametrize("full", ["MW101", "MW502", "MW999"])
def test_a_finding_that_cannot_be_stored_costs_no_other_of_its_look_a_place(full: str) -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW104")
    ledger.findings = FullFindings(full=full, held=ledger.findings.held)

    with pytest.raises(UnstoredFindings, match="too large") as raised:
        keep(ledger, "MW101", "MW502", "MW999", at=NOON + MINUTE)

    others = {"MW101", "MW502", "MW999"} - {full}
    assert {stored.rule_id for stored in raised.value.records} == others
    assert {held.rule_id for held in ledger.findings.held} == {"MW104", *others}
    assert ledger.findings.held[key("MW104")].lifecycle.state is FindingState.RESOLVED
    assert named(ledger) == ["MW101", "MW502", "MW999"]


def test_a_finding_whose_end_cannot_be_stored_stays_named_and_the_others_end() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW101", "MW502")
    ledger.findings = FullFindings(full="MW101", held=ledger.findings.held)

    with pytest.raises(UnstoredFindings, match="ValueError: the item is too large"):
        keep(ledger, at=NOON + MINUTE)

    assert named(ledger) == ["MW101"]
    assert ledger.findings.held[key("MW502")].lifecycle.state is FindingState.RESOLVED


@dataclass(slots=True, kw_only=True)
class CountingLooks(InMemoryLooks):
    """Remembers which looks were to take the place of the last one."""

    seen: list[LookRecord] = field(default_factory=list)

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        self.seen.append(look)
        return InMemoryLooks.replace(self, last, look)


def test_a_look_that_finds_nothing_new_is_put_once() -> None:
    looks = CountingLooks()
    ledger = InMemoryLedger(looks=looks)
    keep(ledger, "MW998", "MW999")
    first = len(looks.seen)

    keep(ledger, "MW998", "MW999", at=NOON + MINUTE)
    keep(ledger, "MW998", at=NOON + 2 * MINUTE)

    assert first == 2
    assert len(looks.seen) == first + 2


def newer(*rule_ids: str, at: datetime = NOON + MINUTE, undecided: tuple[str, ...] = ()) -> LookRecord:
    return LookRecord(
        pool=POOL.ref,
        pool_name=POOL.name,
        looked_at=at,
        answer=Answer.YES,
        deciding=None,
        findings=tuple(map(key, rule_ids)),
        uses=(),
        undecided=undecided,
    )


@dataclass(slots=True, kw_only=True)
class OvertakenLooks(InMemoryLooks):
    """A newer look comes in when the first finding was kept."""

    by: LookRecord | None
    done: bool = False

    def overtake(self) -> None:
        if self.done:
            return
        self.done = True
        if self.by is None:
            self.forget(POOL.ref, at=NOON + MINUTE)
        else:
            self.put(self.by)


@dataclass(slots=True, kw_only=True)
class OvertakenFindings(InMemoryFindings):
    """Lets the newer look come in once the first finding was kept."""

    looks: OvertakenLooks

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        kept = InMemoryFindings.update(self, key, change)
        self.looks.overtake()
        return kept


def overtaken(*, by: LookRecord | None) -> InMemoryLedger:
    looks = OvertakenLooks(by=by)
    return InMemoryLedger(looks=looks, findings=OvertakenFindings(looks=looks))


@pytest.mark.parametrize("knows_last", [True, False])
def test_a_look_that_a_newer_one_overtakes_before_it_keeps_anything_leaves_no_trace(knows_last: bool) -> None:
    ledger = InMemoryLedger()
    ledger.looks.put(newer())

    assert keep(ledger, "MW999", knows_last=knows_last) is None
    assert ledger.findings.held == {}
    assert ledger.looks.last(POOL.ref) == newer()


def test_what_a_newer_look_did_not_find_is_over_although_it_was_kept_later() -> None:
    ledger = overtaken(by=newer("MW998"))

    assert keep(ledger, "MW998", "MW999", call=CALL) is None
    kept, over = ledger.findings.held[key("MW998")], ledger.findings.held[key("MW999")]
    assert kept.lifecycle.state is FindingState.OPEN
    assert (over.lifecycle.state, over.lifecycle.changed_at, over.seen.cause, over.seen.pool_is_gone) == (
        FindingState.RESOLVED,
        NOON + MINUTE,
        CALL,
        False,
    )
    assert ledger.looks.last(POOL.ref) == newer("MW998")


@pytest.mark.parametrize("undecided", [("MW999",), (EVERY_RULE,)])
def test_what_a_newer_look_could_not_judge_stays_open_and_is_named_by_it(undecided: tuple[str, ...]) -> None:
    ledger = overtaken(by=newer("MW997", undecided=undecided))

    assert keep(ledger, "MW998", "MW999", call=CALL) is None
    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN
    assert ("MW998" in named(ledger)) == (undecided == (EVERY_RULE,))
    assert {"MW997", "MW999"} <= set(named(ledger))
    assert ledger.findings.held[key("MW998")].lifecycle.state is (
        FindingState.RESOLVED if undecided == ("MW999",) else FindingState.OPEN
    )


def test_a_look_of_the_same_moment_is_replaced() -> None:
    ledger = overtaken(by=newer(at=NOON))

    assert keep(ledger, "MW999") is not None
    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN
    assert named(ledger) == ["MW999"]


@dataclass(slots=True, kw_only=True)
class RestlessLooks(OvertakenLooks):
    """After the newer look a third one comes in, before anything can be added to the newer one."""

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        return last is not self.by and OvertakenLooks.replace(self, last, look)


@pytest.mark.parametrize("undecided", [(), ("MW999",)])
def test_only_a_look_that_has_to_add_to_the_newer_one_tries_again_when_a_third_came_in(
    undecided: tuple[str, ...],
) -> None:
    looks = RestlessLooks(by=newer(undecided=undecided))
    ledger = InMemoryLedger(looks=looks, findings=OvertakenFindings(looks=looks))

    if undecided:
        with pytest.raises(LedgerContention, match=POOL.ref.arn):
            keep(ledger, "MW999")
    else:
        assert keep(ledger, "MW999") is None


def test_what_was_kept_of_a_pool_that_went_meanwhile_is_over_because_the_pool_is_gone() -> None:
    ledger = overtaken(by=None)

    assert keep(ledger, "MW999", call=CALL) is None
    over = ledger.findings.held[key("MW999")]
    assert (over.lifecycle.state, over.lifecycle.changed_at) == (FindingState.RESOLVED, NOON)
    assert over.seen.pool_is_gone
    assert ledger.looks.last(POOL.ref) is None


def test_a_call_that_mended_it_is_told_also_where_a_newer_look_knows() -> None:
    mended = replace(CALL, event_id="e-mended")
    ledger = overtaken(by=newer())
    looks = InMemoryLooks(held=ledger.looks.held, gone=ledger.looks.gone)
    beforehand = InMemoryLedger(looks=looks, findings=InMemoryFindings(held=ledger.findings.held))
    keep(beforehand, "MW999", at=NOON - MINUTE, call=CALL)

    keep(ledger, "MW998", "MW999", call=mended)

    assert ledger.findings.held[key("MW999")].seen.cause == mended


@dataclass(slots=True, kw_only=True)
class ContendedFindings(InMemoryFindings):
    """Every change is made once in vain before it is kept, because another writer was faster."""

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        change(self.held.get(key))
        return InMemoryFindings.update(self, key, change)


@pytest.mark.parametrize("step", ["found", "not found"])
def test_a_change_that_is_made_twice_comes_to_the_same(step: str) -> None:
    def act(ledger: InMemoryLedger) -> FindingRecord:
        keep(ledger, "MW999")
        if step == "not found":
            keep(ledger, at=NOON + MINUTE)
        return ledger.findings.held[key("MW999")]

    assert act(InMemoryLedger(findings=ContendedFindings())) == act(InMemoryLedger())
