"""A repair that AWS refused for good, or that may not be written: no other repair of the pool waits for it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import CreateServiceLinkedRole, ReplaceEmailConfiguration, WrittenChange
from mailwarden.domain.readings import EmailConfiguration, Identity, ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import Refused, WriteResult
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message, verbatim
from tests.builders import developer, identity, identity_ref, pool, pool_ref
from tests.fakes.deployment import Deployment, cause
from tests.unit.service.test_meeting_fixes import ADDRESS, DOMAIN, PARIS, VIRGINIA, WITHOUT_FROM, repaired, unsafe


@dataclass(slots=True, kw_only=True)
class Refusing:
    """AWS refuses some changes for good."""

    mailwarden: Deployment
    refused: tuple[type, ...]
    tried: list[type] = field(default_factory=list)

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.tried.append(type(change))
        if isinstance(change, self.refused):
            return Refused(reason=verbatim("AccessDenied: a service control policy"))
        return self.mailwarden.held_writer().write(change, entry_id=entry_id)


def reasons(mailwarden: Deployment) -> dict[str, tuple[str, str]]:
    """By rule, what was done about an open finding and why."""
    open_now = (each for each in mailwarden.ledger.findings.held.values() if not each.lifecycle.is_over)
    return {
        each.finding.rule_id: (each.write.handling.value, "" if each.write.reason is None else each.write.reason.id)
        for each in open_now
    }


MEETINGS: tuple[tuple[str, str, EmailConfiguration, tuple[Identity, ...]], ...] = (
    ("MW105", VIRGINIA, WITHOUT_FROM, (identity(DOMAIN),)),
    ("MW106", VIRGINIA, developer(identity_ref(ADDRESS)), (identity(DOMAIN),)),
    ("MW201", PARIS, developer(identity_ref(ADDRESS)), (identity(ADDRESS), identity(ADDRESS, region=PARIS))),
)


@pytest.mark.parametrize(("rule", "region", "email", "held"), MEETINGS, ids=[each[0] for each in MEETINGS])
def test_a_role_that_is_refused_for_good_keeps_no_fix_of_the_pool_waiting(
    rule: str, region: str, email: EmailConfiguration, held: tuple[Identity, ...]
) -> None:
    mailwarden = unsafe(region, email, *held)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    writer = Refusing(mailwarden=mailwarden, refused=(CreateServiceLinkedRole,))
    mailwarden.writer = writer

    took = repaired(mailwarden, region)
    mailwarden.announce()

    assert writer.tried == [CreateServiceLinkedRole, ReplaceEmailConfiguration]
    assert reasons(mailwarden) == {"MW409": ("failed", "repair.refused")}
    assert sorted(mailwarden.told()) == [(rule, "repaired"), ("MW409", "open")]
    assert took < timedelta(minutes=2)

    # No sweep repeats what was refused; a call may have been the remedy.
    for _ in range(3):
        mailwarden.clock.pass_by(minutes=60)
        mailwarden.settle_down(PoolHint(pool=pool_ref(region)))
    assert len(writer.tried) == 2
    writer.refused = ()
    mailwarden.settle_down(PoolHint(pool=pool_ref(region), cause=cause(event_id="e-remedy", at=mailwarden.clock.now())))
    assert mailwarden.role.held is ServiceLinkedRole.PRESENT
    assert reasons(mailwarden) == {}


@pytest.mark.parametrize(("rule", "region", "email", "held"), MEETINGS, ids=[each[0] for each in MEETINGS])
def test_where_both_are_refused_each_says_so_and_nothing_is_tried_again_and_again(
    rule: str, region: str, email: EmailConfiguration, held: tuple[Identity, ...]
) -> None:
    mailwarden = unsafe(region, email, *held)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    writer = Refusing(mailwarden=mailwarden, refused=(CreateServiceLinkedRole, ReplaceEmailConfiguration))
    mailwarden.writer = writer

    repaired(mailwarden, region)
    for _ in range(3):
        mailwarden.clock.pass_by(minutes=60)
        mailwarden.settle_down(PoolHint(pool=pool_ref(region)))
    mailwarden.announce()

    assert writer.tried == [CreateServiceLinkedRole, ReplaceEmailConfiguration]
    assert reasons(mailwarden) == dict.fromkeys((rule, "MW409"), ("failed", "repair.refused"))
    assert sorted(mailwarden.told()) == [(rule, "open"), ("MW409", "open")]

    # After a call both are tried once more, neither waits for the other.
    mailwarden.settle_down(PoolHint(pool=pool_ref(region), cause=cause(event_id="e-later", at=mailwarden.clock.now())))
    assert len(writer.tried) == 4
    assert set(writer.tried[2:]) == {CreateServiceLinkedRole, ReplaceEmailConfiguration}


def test_of_two_fixes_of_one_pool_the_second_does_not_wait_for_a_refused_first() -> None:
    mailwarden = unsafe(PARIS, WITHOUT_FROM, identity(DOMAIN), identity(DOMAIN, region=PARIS))
    first = replace(WITHOUT_FROM, from_address=f"no-reply@{DOMAIN}")

    class RefusingOne:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            if isinstance(change, ReplaceEmailConfiguration) and change.after == first:
                return Refused(reason=verbatim("this FROM"))
            return mailwarden.held_writer().write(change, entry_id=entry_id)

    mailwarden.writer = RefusingOne()

    repaired(mailwarden, PARIS)
    mailwarden.announce()

    assert [
        change.after.source_arn for change in mailwarden.written if isinstance(change, ReplaceEmailConfiguration)
    ] == [identity_ref(DOMAIN, region=PARIS).arn]
    assert ("MW201", "repaired") in mailwarden.told()
    assert reasons(mailwarden).get("MW201") is None


def test_a_role_that_is_refused_for_many_pools_keeps_none_of_them_waiting() -> None:
    mailwarden = Deployment(mode=RepairMode.UNSAFE)
    pools = [pool(pool_id=f"us-east-1_{name}", email=developer(identity_ref(ADDRESS))) for name in "ABC"]
    mailwarden.hold(*pools, identity(DOMAIN))
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    mailwarden.writer = Refusing(mailwarden=mailwarden, refused=(CreateServiceLinkedRole,))
    mailwarden.inspect(*(PoolHint(pool=each.ref, cause=cause(at=mailwarden.clock.now())) for each in pools))
    mailwarden.clock.pass_by(minutes=1)

    for _ in range(10):
        mailwarden.repair()
        mailwarden.clock.pass_by(seconds=30)
        mailwarden.inspect(*mailwarden.hints.take_all())

    assert {change.pool.pool_id for change in mailwarden.written if isinstance(change, ReplaceEmailConfiguration)} == {
        each.ref.pool_id for each in pools
    }


def test_what_keeps_a_repair_from_being_written_is_said_of_the_one_that_waits_for_it() -> None:
    mailwarden = unsafe(VIRGINIA, WITHOUT_FROM, identity(DOMAIN))
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    deployed = replace(cause(at=mailwarden.clock.now()), user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9.0")

    mailwarden.inspect(PoolHint(pool=pool_ref(VIRGINIA), cause=deployed))
    mailwarden.repair()

    assert mailwarden.written == []
    assert reasons(mailwarden) == dict.fromkeys(("MW105", "MW409"), ("withheld", "guard.deployed"))


def test_a_repair_that_waits_names_the_one_that_goes_first() -> None:
    mailwarden = unsafe(VIRGINIA, developer(identity_ref(ADDRESS)), identity(DOMAIN))
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    mailwarden.inspect(PoolHint(pool=pool_ref(VIRGINIA), cause=cause(at=mailwarden.clock.now())))

    waits = mailwarden.finding("MW106", pool_ref(VIRGINIA).arn).write.reason
    assert waits == message("decision.another-repair-first", rule="MW409")
