"""What the sending policies must let Cognito do for a pool, and what they do not: one fault at most for each side.

Whether a policy is required: for the default sender with an identity always; for DEVELOPER where the pool's region is
an alternate-region row (Cognito guide, "Email settings"). Elsewhere a DEVELOPER pool sends through the service-linked
role, which needs no policy and can only be stopped by a Deny.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailwarden.domain.mail_path import MailPath, SesSide, UsesIdentity
from mailwarden.domain.readings import Identity, Missing, Unread
from mailwarden.policy import (
    SERVICE_LINKED_ROLE,
    ActionMismatch,
    Allowed,
    Denied,
    NotAllowed,
    Reading,
    Sender,
    SendingDecision,
    Undecidable,
    blocking_denies,
    cognito_service,
    decide_sending,
    grants_naming_pool,
    service_linked_role,
    trusted_cognito_principals,
)
from mailwarden.regions import NoRow, RegionAnswer, RegionRow, SenderUse
from mailwarden.rules.authorization.from_header import from_header
from mailwarden.rules.sides import is_foreign, judged_sides, region_answer


class Fault(StrEnum):
    """What is wrong with the authorization of one side; each has its own rule."""

    NO_GRANT = "no grant"
    DENIED = "denied"
    WRONG_PRINCIPAL = "wrong principal"
    UNDECIDABLE = "undecidable"
    HALF_A_GRANT = "half a grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFault:
    """The fault of one side, with the evaluation in one sentence and the principals concerned.

    ``stopped`` is who cannot send: a service principal, or the service-linked role.
    """

    side: SesSide
    identity: Identity
    fault: Fault
    sentence: str
    stopped: str
    principal_needed: str
    principals_found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """All faults of a path, in the order of its sides.

    ``unread`` says which reads were refused: then no rule can say that its fault is not there. ``principal_unknown``
    says why it is not known as whom Cognito sends: then nothing can be decided, which is MW407's to tell.
    """

    faults: tuple[SideFault, ...] = ()
    unread: tuple[str, ...] = ()
    principal_unknown: str | None = None


def is_required(row: RegionRow, use: SenderUse) -> bool:
    """Whether mail needs a statement that lets the Cognito service send."""
    return use is SenderUse.DEFAULT_CUSTOM_FROM or row.is_alternate


def authorization_of(path: MailPath) -> Authorization:
    """Judge every side; an identity that is missing is MW301's to report, and nothing is said of it here."""
    sender, row = path.sender, path.row
    if not isinstance(sender, UsesIdentity) or is_foreign(path):
        return Authorization()
    if isinstance(row, NoRow):
        return Authorization(principal_unknown=f"as which principal Cognito sends is not known: {row.reason}")
    reason = _principal_unknown(path, row, sender)
    if reason is not None:
        return Authorization(principal_unknown=reason)
    faults: list[SideFault] = []
    unread: list[str] = []
    for side in judged_sides(path):
        match side.identity:
            case Missing():
                continue
            case Unread() as refused:
                unread.append(str(refused))
            case Identity() as identity:
                fault = _Judge(path=path, row=row, use=sender.use, side=side, identity=identity).fault()
                if fault is not None:
                    faults.append(fault)
    return Authorization(faults=tuple(faults), unread=tuple(unread))


def _principal_unknown(path: MailPath, row: RegionRow, sender: UsesIdentity) -> str | None:
    if row.provisional:
        return f"as which principal Cognito sends is not known: the row of {row.pool_region} is provisional"
    if region_answer(path) is RegionAnswer.UNKNOWN and sender.ref.region not in {"*", *row.regions(sender.use)}:
        return (
            f"as which principal Cognito sends is not known: the page lists {', '.join(row.regions(sender.use))} for "
            f"{row.pool_region}, and whether it accepts {sender.ref.region} by now is not documented"
        )
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Judges one side."""

    path: MailPath
    row: RegionRow
    use: SenderUse
    side: SesSide
    identity: Identity

    def fault(self) -> SideFault | None:
        """The worst that can be said: what is certainly lost comes before what cannot be decided."""
        service = self._service(self.row.principal)
        role = self._role() if self.use is SenderUse.DEVELOPER else None
        role_denials = None if role is None else blocking_denies(self.identity.policies, role)
        if role_denials is not None and role_denials.certain:
            return self._fault(Fault.DENIED, _denies(role_denials.certain), stopped=SERVICE_LINKED_ROLE)
        found = self._required(service) if is_required(self.row, self.use) else self._advisory(service)
        if found is None and role_denials is not None and role_denials.possible:
            return self._fault(Fault.UNDECIDABLE, _may_deny(role_denials.possible), stopped=SERVICE_LINKED_ROLE)
        return found

    def _required(self, service: Sender) -> SideFault | None:
        decided = decide_sending(self.identity.policies, service)
        sentence = decided.decision.sentence
        match decided.decision:
            case Allowed():
                return None
            case Denied():
                return self._fault(Fault.DENIED, sentence)
            case Undecidable():
                return self._fault(Fault.UNDECIDABLE, sentence)
            case NotAllowed():
                return self._fault(self._kind_of_gap(decided, service), sentence)

    def _kind_of_gap(self, decided: SendingDecision, service: Sender) -> Fault:
        if decided.allowed_actions or self._only_the_action_fails(service):
            return Fault.HALF_A_GRANT
        others = {name for name in self._principals_found() if name != self.row.principal}
        if any(self._would_send_as(name) for name in others):
            return Fault.WRONG_PRINCIPAL
        return Fault.NO_GRANT

    def _only_the_action_fails(self, service: Sender) -> bool:
        return any(
            grant.fails_only_on_principal_or_action
            and all(isinstance(mismatch, ActionMismatch) for mismatch in grant.mismatches)
            for grant in grants_naming_pool(self.identity.policies, service)
        )

    def _would_send_as(self, principal: str) -> bool:
        return isinstance(decide_sending(self.identity.policies, self._service(principal)).decision, Allowed)

    def _advisory(self, service: Sender) -> SideFault | None:
        """Where the role sends, a Deny for the service is a doubt only: as which of the two it calls nobody says."""
        denials = blocking_denies(self.identity.policies, service)
        if denials.certain:
            return self._fault(Fault.UNDECIDABLE, f"{_denies(denials.certain)}, and Cognito may send as it")
        if denials.possible:
            return self._fault(Fault.UNDECIDABLE, _may_deny(denials.possible))
        return None

    def _service(self, principal: str) -> Sender:
        header = from_header(self.path.pool.email, self.side.identity_ref)
        return cognito_service(
            principal=principal,
            pool_arn=self.path.pool.ref.arn,
            identity_arn=self.side.identity_ref.arn,
            from_address=header.address,
            from_display_name=header.display_name,
        )

    def _role(self) -> Sender:
        header = from_header(self.path.pool.email, self.side.identity_ref)
        return service_linked_role(
            account=self.path.pool.ref.account,
            identity_arn=self.side.identity_ref.arn,
            from_address=header.address,
            from_display_name=header.display_name,
        )

    def _principals_found(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.name for found in trusted_cognito_principals(self.identity.policies)))

    def _fault(self, fault: Fault, sentence: str, *, stopped: str | None = None) -> SideFault:
        return SideFault(
            side=self.side,
            identity=self.identity,
            fault=fault,
            sentence=sentence,
            stopped=stopped or self.row.principal,
            principal_needed=self.row.principal,
            principals_found=self._principals_found(),
        )


def _denies(readings: Sequence[Reading]) -> str:
    return f"{'; '.join(str(reading.ref) for reading in readings)} explicitly denies it"


def _may_deny(readings: Sequence[Reading]) -> str:
    return "; ".join(f"{reading.ref} may deny it: {reading.because}" for reading in readings)
