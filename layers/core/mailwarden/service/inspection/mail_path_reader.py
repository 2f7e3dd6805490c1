"""Reads everything that a pool's mail passes through and joins it into a MailPath, with as few reads as possible."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.findings.application_tags import APPLICATION_TAGS, application_of
from mailwarden.domain.findings.sender_reset import sender_reset_of
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.mail_path.consent_sources import consent_of
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.mail_path.path import (
    MailPath,
    Sender,
    SesRegionState,
    UsesIdentity,
    configuration_set_of,
    notices_identity,
    sender_of,
)
from mailwarden.domain.mail_path.pools_in_policies import pools_named
from mailwarden.domain.readings import (
    ConfigurationSetReading,
    CustomSender,
    IdentityReading,
    Missing,
    OwnReason,
    Pool,
    RoleReading,
    ThreatNotices,
    Unreadable,
)
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.domain.reputation.feedback import MailCounts, SesFeedback
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.ports.mail_path.configuration_sets import ConfigurationSets
from mailwarden.ports.mail_path.custom_senders import CustomSenders
from mailwarden.ports.mail_path.email_service_role import EmailServiceRole
from mailwarden.ports.mail_path.identities import Identities
from mailwarden.ports.mail_path.pools import Pools
from mailwarden.ports.mail_path.ses_accounts import SesAccounts
from mailwarden.regions import NoRow, RegionAnswer, RegionRow, RegionTable, SenderUse
from mailwarden.service.inspection.identity_names import (
    domains_of,
    identities_of,
    in_lower_case,
    in_region,
    is_foreign_to,
    own_region_first,
)
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.one_look import ReadOnce, RoleReadOnce
from mailwarden.service.monitoring.pool_existence import PoolExistence


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPathReader:
    """Reads mail paths through the ports."""

    pools: Pools
    identities: Identities
    configuration_sets: ConfigurationSets
    accounts: SesAccounts
    role: EmailServiceRole
    table: RegionTable
    consents: ConsentSettings
    ledger: LedgerFactsReader | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    register: PoolExistence | None = None
    custom_senders: CustomSenders | None = None
    from_local_part: str | None = None
    application_tags: tuple[str, ...] = APPLICATION_TAGS

    def look(
        self, ref: PoolRef, *, at: datetime, fresh: bool, cause: Cause | None = None, known: Pool | None = None
    ) -> MailPath | Missing | Unreadable:
        """One pool's current path; ``fresh`` bypasses the cache for all of it, ``cause`` is the cause of the look.

        ``known`` is the pool if it was read at *at*: it is not read again.

        At most seven reads if the identity exists in an allowed region: the pool and its MFA factors; the identity and
        the account of each SES region, two of them only on the default sender; the role, and the configuration set with
        its destinations, only on DEVELOPER; and sometimes a pool that a policy names and the ledger does not know.
        A pool with a custom sender costs three: itself, the policy of the function, and the key. Candidates cost
        further reads. So do a custom domain of links, a dedicated IP pool, and threat protection: its risk
        configuration, and the identity and the account of its sender if they are others. A pool that lost its sender
        costs the reads of that sender, too; no resource is read twice.
        """
        pool = known or self.pools.read(ref)
        if not isinstance(pool, Pool):
            return pool
        return self._reading_once().path_of(pool, at=at, fresh=fresh, cause=cause)

    def _reading_once(self) -> "MailPathReader":
        return replace(
            self,
            identities=ReadOnce(below=self.identities),
            configuration_sets=ReadOnce(below=self.configuration_sets),
            accounts=ReadOnce(below=self.accounts),
            role=RoleReadOnce(below=self.role),
        )

    def path_of(self, pool: Pool, *, at: datetime, fresh: bool, cause: Cause | None) -> MailPath:
        """The path of a pool that was read at *at*, and the one that it would have with the sender that it lost."""
        ref = pool.ref
        sender = sender_of(pool.email, custom_sender_lambda=pool.custom_sender_lambda)
        identities = identities_of(ref, sender, self.table.row(ref.region))
        if self.ledger is None:
            return self._joined(pool, LedgerFacts(), at=at, fresh=fresh)
        ledger_facts = self.ledger.facts_of(pool, identities=identities, cause=cause, at=at)
        path = self._joined(pool, ledger_facts, at=at, fresh=fresh)
        reset = sender_reset_of(path)
        if reset is None:
            return path
        ledger_facts = replace(ledger_facts, email_is_shown=self.ledger.shows_email(ref.region))
        restored = self._joined(replace(pool, email=reset.known.email), ledger_facts, at=at, fresh=fresh)
        return replace(path, ledger_facts=ledger_facts, as_restored=restored)

    def _joined(self, pool: Pool, ledger_facts: LedgerFacts, *, at: datetime, fresh: bool) -> MailPath:
        """The path of *pool* as it was read, or with another EmailConfiguration."""
        ref, sender = pool.ref, sender_of(pool.email, custom_sender_lambda=pool.custom_sender_lambda)
        row = self.table.row(ref.region)
        identities = identities_of(ref, sender, row)
        ses_states = tuple(self._ses_state(identity, pool, sender, row, fresh=fresh) for identity in identities)
        if self.ledger is not None and self._is_much(ledger_facts.mail):
            ses_states = tuple(self.ledger.with_mail(ses_state, ref) for ses_state in ses_states)
        return MailPath(
            pool=pool,
            sender=sender,
            row=row,
            ses_states=ses_states,
            candidates=self._candidates(pool, sender, row, ses_states, fresh=fresh),
            service_linked_role=self._role(sender, fresh=fresh),
            taken_at=at,
            ledger_facts=ledger_facts,
            thresholds=self.thresholds,
            named_pools=self._named_pools(pool.ref, ses_states, at, fresh=fresh),
            notices_state=self._notices_state(pool, row, ses_states, fresh=fresh),
            custom_sender=self._custom_sender(pool),
            from_local_part=self.from_local_part,
            application=application_of(pool.tags, self.application_tags),
            watched_regions=frozenset() if self.register is None else self.register.watched_regions,
        )

    def _custom_sender(self, pool: Pool) -> CustomSender | None:
        function = pool.custom_sender_lambda
        if function is None or self.custom_senders is None:
            return None
        return self.custom_senders.read(function, pool.custom_sender_key)

    def _named_pools(
        self, pool: PoolRef, ses_states: tuple[SesRegionState, ...], at: datetime, *, fresh: bool
    ) -> NamedPools:
        if self.register is None:
            return NamedPools()
        identities = (ses_state.live_identity for ses_state in ses_states)
        policies = (identity.policies for identity in identities if identity is not None)
        named = frozenset[PoolRef]().union(*(pools_named(each, pool) for each in policies))
        return self.register.about(named, of=pool, pools=self.pools, at=at, fresh=fresh)

    def _role(self, sender: Sender, *, fresh: bool) -> RoleReading | None:
        if isinstance(sender, UsesIdentity) and sender.use is SenderUse.DEVELOPER:
            return self.role.read(fresh=fresh)
        return None

    def _ses_state(
        self, identity_ref: IdentityRef, pool: Pool, sender: Sender, row: RegionRow | NoRow, *, fresh: bool
    ) -> SesRegionState:
        identity = self._identity(identity_ref, pool.ref, fresh=fresh)
        account_ref = SesAccountRef(
            partition=identity_ref.partition, region=identity_ref.region, account=pool.ref.account
        )
        configuration_set = self._configuration_set(identity_ref, identity, pool, fresh=fresh)
        return SesRegionState(
            identity_ref=identity_ref,
            identity=identity,
            account=self.accounts.read(account_ref, fresh=fresh),
            consent=consent_of(
                identity_ref,
                identity,
                pool.ref,
                principal=row.principal if isinstance(row, RegionRow) else None,
                settings=self.consents,
            ),
            configuration_set=configuration_set,
            feedback=self._feedback(account_ref, sender, fresh=fresh),
            set_rates=None if self.ledger is None else self.ledger.rates_of(configuration_set, fresh=fresh),
        )

    def _notices_state(
        self, pool: Pool, row: RegionRow | NoRow, ses_states: tuple[SesRegionState, ...], *, fresh: bool
    ) -> SesRegionState | None:
        """The SES region of threat protection's sender; its notices pass through no configuration set that is known."""
        notices = pool.threat_notices
        ref = notices_identity(notices) if isinstance(notices, ThreatNotices) else None
        if ref is None:
            return None
        known = next((ses_state for ses_state in ses_states if ses_state.identity_ref == ref), None)
        if known is not None:
            return replace(known, configuration_set=None, set_rates=None)
        identity = self._identity(ref, pool.ref, fresh=fresh)
        account = SesAccountRef(partition=ref.partition, region=ref.region, account=pool.ref.account)
        principal = row.principal if isinstance(row, RegionRow) else None
        return SesRegionState(
            identity_ref=ref,
            identity=identity,
            account=self.accounts.read(account, fresh=fresh),
            consent=consent_of(ref, identity, pool.ref, principal=principal, settings=self.consents),
        )

    def _feedback(self, account: SesAccountRef, sender: Sender, *, fresh: bool) -> SesFeedback:
        """The feedback about the account; mail of the default sender passes through none of ours."""
        if self.ledger is None or not isinstance(sender, UsesIdentity) or sender.use is not SenderUse.DEVELOPER:
            return SesFeedback()
        return self.ledger.feedback_of(account, fresh=fresh)

    def _is_much(self, mail: MailCounts | None) -> bool:
        """Whether there are enough failures to compare them with the sends."""
        limits = self.thresholds
        return mail is not None and (
            mail.hard_bounces >= limits.least_bounces or mail.complaints >= limits.least_complaints
        )

    def _identity(self, identity: IdentityRef, pool: PoolRef, *, fresh: bool) -> IdentityReading:
        # Our own account may have another identity of the same name, which must not be judged instead.
        if identity.account != pool.account:
            return _not_ours(identity, OwnReason.OTHER_ACCOUNT, identity.account)
        if identity.partition != pool.partition:
            return _not_ours(identity, OwnReason.OTHER_PARTITION, identity.partition)
        return self.identities.read(identity, fresh=fresh)

    def _configuration_set(
        self, identity_ref: IdentityRef, identity: IdentityReading, pool: Pool, *, fresh: bool
    ) -> ConfigurationSetReading | None:
        used = configuration_set_of(pool.email, identity_ref, identity)
        return self.configuration_sets.read(used, fresh=fresh) if isinstance(used, ConfigurationSetRef) else used

    def _candidates(
        self, pool: Pool, sender: Sender, row: RegionRow | NoRow, ses_states: tuple[SesRegionState, ...], *, fresh: bool
    ) -> dict[str, SesRegionState]:
        """The identities that the pool could use if its own is not usable."""
        if not isinstance(sender, UsesIdentity) or isinstance(row, NoRow) or is_foreign_to(sender.ref, pool.ref):
            return {}
        match row.answer(sender.use, sender.ref.region):
            case RegionAnswer.NOT_ALLOWED if not row.needs_all_regions(sender.use):
                return self._elsewhere(pool, sender, row, fresh=fresh)
            case RegionAnswer.ALLOWED:
                missing = (each.identity_ref for each in ses_states if isinstance(each.identity, Missing))
                nearest = {ref.region: self._nearest(ref, pool, sender, row, fresh=fresh) for ref in missing}
                return {region: found for region, found in nearest.items() if found is not None}
            case _:
                return {}

    def _nearest(
        self, ref: IdentityRef, pool: Pool, sender: UsesIdentity, row: RegionRow, *, fresh: bool
    ) -> SesRegionState | None:
        """A substitute for a missing identity: the same one in lower case, or the domain of an address."""
        lower = in_lower_case(ref)
        found = None if lower == ref else self._ses_state(lower, pool, sender, row, fresh=fresh)
        if found is not None and _is_verified(found):
            return found
        may_be_domain = ref.is_address and sender.use is SenderUse.DEVELOPER
        return self._domain(ref, pool, sender, row, fresh=fresh) if may_be_domain else None

    def _domain(
        self, address: IdentityRef, pool: Pool, sender: UsesIdentity, row: RegionRow, *, fresh: bool
    ) -> SesRegionState:
        """The domain of an address; if it is not verified, a verified parent domain, if there is one."""
        domain, *parents = domains_of(address)
        its_own = self._ses_state(domain, pool, sender, row, fresh=fresh)
        if _is_verified(its_own) or isinstance(its_own.identity, Unreadable):
            return its_own
        above = (self._ses_state(parent, pool, sender, row, fresh=fresh) for parent in parents)
        return next(filter(_is_verified, above), its_own)

    def _elsewhere(self, pool: Pool, sender: UsesIdentity, row: RegionRow, *, fresh: bool) -> dict[str, SesRegionState]:
        """The same identity in an allowed region.

        The pool's own region comes first. Reading stops at the first verified identity.
        """
        found: dict[str, SesRegionState] = {}
        for region in own_region_first(row.regions(sender.use), pool.ref.region):
            ref = in_region(sender.ref, region)
            ses_state = self._ses_state(ref, pool, sender, row, fresh=fresh)
            found[region] = ses_state
            if _is_verified(ses_state):
                break
        return found


def _is_verified(ses_state: SesRegionState) -> bool:
    identity = ses_state.live_identity
    return identity is not None and identity.verified_for_sending


def _not_ours(identity: IdentityRef, reason: OwnReason, about: str) -> Unreadable:
    return Unreadable(action="ses:GetEmailIdentity", region=identity.region, reason=reason, about=about)
