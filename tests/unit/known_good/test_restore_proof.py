"""What is still asked just before a lost sender is restored, and what each answer leads to; whole values."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.known_good.evidence import Unproven
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import EmailConfiguration, Unreadable
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.repair.decision import Repair
from mailwarden.message import Message, message, verbatim
from mailwarden.service.repair.restore_proof import RestoreProof, blamed_for
from tests.builders import NOON, developer, identity, identity_ref, mail_path, pool, unread
from tests.fakes.deployment import cause
from tests.fakes.past_calls import InMemoryPastCalls
from tests.unit.decisions.test_decision import finding

LOST = developer(identity_ref())
RESET = pool()
FOUND_AT = NOON - timedelta(hours=2)
CULPRIT = replace(cause(event_id="e-reset"), email=EmailWord.ABSENT)
SHOWN = PastCall(event_id="e-reset", at=NOON, email=EmailWord.ABSENT)
SETTLE, WAIT = timedelta(seconds=30), timedelta(minutes=15)
WHOLE = NOON + WAIT
"""From then on the history counts as whole."""
DENIED = unread("cloudtrail:LookupEvents")
THROTTLED = replace(DENIED, transient=True)
UNSAFE = verbatim("would lose mail")


def known(*calls: Cause, found_at: datetime | None = FOUND_AT, email: EmailConfiguration = LOST) -> KnownGood:
    return KnownGood(
        email=email,
        standing=Standing.HELD,
        since=NOON - timedelta(days=9),
        modified=NOON - timedelta(days=8),
        calls=calls,
        found_at=found_at,
    )


def path(expected: KnownGood | None) -> MailPath:
    """The path of a pool that has the plain default sender, and was expected to have this one."""
    seen = mail_path(RESET, identity())
    return replace(seen, ledger_facts=replace(seen.ledger_facts, known_good=expected))


def repair(*, rule_id: str = "MW108", not_safe: Message | None = None) -> Repair:
    change = ReplaceEmailConfiguration(pool=RESET.ref, before=RESET.email, after=LOST)
    applicability = Applicability.SAFE if not_safe is None else Applicability.UNSAFE
    fix = Fix(title=verbatim("Restore"), applicability=applicability, change=change, not_safe=not_safe)
    return Repair(finding=replace(finding(fix), rule_id=rule_id), fix=fix)


def waits(at: str, again_after: timedelta) -> Unproven:
    return Unproven(reason=message("evidence.waits", at=at), again_after=again_after)


EXPECTED, RESTORE = known(CULPRIT), repair()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One state of the evidence; by default an accident that everything proves."""

    wanted: Unproven | None
    expected: KnownGood | None = EXPECTED
    repair: Repair = RESTORE
    history: tuple[PastCall, ...] = (SHOWN,)
    refusal: Unreadable | None = None
    at: datetime = WHOLE
    settle: timedelta = SETTLE
    asked_since: datetime | None = None


def no(id_: str, **args: str | int | Message) -> Unproven:
    return Unproven(reason=message(id_, **args))


ASKED = FOUND_AT - timedelta(minutes=1)
SECOND = replace(CULPRIT, event_id="e-second")
CHOSEN = PastCall(event_id="e-chosen", at=NOON - timedelta(minutes=1), email=EmailWord.DEFAULT)
CASES = {
    "the repair of another rule needs no proof": Case(wanted=None, repair=repair(rule_id="MW201"), expected=None),
    "nothing was expected": Case(wanted=no("evidence.no-call"), expected=None),
    "the expected one is live": Case(wanted=no("evidence.no-call"), expected=known(CULPRIT, email=RESET.email)),
    "the fix is not safe": Case(wanted=Unproven(reason=UNSAFE), repair=repair(not_safe=UNSAFE)),
    "no call was received": Case(wanted=no("evidence.no-call"), expected=known()),
    "two calls were received": Case(wanted=no("evidence.several-calls", number=2), expected=known(CULPRIT, SECOND)),
    "a day has passed": Case(wanted=None, at=NOON + timedelta(days=1), asked_since=ASKED),
    "more than a day has passed": Case(
        wanted=no("evidence.too-late", hours=24), at=NOON + timedelta(days=1, microseconds=1)
    ),
    "the history may be short of a choice": Case(
        wanted=waits("2026-03-02 12:16 UTC", timedelta(minutes=5)), at=NOON + timedelta(minutes=10)
    ),
    "the history is short of nothing any more": Case(wanted=None, at=WHOLE, asked_since=ASKED),
    "it was found too long ago": Case(
        wanted=no("evidence.too-old", days=90),
        expected=replace(known(CULPRIT, found_at=None), modified=WHOLE - timedelta(days=90) + timedelta(seconds=5)),
    ),
    "it was found nearly too long ago": Case(
        wanted=None,
        expected=replace(
            known(CULPRIT, found_at=None), modified=WHOLE - timedelta(days=90) + timedelta(seconds=5, microseconds=1)
        ),
        asked_since=WHOLE - timedelta(days=90) + timedelta(microseconds=1),
    ),
    "the history confirms it": Case(wanted=None, asked_since=ASKED),
    "the history has a choice, too": Case(
        wanted=no("evidence.several-calls", number=2), history=(CHOSEN, SHOWN), asked_since=ASKED
    ),
    "the history does not show it yet": Case(
        wanted=waits("2026-03-02 12:19 UTC", timedelta(minutes=3)), history=(), asked_since=ASKED
    ),
    "the history does not show it yet, and nothing settles": Case(
        wanted=waits("2026-03-02 12:16 UTC", timedelta(seconds=2)),
        history=(),
        settle=timedelta(0),
        asked_since=ASKED,
    ),
    "the history is throttled": Case(
        wanted=waits("2026-03-02 12:19 UTC", timedelta(minutes=3)), refusal=THROTTLED, asked_since=ASKED
    ),
    "the history is refused": Case(
        wanted=no("evidence.unreadable", refusal=DENIED.message), refusal=DENIED, asked_since=ASKED
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_state_of_the_evidence_has_its_answer(name: str) -> None:
    case = CASES[name]
    history = InMemoryPastCalls(held={RESET.ref: list(case.history)}, refusal=case.refusal)
    proof = RestoreProof(past_calls=history, settle=case.settle, wait=WAIT)

    doubt = proof.doubt(path(case.expected), case.repair, at=case.at)

    assert doubt == case.wanted
    assert history.asked == ([] if case.asked_since is None else [(RESET.ref, case.asked_since, case.at)])


def test_the_call_that_reset_the_sender_is_blamed_for_a_restore_and_for_nothing_else() -> None:
    reset, hint = path(known(CULPRIT)), replace(cause("TagResource", event_id="e-tag"), at=WHOLE)

    assert blamed_for(reset, repair(), hint) == folded(hint, CULPRIT)
    assert blamed_for(reset, repair(), None) == CULPRIT
    assert blamed_for(reset, repair(rule_id="MW201"), hint) == hint
    assert blamed_for(path(None), repair(), hint) == hint
    assert blamed_for(path(known(CULPRIT, SECOND)), repair(), hint) == hint
