"""What the ledger keeps of a look, in which order, and what of it gives way to a newer one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.lifecycle import Handled
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.findings.record import Handling as HandlingKind
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState, Verdict
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import monitoring_of
from mailwarden.domain.repair.unannounced_change import mail_digest
from mailwarden.message import verbatim
from mailwarden.rules.judging import Judgment
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding, used_by
from tests.builders import (
    NOON,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    unread,
)
from tests.fakes.deployment import cause
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.looks import InMemoryLooks
from tests.tables import combinations, table

POOL = pool(email=developer(identity_ref()))
PATH = mail_path(POOL, identity())
MINUTE = timedelta(minutes=1)
TIMES = {"earlier": NOON - MINUTE, "same time": NOON, "later": NOON + MINUTE}
MONITORING = monitoring_of(POOL.ref).arn
CALL = cause("DeleteEmailIdentity", event_id="e-call")


def key(rule_id: str) -> FindingKey:
    return FindingKey(subject_arn=POOL.ref.arn, rule_id=rule_id)


def handling(rule_id: str) -> HandledFinding:
    return HandledFinding(
        finding=Finding(
            rule_id=rule_id,
            rule_name="made-up-rule",
            link=Link.IDENTITY,
            severity=Severity.HIGH,
            effect=Effect.LOST,
            subject=POOL.ref,
            message=verbatim("something is so"),
            why=verbatim("it is made up"),
            remediation=verbatim("Do nothing"),
        ),
        handled=Handled(handling=HandlingKind.WITHHELD),
    )


def judgment(*rule_ids: str, unknown: frozenset[Link] = frozenset()) -> Judgment:
    """A look that found these, and could not judge some links."""
    links = tuple((link, LinkState.UNKNOWN if link in unknown else LinkState.SOUND) for link in Link)
    verdict = Verdict(answer=Answer.NO if rule_ids else Answer.YES, deciding=Link.IDENTITY, links=links)
    return Judgment(path=PATH, findings=tuple(handling(rule_id).finding for rule_id in rule_ids), verdict=verdict)


def recorder(ledger: InMemoryLedger) -> FindingRecorder:
    return FindingRecorder(findings=ledger.findings, looks=ledger.looks, known_pools=ledger.known_pools)


def keep(
    ledger: InMemoryLedger,
    *rule_ids: str,
    at: datetime = NOON,
    call: Cause | None = None,
    unknown: frozenset[Link] = frozenset(),
) -> object:
    """Record a look that found these; what the recorder answers."""
    handlings = tuple(map(handling, rule_ids))
    return recorder(ledger).record(judgment(*rule_ids, unknown=unknown), handlings, cause=call, at=at)


def named(ledger: InMemoryLedger) -> list[str]:
    """The rules whose findings the last look names."""
    look = ledger.looks.last(POOL.ref)
    assert look is not None
    return [each.rule_id for each in look.findings]


def test_a_look_is_kept_as_it_was() -> None:
    ledger = InMemoryLedger()

    records = keep(ledger, "MW999", "MW998", call=cause())

    assert records == {key(rule_id): ledger.findings.held[key(rule_id)] for rule_id in ("MW998", "MW999")}
    assert ledger.looks.last(POOL.ref) == LookRecord(
        pool=POOL.ref,
        pool_name=POOL.name,
        looked_at=NOON,
        answer=Answer.NO,
        deciding=Link.IDENTITY,
        findings=(key("MW998"), key("MW999")),
        uses=used_by(PATH),
        changed_by=cause(),
        announced_digest=mail_digest(POOL),
    )
    assert {record.seen.pool_name for record in ledger.findings.held.values()} == {POOL.name}


def test_a_finding_that_is_not_found_ends_as_the_table_says() -> None:
    expected = table("recording", "What becomes of a finding that a look does not find")
    for case in combinations(
        **{
            "look": ("earlier", "same time", "later"),
            "link of the finding": ("unknown", "sound"),
            "finds": ("it", "no"),
        }
    ):
        ledger = InMemoryLedger()
        keep(ledger, "MW998", "MW999", at=NOON - 10 * MINUTE)
        keep(ledger, "MW998", "MW999")
        unknown = frozenset({Link.IDENTITY}) if case["link of the finding"] == "unknown" else frozenset[Link]()
        still = ["MW998"] if case["finds"] == "it" else []

        records = keep(ledger, *still, at=TIMES[case["look"]], call=CALL, unknown=unknown)

        outcome = expected.decide(case)
        record = ledger.findings.held[key("MW999")]
        earlier = case["look"] == "earlier"
        assert (records is None) == earlier, case
        assert record.lifecycle.state is FindingState(outcome["finding"]), case
        assert named(ledger) == [
            *(["MW998"] if still or outcome["named by the look"] == "yes" else []),
            *(["MW999"] if outcome["named by the look"] == "yes" else []),
        ], case
        if record.lifecycle.state is FindingState.RESOLVED:
            assert (record.seen.cause, record.seen.deciding) == (CALL, Link.IDENTITY)
            assert record.seen.verdict is (Answer.NO if still else Answer.YES)
    assert expected.idle == []


def test_a_finding_that_the_ledger_lost_is_no_longer_named() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")
    del ledger.findings.held[key("MW999")]

    keep(ledger, at=NOON + MINUTE)

    assert named(ledger) == []


class Died(Exception):
    """The function's time is over."""


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
class CountingLooks(InMemoryLooks):
    """Remembers which looks were put."""

    seen: list[LookRecord] = field(default_factory=list)

    def put(self, look: LookRecord) -> bool:
        self.seen.append(look)
        return InMemoryLooks.put(self, look)


def test_a_look_that_finds_nothing_new_is_put_once() -> None:
    looks = CountingLooks()
    ledger = InMemoryLedger(looks=looks)
    keep(ledger, "MW998", "MW999")
    first = len(looks.seen)

    keep(ledger, "MW998", "MW999", at=NOON + MINUTE)
    keep(ledger, "MW998", at=NOON + 2 * MINUTE)

    assert first == 2
    assert len(looks.seen) == first + 2


def newer(*rule_ids: str, at: datetime = NOON + MINUTE) -> LookRecord:
    return LookRecord(
        pool=POOL.ref,
        pool_name=POOL.name,
        looked_at=at,
        answer=Answer.YES,
        deciding=None,
        findings=tuple(map(key, rule_ids)),
        uses=(),
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


def test_a_look_that_a_newer_one_overtakes_before_it_keeps_anything_leaves_no_trace() -> None:
    ledger = InMemoryLedger()
    ledger.looks.put(newer())

    assert keep(ledger, "MW999") is None
    assert ledger.findings.held == {}
    assert ledger.looks.last(POOL.ref) == newer()


def test_what_a_newer_look_did_not_find_is_over_although_it_was_kept_later() -> None:
    ledger = overtaken(by=newer("MW998"))

    assert keep(ledger, "MW998", "MW999", call=CALL) is None
    kept, over = ledger.findings.held[key("MW998")], ledger.findings.held[key("MW999")]
    assert kept.lifecycle.state is FindingState.OPEN
    assert (over.lifecycle.state, over.lifecycle.changed_at, over.seen.cause) == (
        FindingState.RESOLVED,
        NOON + MINUTE,
        CALL,
    )
    assert ledger.looks.last(POOL.ref) == newer("MW998")


def test_what_was_kept_of_a_pool_that_went_meanwhile_is_over() -> None:
    ledger = overtaken(by=None)

    assert keep(ledger, "MW999", call=CALL) is None
    over = ledger.findings.held[key("MW999")]
    assert (over.lifecycle.state, over.lifecycle.changed_at) == (FindingState.RESOLVED, NOON)
    assert ledger.looks.last(POOL.ref) is None


def test_a_call_that_mended_it_is_told_also_where_a_newer_look_knows() -> None:
    mended = replace(CALL, event_id="e-mended")
    ledger = overtaken(by=newer())
    looks = InMemoryLooks(held=ledger.looks.held, gone=ledger.looks.gone)
    beforehand = InMemoryLedger(looks=looks, findings=InMemoryFindings(held=ledger.findings.held))
    keep(beforehand, "MW999", at=NOON - MINUTE, call=CALL)

    keep(ledger, "MW998", "MW999", call=mended)

    assert ledger.findings.held[key("MW999")].seen.cause == mended


def test_a_pool_that_could_not_be_read_is_not_said_to_send_and_keeps_its_findings() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")
    known = ledger.looks.last(POOL.ref)
    assert known is not None

    recorder(ledger).unreadable(POOL.ref, at=NOON + MINUTE)

    assert ledger.looks.last(POOL.ref) == replace(
        known, looked_at=NOON + MINUTE, answer=Answer.UNKNOWN, deciding=Link.SENDER
    )
    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN


def test_a_pool_that_could_never_be_read_is_found_by_the_monitoring_of_its_region() -> None:
    ledger = InMemoryLedger()

    recorder(ledger).unreadable(POOL.ref, at=NOON)

    assert ledger.looks.last(POOL.ref) == LookRecord(
        pool=POOL.ref,
        pool_name="",
        looked_at=NOON,
        answer=Answer.UNKNOWN,
        deciding=Link.SENDER,
        findings=(),
        uses=(MONITORING,),
    )


@pytest.mark.parametrize("look", ["earlier", "same time", "later"])
def test_a_pool_that_is_gone_is_forgotten_unless_a_later_look_found_it(look: str) -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")

    recorder(ledger).forget(POOL.ref, cause=CALL, at=TIMES[look])

    record = ledger.findings.held[key("MW999")]
    if look == "earlier":
        assert record.lifecycle.state is FindingState.OPEN
        assert ledger.looks.last(POOL.ref) is not None
    else:
        assert (record.lifecycle.state, record.seen.cause) == (FindingState.RESOLVED, CALL)
        assert ledger.looks.last(POOL.ref) is None


def test_an_earlier_deletion_ends_no_finding_of_before() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999", at=NOON - 10 * MINUTE)
    keep(ledger, "MW999")

    recorder(ledger).forget(POOL.ref, cause=CALL, at=NOON - MINUTE)

    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN


def test_a_pool_that_nobody_knows_is_remembered_as_gone() -> None:
    ledger = InMemoryLedger()

    recorder(ledger).forget(POOL.ref, cause=None, at=NOON)

    assert ledger.looks.gone == {POOL.ref: NOON}


@dataclass(slots=True, kw_only=True)
class ContendedFindings(InMemoryFindings):
    """Every change is made once in vain before it is kept, because another writer was faster."""

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        change(self.held.get(key))
        return InMemoryFindings.update(self, key, change)


@pytest.mark.parametrize("step", ["found", "not found", "written"])
def test_a_change_that_is_made_twice_comes_to_the_same(step: str) -> None:
    def act(ledger: InMemoryLedger) -> FindingRecord:
        keep(ledger, "MW999")
        if step == "written":
            handled = Handled(handling=HandlingKind.WRITTEN, undo_id="undo")
            recorder(ledger).record_write(key("MW999"), handled, at=NOON)
        elif step == "not found":
            keep(ledger, at=NOON + MINUTE)
        return ledger.findings.held[key("MW999")]

    assert act(InMemoryLedger(findings=ContendedFindings())) == act(InMemoryLedger())


def test_a_write_that_concerns_no_known_finding_is_noted_nowhere() -> None:
    ledger = InMemoryLedger()

    recorder(ledger).record_write(key("MW999"), Handled(handling=HandlingKind.WRITTEN), at=NOON)

    assert ledger.findings.held == {}


def test_the_last_writer_of_a_pool_is_kept_as_the_table_says() -> None:
    expected = table("recording", "Who wrote the pool last")
    calls: dict[str, Cause | None] = {
        "none": None,
        "of something else": cause("TagResource", event_id="e-else", at=NOON + MINUTE),
        "ours": replace(cause(event_id="e-ours", at=NOON + MINUTE), user_agent=f"Boto3 {OUR_USER_AGENT}1.0"),
        "earlier": cause(event_id="e-earlier", at=NOON - MINUTE),
        "same time": cause("CreateUserPool", event_id="e-same", at=NOON),
        "later": cause(event_id="e-later", at=NOON + MINUTE),
        "at noon": cause(event_id="e-noon"),
    }
    for case in combinations(
        call=("none", "of something else", "ours", "earlier", "same time", "later"), known=("none", "later", "at noon")
    ):
        ledger = InMemoryLedger()
        keep(ledger, at=NOON)
        ledger.looks.held[POOL.ref] = replace(ledger.looks.held[POOL.ref], changed_by=calls[case["known"]])
        facts = {**case, "known": "later"} if case["known"] == "at noon" else case
        if case["known"] == "later" and case["call"] == "same time":
            facts = {**case, "call": "earlier"}

        keep(ledger, at=NOON + MINUTE, call=calls[case["call"]])

        look = ledger.looks.last(POOL.ref)
        assert look is not None
        assert look.changed_by == calls[case[expected.decide(facts)["kept"]]], case
    assert expected.idle == []


@pytest.mark.parametrize(
    ("email", "also"),
    [
        (developer(identity_ref()), ["sender/support@example.com/support@example.com"]),
        (
            developer(identity_ref(), configuration_set="mail"),
            [
                "sender/support@example.com/support@example.com",
                "sender/support@example.com/support@example.com#mail",
                "configuration-set/mail",
            ],
        ),
        (replace(developer(identity_ref()), from_address="not an address"), []),
        (replace(developer(identity_ref()), from_address="한글@example.com"), []),
        (custom_from(identity_ref()), []),
    ],
    ids=["an address", "through a set", "no address", "an address SES would not take", "the default sender"],
)
def test_a_look_leads_back_from_everything_the_mail_uses(email: EmailConfiguration, also: list[str]) -> None:
    path = mail_path(replace(POOL, email=email), identity())

    ours = [arn for arn in used_by(path) if ":sender/" in arn or "configuration-set/" in arn]

    assert [arn.split(":", 5)[5] for arn in ours] == also
    assert {identity_ref().arn, MONITORING} <= set(used_by(path))


def test_the_set_of_an_identity_that_cannot_be_read_is_not_known() -> None:
    path = mail_path(POOL, unreadable={identity_ref(): unread("ses:GetEmailIdentity")})

    senders = [arn for arn in used_by(path) if ":sender/" in arn]

    assert [arn.split(":", 5)[5] for arn in senders] == ["sender/support@example.com/support@example.com"]
