"""What a batch reads: each thing once, fresh where it has to be, and every look as old as its readings may be."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import (
    Missing,
    Pool,
    ServiceLinkedRole,
    Unreadable,
)
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback
from mailwarden.regions import built_in_table
from mailwarden.service.inspection.batch_cache import LONGEST_CACHE, BatchReaders, RecentReadings, for_one_batch
from mailwarden.service.inspection.inspect import one_look_per_pool
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from tests.builders import (
    NOON,
    HeldAccounts,
    HeldConfigurationSets,
    HeldIdentities,
    HeldPools,
    HeldRole,
    configuration_set,
    developer,
    identity,
    identity_ref,
    pool,
    ses_account,
    unread,
)
from tests.fakes.deployment import Deployment, TickingClock, cause, hint
from tests.texts import english

SENDER = identity_ref("example.com")


def pools(number: int) -> list[Pool]:
    """Pools that all send as one identity, through one set."""
    email = developer(SENDER, configuration_set="mail")
    return [pool(pool_id=f"us-east-1_P{each:02}", email=email) for each in range(number)]


def deployment(*held: Pool) -> Deployment:
    mailwarden = Deployment()
    mailwarden.hold(*held, identity("example.com"), configuration_set("mail"))
    return mailwarden


@dataclass(slots=True, kw_only=True)
class CountedFeedback:
    """Implements ``FeedbackReadings``, and remembers what it was asked for."""

    asked: list[tuple[SesAccountRef | ConfigurationSetRef, bool]] = field(default_factory=list)

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:
        self.asked.append((account, fresh))
        return SesFeedback()

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:
        self.asked.append((configuration_set, fresh))
        return None


def one_batch(
    reader: MailPathReader, *, recent: RecentReadings | None = None, clock: TickingClock | None = None
) -> BatchReaders:
    clock = clock or TickingClock()
    return for_one_batch(reader, clock=clock, started_at=clock.now(), recent=recent)


def path_reader(identities: HeldIdentities, *held: Pool) -> MailPathReader:
    return MailPathReader(
        pools=HeldPools(held={each.ref: each for each in held}),
        identities=identities,
        configuration_sets=HeldConfigurationSets(),
        accounts=HeldAccounts(),
        role=HeldRole(),
        table=built_in_table(),
        consents=ConsentSettings(identities={}),
    )


def test_a_batch_reads_what_its_pools_share_once_although_every_look_is_fresh() -> None:
    held = pools(10)
    mailwarden = deployment(*held)

    looked = mailwarden.inspect(*(hint(each) for each in held))

    assert len(looked) == 10
    assert mailwarden.identities.reads == [SENDER]
    assert mailwarden.configuration_sets.reads == [configuration_set("mail").ref]
    assert mailwarden.accounts.reads == [ses_account().ref]
    assert mailwarden.role.reads == 1


def test_a_batch_reads_the_feedback_of_an_account_and_a_set_once() -> None:
    held = pools(6)
    mailwarden, counted = deployment(*held), CountedFeedback()
    reader = mailwarden.path_reader()
    assert reader.ledger is not None
    batch = one_batch(replace(reader, ledger=replace(reader.ledger, feedback=counted)))

    for each in held:
        batch.since(NOON).look(each.ref, at=NOON, fresh=True)

    account, used = ses_account().ref, configuration_set("mail").ref
    assert sorted(counted.asked, key=str) == sorted([(account, True), (used, True)], key=str)


def test_the_next_batch_reads_again() -> None:
    (held,) = pools(1)
    mailwarden = deployment(held)

    mailwarden.inspect(hint(held))
    mailwarden.inspect(hint(held))

    assert mailwarden.identities.reads == [SENDER, SENDER]
    assert mailwarden.role.reads == 2


def test_a_repair_shares_nothing() -> None:
    held = pools(3)
    mailwarden = deployment(*held)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    mailwarden.inspect(*(hint(each) for each in held))
    before = mailwarden.role.reads

    mailwarden.repair()

    # The order looks at all that its write serves before it; after it the role is read once more, past the cache.
    assert mailwarden.role.reads == before + 3 + 1 + 3


def test_a_refused_read_is_shared_too() -> None:
    held = pools(10)
    mailwarden = deployment(*held)
    mailwarden.identities.held[SENDER] = unread("ses:GetEmailIdentity", reason="ReadTimeout")

    looked = mailwarden.inspect(*(hint(each) for each in held))

    assert {str(each.verdict.answer) for each in looked if each.verdict is not None} == {"unknown"}
    assert mailwarden.identities.reads == [SENDER]


@pytest.mark.parametrize(("wanted", "reads"), [(-30, 1), (0, 1), (10, 2)])
def test_a_reading_of_an_earlier_batch_serves_a_look_that_was_wanted_before_it(wanted: float, reads: int) -> None:
    first, second = pools(2)
    identities, recent, clock = HeldIdentities(held={SENDER: identity("example.com")}), RecentReadings(), TickingClock()
    reader = path_reader(identities, first, second)
    one_batch(reader, recent=recent, clock=clock).since(NOON).look(first.ref, at=NOON, fresh=True)
    clock.pass_by(seconds=20)

    since = NOON + timedelta(seconds=wanted)
    one_batch(reader, recent=recent, clock=clock).since(since).look(second.ref, at=since, fresh=True)

    assert len(identities.reads) == reads


def test_a_reading_serves_for_a_minute_and_a_refused_one_for_its_batch() -> None:
    (held,) = pools(1)
    identities, recent, clock = HeldIdentities(held={SENDER: identity("example.com")}), RecentReadings(), TickingClock()
    reader = path_reader(identities, held)

    for seconds in (0, 61):
        clock.pass_by(seconds=seconds)
        one_batch(reader, recent=recent, clock=clock).since(NOON).look(held.ref, at=NOON, fresh=False)
    identities.held[SENDER] = unread("ses:GetEmailIdentity")
    clock.pass_by(seconds=61)
    for _ in range(2):
        one_batch(reader, recent=recent, clock=clock).since(NOON).look(held.ref, at=NOON, fresh=False)

    assert len(identities.reads) == 4


def test_hints_with_a_cause_are_looked_at_first_so_that_the_others_share_what_is_fresh() -> None:
    swept, told = pools(2)

    order = one_look_per_pool((PoolHint(pool=swept.ref), PoolHint(pool=told.ref, cause=cause())))

    assert list(order) == [told.ref, swept.ref]


def test_the_looks_of_a_batch_are_dated_at_its_start_and_those_of_the_sweep_a_minute_earlier() -> None:
    swept, first, second = pools(3)
    mailwarden = deployment(swept, first, second)

    mailwarden.inspect(PoolHint(pool=swept.ref), hint(first), hint(second))

    started = mailwarden.ledger.looks.held[first.ref].looked_at
    assert mailwarden.ledger.looks.held[second.ref].looked_at == started
    assert mailwarden.ledger.looks.held[swept.ref].looked_at == started - LONGEST_CACHE


def test_a_look_on_readings_from_before_a_newer_look_does_not_overrule_it() -> None:
    (held,) = pools(1)
    mailwarden = deployment(held)
    slow = mailwarden.inspector()
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    mailwarden.inspect(hint(held))
    mailwarden.identities.held[SENDER] = identity("example.com")

    done = slow.inspect(hint(held))

    assert english(done.note) == "a newer look is known"
    assert mailwarden.finding("MW301", SENDER.arn).lifecycle.state is FindingState.OPEN


def test_a_batch_that_is_overtaken_still_names_each_of_its_pools_as_affected() -> None:
    first, second, late = pools(3)
    mailwarden = deployment(first, second, late)
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    slow = mailwarden.inspector()
    slow.inspect(hint(first))
    mailwarden.inspect(hint(late))

    slow.inspect(hint(second))

    record = mailwarden.finding("MW301", SENDER.arn)
    assert set(record.lifecycle.affected) == {first.ref.arn, second.ref.arn, late.ref.arn}
    assert record.lifecycle.version == 1
    assert record.lifecycle.affected[second.ref.arn] < record.lifecycle.affected[late.ref.arn]


def test_what_an_overtaken_batch_adds_to_a_finding_that_is_over_is_nothing() -> None:
    first, second = pools(2)
    mailwarden = deployment(first, second)
    slow = mailwarden.inspector()
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)
    mailwarden.inspect(hint(first))
    mailwarden.identities.held[SENDER] = identity("example.com")
    mailwarden.inspect(hint(first))
    mailwarden.identities.held[SENDER] = Missing(arn=SENDER.arn)

    slow.inspect(hint(second))

    record = mailwarden.finding("MW301", SENDER.arn)
    assert record.lifecycle.state is FindingState.RESOLVED
    assert record.lifecycle.affected == {}


def test_every_pool_of_a_batch_that_lacks_the_role_has_its_order() -> None:
    held = pools(3)
    mailwarden = deployment(*held)
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    mailwarden.settle_down(*(hint(each) for each in held))

    states = [mailwarden.finding("MW409", each.ref.arn).lifecycle.state for each in held]
    assert FindingState.OPEN not in states
    assert len(mailwarden.written) == 1


@pytest.mark.parametrize("fresh", [True, False])
def test_pools_are_read_for_each_look(fresh: bool) -> None:
    (held,) = pools(1)
    live = HeldPools(held={held.ref: held})
    shared = one_batch(replace(path_reader(HeldIdentities(), held), pools=live)).since(NOON)

    first = shared.look(held.ref, at=NOON, fresh=fresh)
    live.held[held.ref] = Unreadable(action="cognito-idp:DescribeUserPool", region="us-east-1", reason="x")
    second = shared.look(held.ref, at=NOON, fresh=fresh)

    assert isinstance(first, MailPath)
    assert isinstance(second, Unreadable)
