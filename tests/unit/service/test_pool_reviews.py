"""A look for a repair: what it reads, what it decides, and what it records."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.repair.change_documents import proposed_write
from mailwarden.domain.repair.decision import Repair
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.service.repair.pool_review import DueRepair, PoolReview
from tests.builders import ACCOUNT, NOON, identity_ref, unread
from tests.fakes.deployment import Deployment
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.service.standing import DENIED, LATER, A, ordered, wrote

LATE = NOON + timedelta(minutes=1)
UNDONE = UndoneRepair(undo_id="u-1", at=NOON, resource="another", rules=("MW201",))


def reviewed(mailwarden: Deployment) -> PoolReview:
    review = mailwarden.reviewer().review(A, at=LATE, fresh=True, cause=LATER)
    assert isinstance(review, PoolReview)
    return review


def test_a_review_finds_what_is_due_by_rule_and_by_resource() -> None:
    mailwarden, _ = ordered("A")

    review = reviewed(mailwarden)

    due = review.due_by("MW401")
    assert due is not None
    repair = next(each for each in review.decisions if isinstance(each, Repair))
    assert due == DueRepair(path=review.judgment.path, repair=repair)
    assert (due.pool, due.key) == (A, repair.finding.key)
    assert review.due_on(OREGON.arn) == due
    assert (review.due_by("MW201"), review.due_on(identity_ref().arn)) == (None, None)
    assert review.has_due
    assert review.at == LATE
    mailwarden.ledger.stop_switch.stop(by="alice", now=NOON)
    stopped = mailwarden.reviewer().decided_now(review)
    assert (stopped.has_due, stopped.judgment, stopped.at) == (False, review.judgment, LATE)


def test_a_pool_that_is_known_is_not_read_again() -> None:
    mailwarden, _ = ordered("A")
    mailwarden.pools.asked.clear()
    mailwarden.identities.fresh_reads = 0

    known = replace(seoul("A"), name="known")
    review = mailwarden.reviewer().review(A, at=LATE, fresh=False, known=known)

    assert isinstance(review, PoolReview)
    assert review.judgment.path.pool == known
    assert (mailwarden.pools.asked, mailwarden.identities.fresh_reads) == ([], 0)


@pytest.mark.parametrize("reading", [DENIED, Missing(arn=A.arn)])
def test_a_pool_that_cannot_be_read_is_not_judged(reading: Unreadable | Missing) -> None:
    mailwarden, _ = ordered("A")
    mailwarden.pools.held[A] = reading

    assert mailwarden.reviewer().review(A, at=LATE, fresh=True) == reading


def test_severities_of_the_settings_count() -> None:
    mailwarden, _ = ordered("A")
    mailwarden.severities = {"MW401": Severity.LOW}

    severities = {each.rule_id: each.severity for each in reviewed(mailwarden).judgment.findings}

    assert severities["MW401"] is Severity.LOW


@pytest.mark.parametrize(
    ("change", "reads"),
    [
        (GrantSending(identity=OREGON, pools=(A,), before={}, after={}), (1, 0)),
        (CreateServiceLinkedRole(partition="aws", account=ACCOUNT), (0, 1)),
        (ReplaceEmailConfiguration(pool=A, before=seoul("A").email, after=seoul("A").email), (0, 0)),
    ],
)
def test_what_was_written_is_read_past_the_cache(change: Change, reads: tuple[int, int]) -> None:
    mailwarden = Deployment()
    mailwarden.hold(OPENED)

    assert mailwarden.reviewer().read_again(change) is None
    assert (mailwarden.identities.fresh_reads, mailwarden.role.fresh_reads) == reads
    denied = unread("ses:GetEmailIdentity")
    mailwarden.identities.held[OREGON] = denied
    assert mailwarden.reviewer().read_again(change) == (denied if reads == (1, 0) else None)


def test_what_is_recorded_is_planned_or_what_was_done() -> None:
    mailwarden, _ = ordered("A")
    review = reviewed(mailwarden)
    due = review.due_by("MW401")
    assert due is not None
    proposed = proposed_write(due.repair.fix)
    tried = Handled(handling=Handling.FAILED, reason=verbatim("refused"))

    assert mailwarden.reviewer().record(review, cause=LATER, handled={"MW401": tried, "MW201": tried})

    assert wrote(mailwarden) == LastWrite(handling=Handling.FAILED, reason=verbatim("refused"), proposed=proposed)
    look = mailwarden.ledger.looks.held[A]
    assert (look.looked_at, look.changed_by, look.undone) == (LATE, LATER, ())
    other = replace(proposed, resource="other")
    later = replace(review, at=LATE + timedelta(seconds=1))
    mailwarden.reviewer().record(later, cause=None, handled={"MW401": replace(tried, proposed=other)})
    assert wrote(mailwarden).proposed == other
    assert not mailwarden.reviewer().record(review, cause=None), "a newer look is known"


def test_a_look_of_a_repair_keeps_what_would_have_been_written() -> None:
    mailwarden, _ = ordered("A")
    mailwarden.mode = RepairMode.OFF

    assert mailwarden.reviewer().record(reviewed(mailwarden), cause=None)

    assert [case.rule_id for case in mailwarden.ledger.looks.held[A].shadow] == ["MW401"]


def test_a_look_remembers_what_it_is_told_to() -> None:
    mailwarden, _ = ordered("A")

    mailwarden.reviewer().record(reviewed(mailwarden), cause=None, remember=lambda known: (*known, UNDONE))

    assert mailwarden.ledger.looks.held[A].undone == (UNDONE,)
    at = LATE + timedelta(minutes=1)
    assert mailwarden.reviewer().unreadable(A, at=at, remember=lambda known: known * 2)
    look = mailwarden.ledger.looks.held[A]
    assert (look.looked_at, look.undone) == (at, (UNDONE, UNDONE))
    assert not mailwarden.reviewer().unreadable(A, at=LATE, remember=tuple)


def test_a_pool_that_is_gone_ends_its_findings() -> None:
    mailwarden, _ = ordered("A")

    mailwarden.reviewer().forget(A, cause=LATER, at=LATE)

    record = mailwarden.finding("MW401", A.arn)
    assert (record.lifecycle.state, record.lifecycle.changed_at) == (FindingState.RESOLVED, LATE)
    assert record.seen.cause == LATER
    assert A not in mailwarden.ledger.looks.held
