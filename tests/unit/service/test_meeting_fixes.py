"""Two findings of one pool that each have a fix: where they meet, in which order they are written, what is told."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import pytest

from mailwarden.domain.findings.changes import CreateServiceLinkedRole, ReplaceEmailConfiguration
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import EmailConfiguration, Identity, SenderMode, ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import custom_from, developer, identity, identity_ref, pool, pool_ref
from tests.fakes.deployment import Deployment, cause

ADDRESS, DOMAIN = "hello@shop.example", "shop.example"
OPEN = {"mailwarden:cognito": "account"}
# The pool of a region that may not use the identity's region, and which has the same identity in its own.
PARIS, VIRGINIA = "eu-west-3", "us-east-1"
WITHOUT_FROM = EmailConfiguration(
    sending_account=SenderMode.DEVELOPER, source_arn=identity_ref(DOMAIN, region=VIRGINIA).arn
)


def path_of(
    region: str,
    email: EmailConfiguration,
    *held: Identity,
    role: ServiceLinkedRole,
) -> MailPath:
    mailwarden = Deployment()
    mailwarden.hold(pool(region, email=email), *held)
    mailwarden.role.held = role
    reader = replace(mailwarden.path_reader(), from_local_part="no-reply")
    path = reader.look(pool_ref(region), at=mailwarden.clock.now(), fresh=True)
    assert isinstance(path, MailPath)
    return path


def broken_paths() -> list[MailPath]:
    """Pools with every combination of what a fix is about."""
    paths = []
    for region, name, source_region, is_developer, from_address, configuration_set, is_there, role in product(
        (VIRGINIA, PARIS, "ap-northeast-2"),
        (ADDRESS, DOMAIN),
        (VIRGINIA, "us-west-2", PARIS),
        (True, False),
        (None, ADDRESS),
        (None, "mail"),
        (True, False),
        ServiceLinkedRole,
    ):
        ref = identity_ref(name, region=source_region)
        if is_developer:
            email = EmailConfiguration(
                sending_account=SenderMode.DEVELOPER,
                source_arn=ref.arn,
                from_address=from_address,
                configuration_set=configuration_set,
            )
        elif from_address is None and configuration_set is None:
            email = custom_from(ref)
        else:
            continue
        # The identity or, in its place, the domain of a missing address; and the same one in the pool's own region.
        held = [identity(name if is_there else DOMAIN, region=source_region, tags=OPEN)]
        if region != source_region:
            held.append(identity(name, region=region, tags=OPEN))
        paths.append(path_of(region, email, *held, role=role))
    return paths


def test_fixes_meet_on_one_resource_in_the_mode_unsafe_only() -> None:
    """Why fixes are not folded into one write (docs/adr/0051): a rule that lets more of them meet has to look again."""
    on_one: set[tuple[str, ...]] = set()
    on_two: set[tuple[str, ...]] = set()
    for path in broken_paths():
        fixes = {finding.rule_id: finding.fix for finding in judge(path, ALL).findings if finding.fix is not None}
        for pair in combinations(fixes.items(), 2):
            (_, one), (_, other) = pair
            words = tuple(f"{rule} {fix.applicability}" for rule, fix in pair)
            (on_one if one.change.resource == other.change.resource else on_two).add(words)

    assert on_one == {("MW105 unsafe", "MW201 unsafe")}
    assert on_two == {
        ("MW105 unsafe", "MW409 unsafe"),
        ("MW106 unsafe", "MW409 unsafe"),
        ("MW201 unsafe", "MW409 unsafe"),
    }


def unsafe(region: str, email: EmailConfiguration, *held: Identity) -> Deployment:
    mailwarden = Deployment(mode=RepairMode.UNSAFE, from_local_part="no-reply")
    mailwarden.hold(pool(region, email=email), *held)
    return mailwarden


def repaired(mailwarden: Deployment, region: str) -> timedelta:
    """The call that is known to have broken the pool, and everything that follows from it; how long that took."""
    begun = mailwarden.clock.at
    mailwarden.inspect(PoolHint(pool=pool_ref(region), cause=cause(at=mailwarden.clock.now())))
    while mailwarden.repairs.waiting or mailwarden.hints.waiting:
        mailwarden.repair()
        mailwarden.clock.pass_by(seconds=10 if mailwarden.hints.waiting else 0)
        mailwarden.inspect(*mailwarden.hints.take_all())
    return mailwarden.clock.at - begun


def test_two_fixes_of_one_pool_are_written_in_one_invocation_and_each_can_be_undone() -> None:
    mailwarden = unsafe(PARIS, WITHOUT_FROM, identity(DOMAIN), identity(DOMAIN, region=PARIS))

    mailwarden.inspect(PoolHint(pool=pool_ref(PARIS), cause=cause()))
    done = mailwarden.repair()

    wanted = developer(identity_ref(DOMAIN, region=PARIS))
    assert [each.rule_id for each in done] == ["MW105", "MW201"]
    assert [change.after for change in mailwarden.written if isinstance(change, ReplaceEmailConfiguration)] == [
        replace(WITHOUT_FROM, from_address=wanted.from_address),
        wanted,
    ]
    # Neither is told as one that people have to mend.
    assert mailwarden.told() == [("MW105", "repaired"), ("MW201", "repaired")]
    assert len(mailwarden.journal.outcomes) == 2


def test_what_the_hour_has_no_room_for_is_told_and_comes_with_the_next() -> None:
    mailwarden = unsafe(PARIS, WITHOUT_FROM, identity(DOMAIN), identity(DOMAIN, region=PARIS))
    mailwarden.budget = Budget(per_account=20, per_pool=1)

    mailwarden.inspect(PoolHint(pool=pool_ref(PARIS), cause=cause()))
    mailwarden.repair()

    assert len(mailwarden.written) == 1
    assert mailwarden.told() == [("MW105", "repaired"), ("MW201", "open")]


@pytest.mark.parametrize(
    ("region", "email", "held"),
    [
        (VIRGINIA, WITHOUT_FROM, (identity(DOMAIN),)),
        (VIRGINIA, developer(identity_ref(ADDRESS)), (identity(DOMAIN),)),
        (PARIS, developer(identity_ref(ADDRESS)), (identity(ADDRESS), identity(ADDRESS, region=PARIS))),
    ],
    ids=["MW105", "MW106", "MW201"],
)
def test_the_role_is_written_before_the_pool_that_sends_with_it(
    region: str, email: EmailConfiguration, held: tuple[Identity, ...]
) -> None:
    mailwarden = unsafe(region, email, *held)
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    took = repaired(mailwarden, region)

    assert [type(change) for change in mailwarden.written] == [CreateServiceLinkedRole, ReplaceEmailConfiguration]
    look = mailwarden.ledger.looks.last(pool_ref(region))
    assert look is not None
    assert look.answer is Answer.YES
    assert {state for _, state in mailwarden.told()} == {"repaired"}
    assert took < timedelta(minutes=2)


def test_a_fix_whose_turn_never_comes_is_told() -> None:
    mailwarden = unsafe(VIRGINIA, WITHOUT_FROM, identity(DOMAIN))
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    mailwarden.budget = Budget(per_account=20, per_pool=0)

    mailwarden.inspect(PoolHint(pool=pool_ref(VIRGINIA), cause=cause()))
    mailwarden.repair()
    mailwarden.clock.pass_by(minutes=3)
    mailwarden.announce()

    assert mailwarden.written == []
    assert sorted(mailwarden.told()) == [("MW105", "open"), ("MW409", "open")]
