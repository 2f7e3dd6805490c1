"""The mail path: everything that a pool's mail passes through, read at one moment, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.mail_path.consent import Consent
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.readings import (
    ConfigurationSet,
    ConfigurationSetReading,
    EmailConfiguration,
    Identity,
    IdentityReading,
    Missing,
    Pool,
    RoleReading,
    SenderMode,
    SesAccountReading,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, NotASubject, SesAccountRef
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.regions import NoRow, RegionRow, SenderUse


@dataclass(frozen=True, slots=True, kw_only=True)
class NoIdentity:
    """The pool uses no identity of ours: Cognito sends from its own address, or a Lambda sends."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedSource:
    """SourceArn is set but is not the ARN of an identity."""

    source_arn: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesIdentity:
    """The pool sends as this identity; ``ref.region`` is ``*`` in the two-region form of alternate-region pools."""

    ref: IdentityRef
    use: SenderUse


type Sender = NoIdentity | MalformedSource | UsesIdentity


def sender_of(email: EmailConfiguration, *, custom_sender_lambda: str | None) -> Sender:
    """Which identity, if any, a pool with this configuration sends as."""
    if custom_sender_lambda is not None:
        return NoIdentity(because=f"a custom e-mail sender Lambda receives every mail: {custom_sender_lambda}")
    if not email.source_arn:
        if email.mode is SenderMode.DEVELOPER:
            return MalformedSource(source_arn="", reason="EmailSendingAccount is DEVELOPER but SourceArn is not set")
        return NoIdentity(because="the default sender of Cognito is in use, without an identity of this account")
    try:
        ref = IdentityRef.from_arn(email.source_arn)
    except NotASubject as error:
        return MalformedSource(source_arn=email.source_arn, reason=str(error))
    use = SenderUse.DEVELOPER if email.mode is SenderMode.DEVELOPER else SenderUse.DEFAULT_CUSTOM_FROM
    return UsesIdentity(ref=ref, use=use)


def configuration_set_of(
    email: EmailConfiguration, identity_ref: IdentityRef, identity: IdentityReading
) -> ConfigurationSetRef | Unreadable | None:
    """Which set the mail of a pool passes through where it is sent as *identity_ref*; None where it is none of ours.

    The set that the pool names comes before the identity's default one (SES guide, "Understanding default configuration
    sets"). Mail of the default sender is Cognito's own. Unread where the default of the identity is not known.
    """
    if email.mode is not SenderMode.DEVELOPER:
        return None
    match email.configuration_set, identity:
        case str(name), _:
            pass
        case None, Identity(configuration_set=str(name)):
            pass
        case None, Unreadable():
            return identity
        case None, Identity() | Missing():
            return None
    return ConfigurationSetRef(
        partition=identity_ref.partition, region=identity_ref.region, account=identity_ref.account, name=name
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SesRegionState:
    """What one SES region contributes to the path: the identity there, the account, and the owner's consent.

    ``configuration_set`` is the set the mail passes through, the pool's or else the identity's default one; None where
    there is none, or where the mail is Cognito's own and no set of ours is used. ``feedback`` is what the ledger knows
    of the account's feedback, ``set_rates`` of the set's. ``mail_of_account`` and ``mail_of_set`` are what came back of
    the pool's mail in the hours that can be compared with their sends, None where there are none or it is little.
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
        """The SES account of this side's region."""
        ref = self.identity_ref
        return SesAccountRef(partition=ref.partition, region=ref.region, account=ref.account)

    @property
    def live_identity(self) -> Identity | None:
        """The identity if it exists and could be read."""
        return self.identity if isinstance(self.identity, Identity) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPath:
    """One pool and everything its mail passes through.

    ``ses_states`` has one entry for each SES region that the pool's mail uses (two for alternate-region pools on the
    default
    sender, none if no identity is used). ``candidates`` has, by SES region, what the pool could send as instead: the
    same identity where the pool may use it, read only if the configured region is not allowed; or the domain of an
    address that is no identity itself, in the region in use. ``service_linked_role`` is None where nothing depends on
    it. ``ledger_facts`` is what the ledger knows besides, ``thresholds`` are those of the operator. ``named_pools`` is
    what is known of the other pools that the policies of the identities name; the mail does not depend on it.
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


def transient_refusal(path: MailPath) -> Unreadable | None:
    """A reading on the path that AWS may give in a moment, if there is one."""
    ses_states = (*path.ses_states, *path.candidates.values())
    sets = [ses_state.configuration_set for ses_state in ses_states]
    readings = (
        path.pool.factors.second_factor,
        path.service_linked_role,
        *(reading for ses_state in ses_states for reading in (ses_state.identity, ses_state.account)),
        *sets,
        *(each.destinations for each in sets if isinstance(each, ConfigurationSet)),
    )
    return next((reading for reading in readings if isinstance(reading, Unreadable) and reading.transient), None)
