"""The lifecycle of a finding, as its tables say it: every combination of a record and what happens to it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation, clear, observe
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import Cause
from mailwarden.message import verbatim
from tests.builders import NOON
from tests.fakes.records import changed, record_of
from tests.tables import Table, combinations, table
from tests.unit.decisions.records import (
    PATIENCE,
    SECOND,
    THIS,
    TIMES,
    VERDICT,
    WORDS,
    call,
    observation,
    record,
)

FINDS = table("lifecycle", "A look finds it")
RETELLS = table("lifecycle", "Whether the look may retell it")
KEEPS = table("lifecycle", "What is kept of what was done, where it is retold")
TELLS = table("lifecycle", "When it is told, where it is retold")
STATE = table("lifecycle", "Its state, while pools are affected")
CLEARS = table("lifecycle", "A look no longer finds it")
DID = ("withheld", "withheld by an order", "pending", "writing", "written", "failed")
CHANGED = ("worse", "other effect")


def idle(*tables: Table) -> list[object]:
    return [row for each in tables for row in each.idle]


def silenced(of: FindingRecord) -> FindingRecord:
    return changed(of, announced=dict.fromkeys(CHANNELS, of.lifecycle.version))


def looks() -> Iterator[dict[str, str]]:
    """Every record and look that go together."""
    for case in combinations(
        record=("none", "open", "exempt", "repaired", "resolved"),
        did=DID,
        look=("earlier", "same time", "later"),
        pools=("this", "this first", "this last", "another", "nobody"),
        silent=("nobody", "this", "other", "everybody"),
        word=tuple(WORDS),
        now=("withheld", "pending", "written", "muted"),
        due=("yes", "no"),
    ):
        over = case["record"] in {"none", "repaired", "resolved"}
        both = case["pools"] in {"this first", "this last"}
        if over != (case["pools"] == "nobody") or (case["record"] == "exempt") != (case["silent"] == "everybody"):
            continue
        if case["silent"] in {"nobody", "everybody"} or both:
            yield case


def opened(current: FindingRecord | None, of: Observation) -> FindingRecord:
    """The record of a finding that is seen for the first time, or again after it was over."""
    finding, handled = of.finding, of.handled
    version = 1 if current is None else current.lifecycle.version + 1
    new = record_of(
        subject=finding.subject,
        rule_id="MW302",
        rule_name="identity-not-verified",
        link=Link.IDENTITY,
        severity=finding.severity,
        effect=finding.effect,
        state=FindingState.EXEMPT if handled.exempt else FindingState.OPEN,
        version=version,
        opened_version=version,
        revision=1 if current is None else current.lifecycle.revision + 1,
        message=verbatim("new message"),
        why=verbatim("new why"),
        remediation=verbatim("new remediation"),
        evidence={"new": "evidence"},
        unknown_reason=verbatim("new doubt"),
        affected={THIS.arn: of.at},
        exempt=frozenset({THIS.arn}) if handled.exempt else frozenset(),
        pool=THIS,
        pool_name="new name",
        verdict=Answer.NO,
        deciding=Link.IDENTITY,
        handling=handled.handling,
        reason=handled.reason,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        cause=of.cause,
        opened_at=of.at,
        changed_at=of.at,
        looked_at=of.at,
        announce_after=of.at + handled.patience,
        announced={} if current is None else current.lifecycle.announced,
    )
    return silenced(new) if handled.exempt else new


def retold(case: Mapping[str, str], current: FindingRecord, of: Observation) -> FindingRecord:
    handled, news = of.handled, case["word"] in CHANGED
    done = handled
    if KEEPS.decide(case)["keeps"] == "what was done":
        done = Handled(
            handling=current.write.handling,
            reason=current.write.reason,
            proposed=current.write.proposed or handled.proposed,
            undo_id=current.write.undo_id,
            by_order=current.write.by_order,
        )
    told = {
        "when the outcome is due": max(
            current.lifecycle.announce_after, current.lifecycle.opened_at + handled.patience
        ),
        "at once": of.at,
        "at once, or earlier": min(current.lifecycle.announce_after, of.at),
    }
    return changed(
        current,
        severity=of.finding.severity,
        effect=of.finding.effect,
        version=current.lifecycle.version + news,
        message=verbatim("new message"),
        why=verbatim("new why"),
        remediation=verbatim("new remediation"),
        evidence={"new": "evidence"},
        unknown_reason=verbatim("new doubt"),
        pool=THIS,
        pool_name="new name",
        verdict=Answer.NO,
        deciding=Link.IDENTITY,
        handling=done.handling,
        reason=done.reason,
        undo_id=done.undo_id,
        by_order=done.by_order,
        proposed=done.proposed,
        changed_at=of.at if news else current.lifecycle.changed_at,
        looked_at=of.at if news else current.lifecycle.looked_at,
        announce_after=told[TELLS.decide({**case, "handling": done.handling.value})["told"]],
    )


def settled(case: Mapping[str, str], current: FindingRecord, updated: FindingRecord, of: Observation) -> FindingRecord:
    others = current.lifecycle.affected.keys() - {THIS.arn}
    said = "none" if not others else "silence" if others <= current.lifecycle.exempt else "nothing"
    outcome = STATE.decide({**case, "others": said})
    updated = changed(updated, state=FindingState(outcome["state"]))
    match outcome["announce"]:
        case "never":
            return silenced(updated)
        case "as new":
            return changed(updated, version=4, opened_version=4, announce_after=of.at)
        case _:
            return updated


def seen(case: Mapping[str, str], current: FindingRecord, of: Observation) -> FindingRecord | None:
    """The record after a look at a pool while the finding is not over."""
    updated = retold(case, current, of) if RETELLS.decide(case)["retold"] == "yes" else current
    silent = current.lifecycle.exempt - {THIS.arn} | ({THIS.arn} if case["now"] == "muted" else set())
    affected = (
        current.lifecycle.affected
        if THIS.arn in current.lifecycle.affected
        else {**current.lifecycle.affected, THIS.arn: of.at}
    )
    updated = settled(case, current, changed(updated, affected=affected, exempt=silent), of)
    return None if updated == current else changed(updated, revision=8)


def test_every_look_that_finds_it_is_recorded_as_the_tables_say() -> None:
    for case in looks():
        current = None if case["record"] == "none" else record(case)
        of = observation(case)

        found = observe(current, of)

        expected: FindingRecord | None
        match FINDS.decide(case)["record is"]:
            case "opened":
                expected = opened(current, of)
            case "updated":
                assert current is not None
                expected = seen(case, current, of)
            case _:
                expected = None
        assert found == expected, case
    assert idle(FINDS, RETELLS, KEEPS, TELLS, STATE) == []


def test_a_second_look_that_says_the_same_changes_nothing() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this", "word": "same", "now": "withheld", "look": "later"}
    first = observe(record(case), observation(case))
    assert first is not None

    assert observe(first, replace(observation(case), at=NOON + 60 * SECOND)) is None


def test_every_look_that_no_longer_finds_it_is_recorded_as_the_table_says() -> None:
    for case in combinations(
        record=("open", "exempt", "repaired", "resolved"),
        did=DID,
        pools=("this", "both", "another"),
        silent=("nobody", "this", "other", "everybody"),
        look=("earlier", "same time", "later"),
        told=("yes", "no"),
        due=("yes", "just now", "no"),
        verdict=("known", "unknown"),
        call=("known", "unknown"),
    ):
        if (case["record"] == "exempt") != (case["silent"] == "everybody") or (
            case["silent"] in {"this", "other"} and case["pools"] != "both"
        ):
            continue
        current, at = record(case), TIMES[case["look"]]
        cause = call("mended", seconds=1) if case["call"] == "known" else None

        after = clear(current, THIS, VERDICT if case["verdict"] == "known" else None, cause=cause, at=at)

        outcome = CLEARS.decide(case)
        assert after == cleared(case, current, outcome, cause), case
    assert idle(CLEARS) == []


def cleared(
    case: Mapping[str, str], current: FindingRecord, outcome: Mapping[str, str], cause: Cause | None
) -> FindingRecord | None:
    at = TIMES[case["look"]]
    others = {arn: seen_at for arn, seen_at in current.lifecycle.affected.items() if arn != THIS.arn}
    fewer = changed(current, affected=others, exempt=current.lifecycle.exempt - {THIS.arn}, revision=8)
    match outcome["record is"]:
        case "left alone":
            return None
        case "updated":
            if not others.keys() <= current.lifecycle.exempt:
                return fewer
            exempt = changed(fewer, state=FindingState.EXEMPT)
            if case["told"] == "no":
                return silenced(exempt)
            return changed(exempt, version=4, announce_after=at) if case["record"] == "open" else exempt
        case state:
            ours = case["did"] in {"writing", "written"}
            over = changed(
                fewer,
                state=FindingState(state),
                version=4,
                pool=THIS if case["verdict"] == "known" else current.seen.pool,
                pool_name="" if case["verdict"] == "known" else current.seen.pool_name,
                verdict=Answer.NO if case["verdict"] == "known" else current.seen.verdict,
                deciding=Link.IDENTITY if case["verdict"] == "known" else current.seen.deciding,
                cause=current.seen.cause if ours or cause is None else cause,
                changed_at=at,
                looked_at=at,
                announce_after=at + timedelta(minutes=15) if case["did"] == "writing" else at,
            )
            return silenced(over) if outcome["announce"] == "never" else over


def test_what_is_over_is_not_older_than_the_last_look_that_found_it() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this"}
    looked_at = NOON + 60 * SECOND

    over = clear(changed(record(case), looked_at=looked_at), THIS, VERDICT, cause=None, at=NOON)

    assert over is not None
    assert over.lifecycle.looked_at == looked_at


def test_one_channel_is_enough_to_have_told_it() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this"}
    told_in_chat = changed(record(case), announced={"topic": 1, "chat": 2})

    over = clear(told_in_chat, THIS, VERDICT, cause=None, at=NOON)

    assert over is not None
    assert over.lifecycle.announced == told_in_chat.lifecycle.announced


def test_the_patience_of_an_order_counts_from_the_opening() -> None:
    case = {"record": "open", "did": "pending", "pools": "this", "word": "same", "now": "pending", "look": "later"}

    found = observe(record(case), observation(case))

    assert found is not None
    assert found.lifecycle.announce_after == NOON + PATIENCE
