"""Builders for the values of the domain: each names only what a test is about, everything else is sound.

``mail_path`` takes its path the way the product does, with the real ``MailPathReader`` over readings in memory: an
identity
that was not given is missing, an account that was not given is a sound one in production.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import (
    ConfigurationSet,
    ConfigurationSetReading,
    DedicatedIpPool,
    Dkim,
    EmailConfiguration,
    Enforcement,
    EventDestination,
    Identity,
    IdentityReading,
    LinkDomain,
    MailFactors,
    MailFrom,
    Missing,
    Pool,
    PoolReading,
    RoleReading,
    SenderMode,
    ServiceLinkedRole,
    SesAccount,
    SesAccountReading,
    ThreatNotices,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.policy import GLOBAL_PRINCIPAL, SEND_ACTIONS
from mailwarden.ports.mail_path.pools import PoolPage
from mailwarden.regions import RegionTable, built_in_table
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.monitoring.pool_existence import PoolExistence
from tests.fakes.known_pools import HeldKnownPools

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "support@example.com"
LAMBDA = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:mailer"


def pool_ref(region: str = "us-east-1", *, pool_id: str | None = None, account: str = ACCOUNT) -> PoolRef:
    """A pool in *region*, by default with an id that begins with it, as AWS gives them."""
    return PoolRef(partition="aws", region=region, account=account, pool_id=pool_id or f"{region}_EXAMPLE")


def identity_ref(name: str = ADDRESS, *, region: str = "us-east-1", account: str = ACCOUNT) -> IdentityRef:
    """An identity's reference; the region may be ``*``."""
    return IdentityRef(partition="aws", region=region, account=account, name=name)


def pool(
    region: str = "us-east-1",
    *,
    pool_id: str | None = None,
    name: str = "shop",
    email: EmailConfiguration | None = None,
    custom_sender_lambda: str | None = None,
    tags: Mapping[str, str] | Unreadable | None = None,
    unknown_members: tuple[str, ...] = (),
    second_factor: bool | Unreadable = False,
    first_factor: bool | Unreadable = False,
    link_domain: LinkDomain | Unreadable | None = None,
    threat_notices: ThreatNotices | Unreadable | None = None,
) -> Pool:
    """A pool; without *email* it is one with an empty EmailConfiguration, as old pools have."""
    return Pool(
        ref=pool_ref(region, pool_id=pool_id),
        name=name,
        email=email or EmailConfiguration(),
        custom_sender_lambda=custom_sender_lambda,
        tags={} if tags is None else tags,
        last_modified=NOON,
        unknown_members=unknown_members,
        factors=MailFactors(second_factor=second_factor, first_factor=first_factor),
        link_domain=link_domain,
        threat_notices=threat_notices,
    )


def developer(
    source: IdentityRef | str | None,
    *,
    from_address: str | None = None,
    reply_to: str | None = None,
    configuration_set: str | None = None,
) -> EmailConfiguration:
    """EmailSendingAccount DEVELOPER with *source* as SourceArn; a domain gets ``no-reply@`` it as FROM."""
    if from_address is None and isinstance(source, IdentityRef) and not source.is_address:
        from_address = f"no-reply@{source.name}"
    return EmailConfiguration(
        sending_account=SenderMode.DEVELOPER,
        source_arn=source.arn if isinstance(source, IdentityRef) else source,
        from_address=from_address,
        reply_to=reply_to,
        configuration_set=configuration_set,
    )


def custom_from(source: IdentityRef | str, *, reply_to: str | None = None) -> EmailConfiguration:
    """The default sender of Cognito with a FROM address of ours."""
    return EmailConfiguration(
        sending_account=SenderMode.COGNITO_DEFAULT,
        source_arn=source.arn if isinstance(source, IdentityRef) else source,
        reply_to=reply_to,
    )


def identity(
    name: str = ADDRESS,
    *,
    region: str = "us-east-1",
    verified: bool = True,
    status: VerificationStatus | None = None,
    policies: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    configuration_set: str | None = None,
    dkim: Dkim | None = None,
    mail_from: MailFrom | None = None,
    feedback_forwarding: bool = True,
    last_checked: datetime | None = None,
    last_success: datetime | None = None,
) -> Identity:
    """A verified identity without policies; a domain signs with DKIM, an address need not."""
    ref = identity_ref(name, region=region)
    return Identity(
        ref=ref,
        is_domain=not ref.is_address,
        verified_for_sending=verified,
        verification_status=status or (VerificationStatus.SUCCESS if verified else VerificationStatus.PENDING),
        policies=policies or {},
        tags=tags or {},
        configuration_set=configuration_set,
        dkim=dkim or Dkim(signing_enabled=not ref.is_address, status="NOT_STARTED" if ref.is_address else "SUCCESS"),
        mail_from=mail_from,
        feedback_forwarding=feedback_forwarding,
        last_checked=last_checked,
        last_success=last_success,
    )


def configuration_set_ref(
    name: str = "mail", *, region: str = "us-east-1", account: str = ACCOUNT
) -> ConfigurationSetRef:
    """A configuration set's reference."""
    return ConfigurationSetRef(partition="aws", region=region, account=account, name=name)


def configuration_set(
    name: str = "mail",
    *,
    region: str = "us-east-1",
    sending_enabled: bool = True,
    tls_required: bool = True,
    suppressed_reasons: Iterable[str] | None = None,
    destinations: tuple[EventDestination, ...] | Unreadable | None = None,
    ip_pool: DedicatedIpPool | None = None,
) -> ConfigurationSet:
    """A set that sends, requires TLS, follows the account's suppression and reports bounces and complaints."""
    return ConfigurationSet(
        ref=configuration_set_ref(name, region=region),
        sending_enabled=sending_enabled,
        tls_required=tls_required,
        suppressed_reasons=None if suppressed_reasons is None else frozenset(suppressed_reasons),
        destinations=(event_destination(),) if destinations is None else destinations,
        ip_pool=ip_pool,
    )


def event_destination(
    name: str = "events", *, enabled: bool = True, event_types: Iterable[str] = ("BOUNCE", "COMPLAINT")
) -> EventDestination:
    """Where a configuration set sends events."""
    return EventDestination(name=name, enabled=enabled, event_types=frozenset(event_types))


def ses_account(
    region: str = "us-east-1",
    *,
    production_access: bool = True,
    sending_enabled: bool = True,
    enforcement: Enforcement = Enforcement.HEALTHY,
    max_24_hour_send: float = 50_000,
    sent_last_24_hours: float = 100,
    suppressed_reasons: Iterable[str] = ("BOUNCE", "COMPLAINT"),
) -> SesAccount:
    """The SES account of a region, out of the sandbox and healthy."""
    return SesAccount(
        ref=SesAccountRef(partition="aws", region=region, account=ACCOUNT),
        production_access=production_access,
        sending_enabled=sending_enabled,
        enforcement=enforcement,
        max_24_hour_send=max_24_hour_send,
        sent_last_24_hours=sent_last_24_hours,
        suppressed_reasons=frozenset(suppressed_reasons),
    )


def sending_policy(
    resource: IdentityRef,
    *pools: PoolRef,
    principal: str = GLOBAL_PRINCIPAL,
    actions: Sequence[str] = SEND_ACTIONS,
    effect: str = "Allow",
    conditions: Mapping[str, Mapping[str, object]] | None = None,
) -> str:
    """A policy in the form of Cognito's guide that names *pools*, or one with exactly the given *conditions*."""
    documented = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": [ref.arn for ref in pools]},
    }
    statement: dict[str, object] = {
        "Sid": "Cognito",
        "Effect": effect,
        "Principal": {"Service": principal},
        "Action": list(actions),
        "Resource": resource.arn,
    }
    given = documented if conditions is None else conditions
    if given:
        statement["Condition"] = given
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def unread(action: str, region: str = "us-east-1", *, reason: str = "AccessDenied") -> Unreadable:
    """A read that AWS refused."""
    return Unreadable(action=action, region=region, reason=reason)


@dataclass(slots=True, kw_only=True)
class HeldPools:
    """Pools held in memory, by reference; ``asked`` holds which were read."""

    held: dict[PoolRef, PoolReading] = field(default_factory=dict)
    asked: list[PoolRef] = field(default_factory=list)

    def read(self, pool: PoolRef) -> PoolReading:
        """The pool, or that it is missing."""
        self.asked.append(pool)
        return self.held.get(pool, Missing(arn=pool.arn))

    def mails_second_factor(self, pool: PoolRef) -> bool | Unreadable:
        """As the held pool has it."""
        held = self.held[pool]
        assert isinstance(held, Pool)
        return held.factors.second_factor

    def page(self, region: str, after: str | None) -> PoolPage:  # noqa: ARG002 - everything fits on one page
        """All pools of the region."""
        return PoolPage(pools=tuple(ref for ref in self.held if ref.region == region), after=None)


@dataclass(slots=True, kw_only=True)
class HeldIdentities:
    """Identities held in memory, by reference; ``reads`` counts, and so does ``fresh_reads`` those past the cache."""

    held: dict[IdentityRef, IdentityReading] = field(default_factory=dict)
    reads: list[IdentityRef] = field(default_factory=list)
    fresh_reads: int = 0

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        """The identity, or that it is missing."""
        self.reads.append(identity)
        self.fresh_reads += fresh
        return self.held.get(identity, Missing(arn=identity.arn))


@dataclass(slots=True, kw_only=True)
class HeldConfigurationSets:
    """Configuration sets held in memory, by reference; ``reads`` counts."""

    held: dict[ConfigurationSetRef, ConfigurationSetReading] = field(default_factory=dict)
    reads: list[ConfigurationSetRef] = field(default_factory=list)

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:  # noqa: ARG002 - never cached here
        """The set, or that it is missing."""
        self.reads.append(configuration_set)
        return self.held.get(configuration_set, Missing(arn=configuration_set.arn))


@dataclass(slots=True, kw_only=True)
class HeldAccounts:
    """SES accounts held in memory, by region; any other region is sound; ``reads`` counts."""

    held: dict[str, SesAccountReading] = field(default_factory=dict)
    reads: list[SesAccountRef] = field(default_factory=list)

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:  # noqa: ARG002 - never cached here
        """The region's account."""
        self.reads.append(account)
        return self.held.get(account.region) or ses_account(account.region)


@dataclass(slots=True, kw_only=True)
class HeldRole:
    """The service-linked role as it is held in memory; ``reads`` counts, and ``fresh_reads`` those past the cache."""

    held: RoleReading = ServiceLinkedRole.PRESENT
    reads: int = 0
    fresh_reads: int = 0

    def read(self, *, fresh: bool) -> RoleReading:
        """The role."""
        self.reads += 1
        self.fresh_reads += fresh
        return self.held


def mail_path(
    of: Pool,
    *identities: Identity,
    accounts: Iterable[SesAccount] = (),
    configuration_sets: Iterable[ConfigurationSet] = (),
    unreadable: Mapping[IdentityRef | ConfigurationSetRef | str, Unreadable] | None = None,
    role: RoleReading = ServiceLinkedRole.PRESENT,
    table: RegionTable | None = None,
    opened: Mapping[str, tuple[str, ...]] | None = None,
    others: Mapping[PoolRef, PoolReading] | None = None,
    unwatched: Iterable[str] = (),
) -> MailPath:
    """The path of a pool among these identities, accounts and configuration sets; a set not given is missing.

    ``unreadable`` holds refused reads: of an identity or a set by its reference, of an SES account by its region.
    ``opened`` is the consent of the settings: identity ARN → ``account`` or pool ids. ``others`` is what is known of
    other pools: one that is there has a look in the ledger, for a missing or unread one AWS is asked. Without any the
    look cares about no other pool.
    """
    readings: dict[IdentityRef, IdentityReading] = {identity.ref: identity for identity in identities}
    regions: dict[str, SesAccountReading] = {account.ref.region: account for account in accounts}
    sets: dict[ConfigurationSetRef, ConfigurationSetReading] = {each.ref: each for each in configuration_sets}
    for what, refusal in (unreadable or {}).items():
        match what:
            case IdentityRef():
                readings[what] = refusal
            case ConfigurationSetRef():
                sets[what] = refusal
            case str():
                regions[what] = refusal
    regions_of_the_table = table or built_in_table()
    known = others or {}
    known_pools = HeldKnownPools(held=frozenset(ref for ref, reading in known.items() if isinstance(reading, Pool)))
    watched = frozenset(regions_of_the_table.rows) - set(unwatched)
    path_reader = MailPathReader(
        pools=HeldPools(held={of.ref: of, **known}),
        identities=HeldIdentities(held=readings),
        configuration_sets=HeldConfigurationSets(held=sets),
        accounts=HeldAccounts(held=regions),
        role=HeldRole(held=role),
        table=regions_of_the_table,
        consents=ConsentSettings(identities=opened or {}),
        register=None if others is None else PoolExistence(known_pools=known_pools, watched_regions=watched),
    )
    path = path_reader.look(of.ref, at=NOON, fresh=True)
    if not isinstance(path, MailPath):
        raise TypeError(f"{of.ref.arn} could not be looked at: {path}")
    return path
