"""Each read of a look is refused, throttled or never answered: never yes, no crash, only its own links unknown."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.queue_messages.codec import hint_body
from mailwarden.rules import ALL
from tests.e2e.box import Box, Json, unique
from tests.e2e.breaking import DUBLIN, PARIS
from tests.e2e.people import Identity, People, Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.records import Look
from tests.e2e.stage import Stage
from tests.e2e.trail import inject
from tests.e2e.waiting import until
from tests.e2e.workshop import Workshop

# A look is put off this often at most where AWS may answer in a moment; after that it has to say something.
PUT_OFF = 5
# The clients of the functions read for 8 s and try four times.
READ_TIMEOUT, ATTEMPTS = 8.0, 4
LINKS = {rule.rule_id: str(rule.link) for rule in ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A sound pool, its identity and its set: they identify its reads."""

    pool: Pool
    identity: Identity
    configuration_set: str = ""
    ip_pool: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One read of a look.

    ``resource`` is a part of what the call is about, by which the fault hits this subject alone. ``link`` is the first
    of those that need the read: it decides, and tells of it for all of them.
    """

    service: str
    action: str
    link: str
    make: Callable[[Workshop], Subject]
    resource: Callable[[Subject], str]
    region: str = "*"

    @property
    def name(self) -> str:
        return f"{self.service}:{self.action}"


def on_the_default_sender(shop: Workshop) -> Subject:
    identity = shop.address()
    shop.people.attach(identity, sending_policy(identity, pools_of(shop.box, DUBLIN)))
    pool = shop.pool(DUBLIN, default_sender(identity))
    # Without MFA the factors are not read.
    body = {"region": DUBLIN, "members": {"MfaConfiguration": "OPTIONAL"}}
    shop.box.control("POST", f"cognito/pools/{pool.pool_id}", body)
    return Subject(pool=pool, identity=identity)


def on_its_own_ses(region: str) -> Callable[[Workshop], Subject]:
    def make(shop: Workshop) -> Subject:
        identity, name = shop.domain(region), shop.configuration_set(region)
        pool = shop.pool(region, developer(identity, ConfigurationSet=name))
        return Subject(pool=pool, identity=identity, configuration_set=name)

    return make


def with_links(shop: Workshop) -> Subject:
    identity, domain = shop.domain(), f"{unique('auth')}.example.com"
    template = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
    pool = shop.pool(DUBLIN, developer(identity), VerificationMessageTemplate=template)
    certificate = f"arn:aws:acm:us-east-1:{shop.box.account}:certificate/{unique('certificate')}"
    shop.box.client("cognito-idp", DUBLIN).create_user_pool_domain(
        UserPoolId=pool.pool_id, Domain=domain, CustomDomainConfig={"CertificateArn": certificate}
    )
    return Subject(pool=pool, identity=identity)


def with_notices(shop: Workshop) -> Subject:
    pool, identity = shop.with_notices()
    return Subject(pool=pool, identity=identity)


def through_an_ip_pool(shop: Workshop) -> Subject:
    identity, name = shop.domain(), shop.ip_pool()
    configuration_set = shop.configuration_set(ip_pool=name)
    pool = shop.pool(DUBLIN, developer(identity, ConfigurationSet=configuration_set))
    return Subject(pool=pool, identity=identity, configuration_set=configuration_set, ip_pool=name)


def pool_id(subject: Subject) -> str:
    return subject.pool.pool_id


def identity_name(subject: Subject) -> str:
    return subject.identity.name


def set_name(subject: Subject) -> str:
    return subject.configuration_set


def ip_pool_name(subject: Subject) -> str:
    return subject.ip_pool


def anything(_: Subject) -> str:
    return ""


# Those of one group share nothing, so that all of them can be disturbed at once.
GROUPS: Mapping[str, tuple[Read, ...]] = {
    "the pool, the identity, the role": (
        Read(
            service="cognito-idp",
            action="DescribeUserPool",
            link="sender",
            make=on_the_default_sender,
            resource=pool_id,
        ),
        Read(
            service="cognito-idp",
            action="GetUserPoolMfaConfig",
            link="sender",
            make=on_the_default_sender,
            resource=pool_id,
        ),
        Read(
            service="ses",
            action="GetEmailIdentity",
            link="identity",
            make=on_the_default_sender,
            resource=identity_name,
        ),
        Read(
            service="iam",
            action="GetRole",
            link="authorization",
            make=on_its_own_ses(DUBLIN),
            resource=anything,
        ),
    ),
    "the account and the set": (
        Read(
            service="ses",
            action="GetConfigurationSet",
            link="configuration set",
            make=on_its_own_ses(DUBLIN),
            resource=set_name,
        ),
        Read(
            service="ses",
            action="GetConfigurationSetEventDestinations",
            link="configuration set",
            make=on_its_own_ses(DUBLIN),
            resource=set_name,
        ),
        Read(
            service="cognito-idp",
            action="DescribeRiskConfiguration",
            link="sender",
            make=with_notices,
            resource=pool_id,
        ),
        Read(
            service="cognito-idp",
            action="DescribeUserPoolDomain",
            link="sender",
            make=with_links,
            resource=anything,
        ),
        Read(
            service="ses",
            action="GetDedicatedIpPool",
            link="configuration set",
            make=through_an_ip_pool,
            resource=ip_pool_name,
        ),
        Read(
            service="ses",
            action="GetAccount",
            link="account",
            make=on_its_own_ses(PARIS),
            resource=anything,
            region=PARIS,
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Failures of a read, in a series of orders, and the text in the alert."""

    name: str
    orders: tuple[Json, ...]
    reason: tuple[str, ...]


TROUBLES = (
    Trouble(
        name="refused",
        orders=(
            {"effect": "fail", "code": "AccessDeniedException", "status": 403, "message": "told to", "count": None},
        ),
        reason=("AccessDenied",),
    ),
    Trouble(
        name="throttled",
        orders=({"effect": "throttle", "count": None},),
        reason=("TooManyRequestsException", "Throttling"),
    ),
    # The attempts before the last are over sooner than a time-out; it is the last that counts.
    Trouble(
        name="never answered",
        orders=(
            {"effect": "throttle", "count": ATTEMPTS - 1},
            {"effect": "stall", "seconds": READ_TIMEOUT + 1.0, "count": None},
        ),
        reason=("ReadTimeout",),
    ),
)


@pytest.fixture(scope="module")
def workshop(box: Box) -> Iterator[Workshop]:
    shop = Workshop(people=People(box=box, pools=[], identities=[]))
    yield shop
    shop.leave()
    box.quiet()


@pytest.fixture(scope="module")
def subjects(workshop: Workshop, box: Box) -> dict[Read, Subject]:
    """A sound pool for each read."""
    made = {read: read.make(workshop) for reads in GROUPS.values() for read in reads}
    for subject in made.values():
        workshop.people.touch(subject.pool)
    box.quiet()
    return made


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name.replace(" ", "-"))
def test_a_read_that_fails_leaves_its_own_links_unknown_and_never_yes(
    stage: Stage, subjects: dict[Read, Subject], trouble: Trouble, group: str
) -> None:
    box, records, reads = stage.box, stage.records, GROUPS[group]
    before = {read: len(records.looks(subjects[read].pool.arn)) for read in reads}
    sound = {read: records.looks(subjects[read].pool.arn)[-1] for read in reads}
    mark, crashes = box.mark(), len(complaints(box))

    with ExitStack() as faults:
        hits = {
            read: [faults.enter_context(box.fault(**order)) for order in orders(trouble, read, subjects[read])]
            for read in reads
        }
        for read in reads:
            inject(box, hint(subjects[read].pool))
            # One invocation each: the waits of one do not affect the others.
            until(hits[read][0], what=f"a disturbed {read.name}")
        seen = {read: records.looked(subjects[read].pool.arn, after=before[read]) for read in reads}
        assert all(hit() for counts in hits.values() for hit in counts)
    told = {read: reasons(stage, subjects[read].pool) for read in reads}
    box.control("POST", f"queues/{box.queue_name('HintsQueueUrl')}/release")
    for read in reads:
        stage.people.touch(subjects[read].pool)
    box.quiet()

    assert [look.answer for look in sound.values()] == ["yes"] * len(reads)
    for read in reads:
        arn = subjects[read].pool.arn
        assert {look.answer for look in records.looks(arn)[before[read] :]} <= {"unknown", "yes"}
        assert seen[read].answer == "unknown", read.name
        assert (records.looks(arn)[-1].answer, records.looks(arn)[-1].rules) == ("yes", sound[read].rules)
        assert seen[read].deciding == read.link, read.name
        # The findings of a pool stay unchanged if the pool itself is unreadable.
        if read.action != "DescribeUserPool":
            assert newly_unknown(seen[read], sound[read]) == {read.link}, read.name
            assert f'"{read.name}"' in told[read]
            assert any(f'"{reason}"' in told[read] for reason in trouble.reason), told[read]
    assert all(line.get("message") == "look failed" for line in complaints(box)[crashes:])
    assert all("PoolNotReadable" in json.dumps(line) for line in complaints(box)[crashes:])
    assert [
        call["action"]
        for call in box.calls(since=mark, role=box.role("repair"))
        if not call["action"].startswith(("Describe", "Get", "List")) and call["service"] in {"cognito-idp", "ses"}
    ] == []


def test_a_refused_read_leaves_the_other_links_judged(stage: Stage, workshop: Workshop) -> None:
    subject = on_its_own_ses(PARIS)(workshop)
    ses, (refused, *_) = stage.box.client("sesv2", PARIS), TROUBLES
    where = {"service": "ses", "action": "GetAccount", "region": PARIS, "role": "mailwarden-*"}
    stage.known(subject.pool)

    with stage.box.fault(**refused.orders[0], **where) as hits:
        ses.put_configuration_set_sending_options(ConfigurationSetName=subject.configuration_set, SendingEnabled=False)
        look = until(lambda: told_of(stage, subject.pool, "MW602"), what="the disabled set")
        assert hits() > 0
    ses.put_configuration_set_sending_options(ConfigurationSetName=subject.configuration_set, SendingEnabled=True)
    stage.people.touch(subject.pool)
    stage.box.quiet()

    assert look is not None
    # A broken link is certain, whatever else is not known.
    assert (look.answer, look.deciding) == ("no", "configuration set")
    assert {LINKS[rule] for rule in look.rules} == {"account", "configuration set"}
    assert stage.agreed(subject.pool) == ("yes", None)


def told_of(stage: Stage, pool: Pool, rule: str) -> Look | None:
    """The last look at a pool, if it has this rule among its findings."""
    look = stage.records.last_look(pool.arn)
    return look if look is not None and rule in look.rules else None


def orders(trouble: Trouble, read: Read, subject: Subject) -> list[Json]:
    where = {
        "service": read.service,
        "action": read.action,
        "region": read.region,
        "resource": read.resource(subject),
        "role": "mailwarden-*",
    }
    return [order | where for order in trouble.orders]


def hint(pool: Pool) -> str:
    """A call whose look was postponed as often as allowed."""
    cause = Cause(
        event_name="TagResource",
        event_id=unique("event"),
        actor="somebody",
        user_agent="test",
        region=pool.region,
        at=datetime.now(UTC),
    )
    return hint_body(PoolHint(pool=PoolRef.from_arn(pool.arn), cause=cause, attempt=PUT_OFF))


def newly_unknown(look: Look, sound: Look) -> set[str]:
    """The links about which a rule speaks now and did not before."""
    return {LINKS[rule] for rule in set(look.rules) - set(sound.rules)}


def reasons(stage: Stage, pool: Pool) -> str:
    return json.dumps(stage.records.findings(affecting=pool.arn), default=str)


def complaints(box: Box) -> list[Json]:
    return [line for line in box.log("inspect") if line.get("level") in {"ERROR", "CRITICAL"}]
