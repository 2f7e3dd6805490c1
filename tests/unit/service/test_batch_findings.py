"""A finding that many pools share is read once for the looks of a batch."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.readings import Missing, Pool
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.service.inspection.inspect import Inspector
from tests.builders import LAMBDA, ses_account
from tests.fakes.deployment import Deployment, hint
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.mortal import Died
from tests.unit.service.test_batch_cache import SENDER, deployment, pools
from tests.unit.service.test_interrupted_looks import Interrupted


@dataclass(slots=True, kw_only=True)
class CountedFindings(InMemoryFindings):
    """Counts the reads of each finding."""

    counted: Counter[str] = field(default_factory=Counter)

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        self.counted[key.rule_id] += 1
        return InMemoryFindings.update(self, key, change)


def test_a_finding_that_the_pools_of_a_batch_share_is_read_once_for_all_of_them() -> None:
    held = pools(30)
    mailwarden = deployment(*held)
    mailwarden.accounts.held["us-east-1"] = ses_account(production_access=False)
    mailwarden.inspect(*(hint(each) for each in held))
    counted = CountedFindings(held=mailwarden.ledger.findings.held)
    mailwarden.ledger.findings = counted
    mailwarden.clock.pass_by(hours=1)

    mailwarden.inspect(*(hint(each) for each in held))

    assert counted.counted["MW501"] == 1
    record = mailwarden.finding("MW501", ses_account().ref.arn)
    assert len(record.lifecycle.affected) == 30


def in_the_sandbox(*held: Pool) -> Deployment:
    """A deployment whose SES account is in the sandbox: every pool of it has MW501."""
    mailwarden = deployment(*held)
    mailwarden.accounts.held["us-east-1"] = ses_account(production_access=False)
    return mailwarden


def affected(mailwarden: Deployment) -> set[PoolRef]:
    record = mailwarden.finding("MW501", ses_account().ref.arn)
    return {PoolRef.from_arn(arn) for arn in record.lifecycle.affected}


def an_hour_after_both(mailwarden: Deployment, one: Pool, two: Pool) -> tuple[Inspector, Inspector]:
    """An older process that has read nothing yet, and a batch that has read the finding of both pools."""
    mailwarden.inspect(hint(one), hint(two))
    mailwarden.clock.pass_by(hours=1)
    older = mailwarden.inspector()
    mailwarden.clock.pass_by(minutes=1)
    batch = mailwarden.inspector()
    batch.inspect(hint(one))
    return older, batch


def with_a_sender_of_its_own(of: Pool) -> Pool:
    """The pool no longer sends through SES."""
    return replace(of, custom_sender_lambda=LAMBDA)


def test_a_pool_that_another_process_added_after_the_batch_read_the_finding_is_taken_out_again() -> None:
    one, late = pools(2)
    mailwarden = in_the_sandbox(one)
    mailwarden.inspect(hint(one))
    mailwarden.clock.pass_by(hours=1)
    other = mailwarden.inspector()
    mailwarden.clock.pass_by(minutes=1)
    batch = mailwarden.inspector()
    batch.inspect(hint(one))
    mailwarden.hold(late)
    other.inspect(hint(late))
    assert affected(mailwarden) == {one.ref, late.ref}

    mailwarden.hold(with_a_sender_of_its_own(late))
    batch.inspect(hint(late))

    assert affected(mailwarden) == {one.ref}


def test_a_pool_that_an_older_look_took_out_after_the_batch_read_the_finding_is_put_in_again() -> None:
    one, two = pools(2)
    mailwarden = in_the_sandbox(one, two)
    older, batch = an_hour_after_both(mailwarden, one, two)
    mailwarden.hold(with_a_sender_of_its_own(two))
    older.inspect(hint(two))
    assert affected(mailwarden) == {one.ref}

    mailwarden.hold(two)
    batch.inspect(hint(two))

    assert affected(mailwarden) == {one.ref, two.ref}


def test_a_pool_that_an_older_look_takes_out_while_it_is_recorded_is_put_in_again() -> None:
    one, two = pools(2)
    mailwarden = in_the_sandbox(one, two)
    looks = Interrupted()
    mailwarden.ledger = InMemoryLedger(looks=looks)
    older, batch = an_hour_after_both(mailwarden, one, two)

    def an_older_look_at_what_was() -> None:
        mailwarden.hold(with_a_sender_of_its_own(two))
        older.inspect(hint(two))
        mailwarden.hold(two)

    looks.meanwhile.append(an_older_look_at_what_was)
    batch.inspect(hint(two))

    assert not looks.meanwhile
    assert affected(mailwarden) == {one.ref, two.ref}


def test_a_pool_that_a_dying_look_took_out_but_still_names_is_put_in_again() -> None:
    one, two = pools(2)
    mailwarden = in_the_sandbox(one, two)
    looks = Interrupted()
    mailwarden.ledger = InMemoryLedger(looks=looks)
    older, batch = an_hour_after_both(mailwarden, one, two)

    def an_older_look_finds_something_else_and_dies() -> None:
        mailwarden.accounts.held["us-east-1"] = ses_account()
        mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
        with suppress(Died):
            older.inspect(hint(two))
        assert affected(mailwarden) == {one.ref}

    def die() -> None:
        raise Died

    looks.meanwhile = [an_older_look_finds_something_else_and_dies, lambda: None, die]
    batch.inspect(hint(two))

    assert not looks.meanwhile
    assert affected(mailwarden) == {one.ref, two.ref}
