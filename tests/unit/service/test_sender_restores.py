"""A lost sender is restored by itself where the records prove an accident; in every other case it is reported."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.operator.undo import UndoCarriedOut
from mailwarden.domain.readings import EmailConfiguration, Identity, Unreadable
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.ports.repair.stacks import Owned
from tests.builders import configuration_set, developer
from tests.fakes.deployment import Deployment, cause
from tests.fakes.past_calls import InMemoryPastCalls
from tests.texts import english
from tests.unit.operator.repaired import undo
from tests.unit.operator.senders import ADDRESS, SHOP, live, shop

PLAIN = EmailConfiguration()
CULPRIT = "e-accident"
CLOUDFORMATION = "cloudformation.amazonaws.com"


def update(mailwarden: Deployment, email: EmailConfiguration, word: EmailWord, *, event_id: str, agent: str) -> None:
    """A call that carries out what it says, its record in the history, and its event."""
    mailwarden.clock.pass_by(minutes=10)
    at = mailwarden.clock.now()
    mailwarden.hold(replace(live(mailwarden), email=email, last_modified=at))
    call = replace(cause(event_id=event_id, at=at.replace(microsecond=0)), email=word, user_agent=agent)
    sets = None if word in {EmailWord.ABSENT, EmailWord.HIDDEN, EmailWord.NAMED} else email
    past = PastCall(event_id=event_id, at=call.at, email=word, sets=sets)
    mailwarden.past_calls.held.setdefault(SHOP.ref, []).append(past)
    mailwarden.clock.pass_by(seconds=3)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=call))


def accident(*, mode: RepairMode = RepairMode.SAFE, learned: bool = True, agent: str = "aws-cli/2.15.0") -> Deployment:
    """A pool whose sender was set by a call that names it, found good, and reset by a call that does not."""
    mailwarden = shop()
    mailwarden.mode = mode
    sender = live(mailwarden).email
    word = EmailWord.IDENTITY if learned else EmailWord.HIDDEN
    update(mailwarden, sender, word, event_id="e-set", agent="aws-cli/2.15.0")
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    update(mailwarden, PLAIN, EmailWord.ABSENT, event_id=CULPRIT, agent=agent)
    return mailwarden


def wait_for_the_history(mailwarden: Deployment) -> None:
    """The order puts the restore off until the history of CloudTrail counts as whole; then it comes again."""
    mailwarden.repair()
    mailwarden.clock.at += mailwarden.restore_after
    mailwarden.inspect(*mailwarden.hints.take_all())
    mailwarden.repair()


def found(mailwarden: Deployment) -> FindingRecord:
    return mailwarden.finding("MW108", SHOP.ref.arn)


def reason(mailwarden: Deployment) -> str:
    withheld = found(mailwarden).write.reason
    return "" if withheld is None else withheld.id


def test_a_proved_accident_is_restored_journaled_and_told_with_its_author() -> None:
    mailwarden = accident()
    before = live(mailwarden).email

    wait_for_the_history(mailwarden)

    (change,) = mailwarden.written
    assert change == ReplaceEmailConfiguration(pool=SHOP.ref, before=before, after=SHOP.email)
    assert live(mailwarden) == replace(SHOP, last_modified=live(mailwarden).last_modified)
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "repaired")]
    assert len(mailwarden.past_calls.asked) == 1
    assert "alice" in english(found(mailwarden).finding.evidence["changed_by"])
    entry = mailwarden.journal.entry(found(mailwarden).write.undo_id or "")
    assert entry is not None
    assert entry.intention.cause is not None
    assert entry.intention.cause.event_id == CULPRIT


def test_a_chosen_sender_is_held_after_the_settle_time_without_a_sweep() -> None:
    mailwarden = shop()
    update(mailwarden, live(mailwarden).email, EmailWord.IDENTITY, event_id="e-set", agent="aws-cli/2.15.0")

    (delayed,) = mailwarden.hints.waiting
    mailwarden.clock.at += delayed.delay
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert delayed.delay < timedelta(minutes=1)
    assert mailwarden.hints.waiting == []
    update(mailwarden, PLAIN, EmailWord.ABSENT, event_id=CULPRIT, agent="aws-cli/2.15.0")
    wait_for_the_history(mailwarden)
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "repaired")]


def test_an_undone_restore_is_left_alone() -> None:
    mailwarden = accident()
    wait_for_the_history(mailwarden)

    undone = undo(mailwarden, found(mailwarden).write.undo_id or "")
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))

    assert isinstance(undone, UndoCarriedOut)
    assert live(mailwarden).email == PLAIN
    assert len(mailwarden.written) == 2


def test_until_the_history_shows_the_call_it_is_reported_and_then_restored() -> None:
    mailwarden = accident()
    mailwarden.past_calls.shown_at[CULPRIT] = mailwarden.clock.now() + timedelta(minutes=18)

    wait_for_the_history(mailwarden)
    assert mailwarden.written == []
    assert mailwarden.told() == [("MW108", "open")]
    assert reason(mailwarden) == "evidence.waits"
    for _ in range(4):
        mailwarden.clock.pass_by(minutes=2)
        mailwarden.settle_down(*mailwarden.hints.take_all())

    assert live(mailwarden).email == SHOP.email
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "repaired")]


def test_the_look_that_follows_comes_when_the_history_is_whole() -> None:
    mailwarden = accident()
    mailwarden.hints.take_all()

    mailwarden.repair()

    (waiting,) = mailwarden.hints.waiting
    assert timedelta(minutes=14) < waiting.delay < mailwarden.restore_after


def test_a_call_that_never_appears_ends_the_waiting() -> None:
    mailwarden = accident()
    mailwarden.past_calls.held.clear()

    for _ in range(14):
        mailwarden.repair()
        mailwarden.clock.pass_by(minutes=2)
        mailwarden.inspect(*mailwarden.hints.take_all())

    assert mailwarden.written == []
    assert reason(mailwarden) == "evidence.never-shown"
    assert len(mailwarden.past_calls.asked) < 12
    # Once with the reason that may pass, once with the one that stays.
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "open")]


def another_call(history: InMemoryPastCalls) -> None:
    """Somebody chose the default sender before, and no event of it arrived."""
    (_, culprit) = history.held[SHOP.ref]
    history.held[SHOP.ref].insert(
        1, PastCall(event_id="e-choice", at=culprit.at - timedelta(minutes=1), email=EmailWord.DEFAULT)
    )


def refused(history: InMemoryPastCalls) -> None:
    history.refusal = Unreadable(action="cloudtrail:LookupEvents", region="us-east-1", reason="AccessDenied")


def contradicts(history: InMemoryPastCalls) -> None:
    made, culprit = history.held[SHOP.ref]
    history.held[SHOP.ref] = [made, replace(culprit, email=EmailWord.DEFAULT)]


@pytest.mark.parametrize(
    ("disturb", "why"),
    [
        (another_call, "evidence.several-calls"),
        (refused, "evidence.unreadable"),
        (contradicts, "evidence.contradicted"),
    ],
)
@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.UNSAFE])
def test_what_the_history_does_not_confirm_is_reported_in_every_mode(
    disturb: Callable[[InMemoryPastCalls], None], why: str, mode: RepairMode
) -> None:
    mailwarden = accident(mode=mode)
    disturb(mailwarden.past_calls)

    wait_for_the_history(mailwarden)

    assert mailwarden.written == []
    assert (found(mailwarden).write.handling, reason(mailwarden)) == (Handling.WITHHELD, why)
    # People were told that Mailwarden would look again; they are told that it will not restore it.
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "open")]


def test_a_deployment_and_a_stack_are_left_to_their_source() -> None:
    by_tool, by_role, owned = accident(agent=CLOUDFORMATION), accident(), accident()
    by_role.deployment_roles = ("arn:aws:iam::111122223333:role/ops",)
    owned.stacks.owners[SHOP.ref] = Owned(by=verbatim("stack shop"))

    for mailwarden in (by_tool, by_role, owned):
        mailwarden.hints.take_all()
        mailwarden.repair()

        assert (mailwarden.written, found(mailwarden).write.handling) == ([], Handling.WITHHELD)
        assert reason(mailwarden).startswith("guard.")
        assert mailwarden.past_calls.asked == [], "CloudTrail is asked last"
        assert mailwarden.hints.waiting == [], "no proof is waited for"


@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.UNSAFE])
def test_before_a_record_showed_it_no_mode_restores(mode: RepairMode) -> None:
    mailwarden = accident(learned=False, mode=mode)

    mailwarden.repair()

    assert mailwarden.written == []
    assert "has shown EmailConfiguration yet" in english(found(mailwarden).finding.evidence["not_safe"])
    assert mailwarden.told() == [("MW108", "open")]


@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.UNSAFE])
def test_a_sender_that_would_lose_mail_is_not_restored(mode: RepairMode) -> None:
    mailwarden = accident(mode=mode)
    mailwarden.identities.held.clear()
    mailwarden.inspect(PoolHint(pool=SHOP.ref))

    mailwarden.repair()

    assert mailwarden.written == []
    assert found(mailwarden).lifecycle.state is FindingState.OPEN


def test_an_exempt_identity_and_repair_mode_off_are_respected() -> None:
    off = accident(mode=RepairMode.OFF)
    exempt = accident()
    for ref, identity in exempt.identities.held.items():
        assert isinstance(identity, Identity)
        exempt.identities.held[ref] = replace(identity, tags={"mailwarden": "off"})

    off.repair()
    exempt.repair()

    assert off.written == []
    assert exempt.written == []
    assert found(off).write.proposed is not None


@pytest.mark.parametrize("word", [EmailWord.DEFAULT, EmailWord.CUSTOM_FROM, EmailWord.NAMED])
def test_a_choice_is_never_reverted(word: EmailWord) -> None:
    mailwarden = shop()
    mailwarden.mode = RepairMode.UNSAFE
    update(mailwarden, live(mailwarden).email, EmailWord.IDENTITY, event_id="e-set", agent="aws-cli/2.15.0")
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    chosen = PLAIN if word is not EmailWord.CUSTOM_FROM else replace(PLAIN, source_arn=SHOP.email.source_arn)
    update(mailwarden, chosen, word, event_id="e-choice", agent="aws-cli/2.15.0")

    mailwarden.settle_down()

    assert mailwarden.written == []
    assert live(mailwarden).email == chosen


@pytest.mark.parametrize(
    ("lost", "live_email"),
    [
        (SHOP.email, PLAIN),
        (SHOP.email, replace(PLAIN, source_arn=SHOP.email.source_arn)),
        (SHOP.email, replace(SHOP.email, reply_to=None)),
        (SHOP.email, developer(replace(ADDRESS.ref, region="ap-northeast-1"))),
        (replace(SHOP.email, configuration_set="mail"), replace(SHOP.email, reply_to=None, configuration_set="mail")),
    ],
    ids=["default sender", "custom from", "the same identity", "another region", "with a set"],
)
def test_a_look_at_a_lost_sender_reads_nothing_twice(lost: EmailConfiguration, live_email: EmailConfiguration) -> None:
    mailwarden = shop(email=lost)
    mailwarden.hold(configuration_set("mail"))
    held = (mailwarden.identities, mailwarden.accounts, mailwarden.configuration_sets)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    update(mailwarden, live_email, EmailWord.HIDDEN, event_id="e-reset", agent="aws-cli/2.15.0")
    for each in held:
        each.reads.clear()
    roles = mailwarden.role.reads

    path = mailwarden.path_reader().look(SHOP.ref, at=mailwarden.clock.now(), fresh=True)

    assert isinstance(path, MailPath)
    assert path.as_restored is not None
    for each in held:
        assert len(each.reads) == len(set(each.reads))
    assert mailwarden.identities.reads
    assert mailwarden.role.reads - roles == 1
