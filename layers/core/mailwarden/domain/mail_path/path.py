"""The mail path: everything that a pool's mail passes through, as one value of one time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.mail_path.consent import Consent
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.readings import (
    ConfigurationSet,
    ConfigurationSetReading,
    CustomSender,
    EmailConfiguration,
    Identity,
    IdentityReading,
    LinkDomain,
    Missing,
    Pool,
    RoleReading,
    SenderMode,
    SesAccountReading,
    ThreatNotices,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, NotASubject, SesAccountRef
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Message, message
from mailwarden.region_names import is_region
from mailwarden.regions import NoRow, RegionRow, SenderUse

# SES allows 64 letters, digits, hyphens and underscores. Other names name no set, and must not become keys.
_LONGEST_SET_NAME = 100
_NO_SIGN_OF_A_SET = re.compile(r"[^!-~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoIdentity:
    """The pool uses no identity of the account: Cognito sends from its own address, or a Lambda sends."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedSource:
    """SourceArn is set but is not the ARN of an identity."""

    source_arn: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesIdentity:
    """The pool sends as this identity; ``ref.region`` is ``*`` in the two-region form of alternate-region pools."""

    ref: IdentityRef
    use: SenderUse


type Sender = NoIdentity | MalformedSource | UsesIdentity


def sender_of(email: EmailConfiguration, *, custom_sender_lambda: str | None) -> Sender:
    """The identity, if any, that a pool with this configuration sends as."""
    if custom_sender_lambda is not None:
        return NoIdentity(reason=message("sender.custom-lambda", function=custom_sender_lambda))
    if email.mode is SenderMode.UNKNOWN:
        return NoIdentity(reason=message("sender.unknown-mode"))
    if not email.source_arn:
        if email.mode is SenderMode.DEVELOPER:
            return MalformedSource(source_arn="", reason=message("sender.no-source-arn"))
        return NoIdentity(reason=message("sender.default"))
    try:
        ref = IdentityRef.from_arn(email.source_arn)
    except NotASubject as error:
        return MalformedSource(source_arn=email.source_arn, reason=error.said)
    if not _may_exist(ref):
        return MalformedSource(source_arn=email.source_arn, reason=message("sender.no-identity-name"))
    use = SenderUse.DEVELOPER if email.mode is SenderMode.DEVELOPER else SenderUse.DEFAULT_CUSTOM_FROM
    return UsesIdentity(ref=ref, use=use)


def _may_exist(ref: IdentityRef) -> bool:
    """Whether SES can have an identity of this name in a region: no domain and no address has such signs in it.

    Cognito's own pattern lets a slash and a last dot pass (Cognito API reference, EmailConfigurationType).
    """
    is_name = not any(sign.isspace() or sign == "/" for sign in ref.name) and not ref.name.endswith(".")
    return is_name and (ref.region == "*" or is_region(ref.region))


def notices_identity(notices: ThreatNotices) -> IdentityRef | None:
    """The identity that threat protection sends as; None where SourceArn names none, or none in one region."""
    try:
        ref = IdentityRef.from_arn(notices.source_arn)
    except NotASubject:
        return None
    return None if ref.region == "*" else ref


def configuration_set_of(
    email: EmailConfiguration, identity_ref: IdentityRef, identity: IdentityReading
) -> ConfigurationSetRef | Unreadable | None:
    """The set of a pool's mail as *identity_ref*; None if it uses no set of the account.

    The pool's set overrides the identity's default set (SES guide, "Understanding default configuration sets"). Mail of
    the default sender uses none. Unreadable if the identity's default set is unknown.
    """
    if email.mode is not SenderMode.DEVELOPER:
        return None
    match email.configuration_set or None, identity:
        case str(name), _:
            pass
        case None, Identity(configuration_set=str(name)):
            pass
        case None, Unreadable():
            return identity
        case None, Identity() | Missing():
            return None
    return ConfigurationSetRef(
        partition=identity_ref.partition,
        region=identity_ref.region,
        account=identity_ref.account,
        name=_NO_SIGN_OF_A_SET.sub("?", name[:_LONGEST_SET_NAME]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SesRegionState:
    """The part of the path in one SES region: the identity, the account, and the owner's consent.

    ``configuration_set`` is the set that the mail passes through, the pool's or otherwise the identity's default set;
    None if there is none, or if Cognito sends by itself. ``feedback`` is the ledger's feedback about the account,
    ``set_rates`` about the set. ``mail_of_account`` and ``mail_of_set`` are the pool's failed mail in the hours that
    can be compared with the sends; None if there are none or only a few.
    """

    identity_ref: IdentityRef
    identity: IdentityReading
    account: SesAccountReading
    consent: Consent
    configuration_set: ConfigurationSetReading | None = None
    feedback: SesFeedback = field(default_factory=SesFeedback)
    set_rates: RateStatus | None = None
    mail_of_account: MailCounts | None = None
    mail_of_set: MailCounts | None = None

    @property
    def account_ref(self) -> SesAccountRef:
        """The SES account of this region."""
        ref = self.identity_ref
        return SesAccountRef(partition=ref.partition, region=ref.region, account=ref.account)

    @property
    def live_identity(self) -> Identity | None:
        """The identity if it exists and is readable."""
        return self.identity if isinstance(self.identity, Identity) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPath:
    """One pool and everything that its mail passes through.

    ``ses_states`` has one entry for each SES region that the pool's mail uses (two for alternate-region pools on the
    default sender, none without an identity). ``candidates`` has, by SES region, identities that the pool could use
    instead: the same identity in an allowed region, read only if the configured region is not allowed; or the domain of
    an address that is not itself an identity, in the region in use. ``service_linked_role`` is None if the mail does
    not depend on it. ``ledger_facts`` are further facts from the ledger, ``thresholds`` are the operator's.
    ``named_pools`` are the other pools that the identities' policies name; the mail does not depend on them.
    ``notices_state`` is the SES region of the identity that threat protection sends as; None without one.
    ``custom_sender`` is None if Cognito sends the mail itself. ``watched_regions`` is empty if they are not known.
    ``as_restored`` is the path as it would be with the sender that the pool lost; None if it lost none.
    ``from_local_part`` is the operator's, for a pool that sends as a domain and has no FROM address. ``application``
    are the tags of the pool that alerts show: no decision depends on them.
    """

    pool: Pool
    sender: Sender
    row: RegionRow | NoRow
    ses_states: tuple[SesRegionState, ...]
    candidates: Mapping[str, SesRegionState]
    service_linked_role: RoleReading | None
    taken_at: datetime
    ledger_facts: LedgerFacts = field(default_factory=LedgerFacts)
    thresholds: Thresholds = field(default_factory=Thresholds)
    named_pools: NamedPools = field(default_factory=NamedPools)
    notices_state: SesRegionState | None = None
    custom_sender: CustomSender | None = None
    watched_regions: frozenset[str] = frozenset()
    as_restored: "MailPath | None" = None
    from_local_part: str | None = None
    application: Mapping[str, str] = field(default_factory=dict)


def transient_refusal(path: MailPath) -> Unreadable | None:
    """A transient failure among the readings of the path, if there is one."""
    notices = () if path.notices_state is None else (path.notices_state,)
    ses_states = (*path.ses_states, *path.candidates.values(), *notices)
    sets = [ses_state.configuration_set for ses_state in ses_states]
    custom = path.custom_sender
    readings = (
        path.pool.tags,
        None if custom is None else custom.policy,
        None if custom is None else custom.key_state,
        path.pool.factors.first_factor,
        path.pool.factors.second_factor,
        path.pool.link_domain.custom_status if isinstance(path.pool.link_domain, LinkDomain) else path.pool.link_domain,
        path.pool.threat_notices,
        path.service_linked_role,
        *(reading for ses_state in ses_states for reading in (ses_state.identity, ses_state.account)),
        *sets,
        *(each.destinations for each in sets if isinstance(each, ConfigurationSet)),
        *(each.ip_pool.exists for each in sets if isinstance(each, ConfigurationSet) and each.ip_pool is not None),
    )
    refused = next((reading for reading in readings if isinstance(reading, Unreadable) and reading.transient), None)
    return refused or (None if path.as_restored is None else transient_refusal(path.as_restored))
