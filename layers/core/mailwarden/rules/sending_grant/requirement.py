"""What the sending policies must let Cognito do for a pool, and what they do not: one fault at most for each side.

Whether a policy is required: for the default sender with an identity always; for DEVELOPER where the pool's region is
an alternate-region row (Cognito guide, "Email settings"). Elsewhere a DEVELOPER pool sends through the service-linked
role, which needs no policy and can only be stopped by a Deny.
"""

from dataclasses import dataclass

from mailwarden.domain.mail_path.from_header import from_header
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign, region_answer, usable_ses_states
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.message import Message, message
from mailwarden.regions import NoRow, RegionAnswer, RegionRow, SenderUse
from mailwarden.rules.naming import no_row_message
from mailwarden.rules.sending_grant.question import GrantAnswer, GrantQuestion, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFault:
    """What is wrong on one side."""

    ses_state: SesRegionState
    identity: Identity
    question: GrantQuestion
    answer: GrantAnswer
    principal_needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """All faults of a path, in the order of its sides.

    ``unread`` says which reads were refused: then no rule can say that its fault is not there. ``principal_unknown``
    says why it is not known as whom Cognito sends: then nothing can be decided, which is MW407's to tell.
    """

    faults: tuple[SideFault, ...] = ()
    unread: tuple[Message, ...] = ()
    principal_unknown: Message | None = None


def is_required(row: RegionRow, use: SenderUse) -> bool:
    """Whether mail needs a statement that lets the Cognito service send."""
    return use is SenderUse.DEFAULT_CUSTOM_FROM or row.is_alternate


def authorization_of(path: MailPath) -> Authorization:
    """Judge every side; an identity that is missing is MW301's to report, and nothing is said of it here."""
    return _LAST.of(path)


@dataclass(slots=True)
class _Last:
    """The path that was asked about last, and the answer.

    Five rules ask of each path, one after the other, and no path ever changes. Both are replaced at once.
    """

    kept: tuple[MailPath, Authorization] | None = None

    def of(self, path: MailPath) -> Authorization:
        kept = self.kept
        if kept is None or kept[0] is not path:
            kept = self.kept = path, _judged(path)
        return kept[1]


_LAST = _Last()


def _judged(path: MailPath) -> Authorization:
    sender, row = path.sender, path.row
    if not isinstance(sender, UsesIdentity) or is_foreign(path):
        return Authorization()
    if isinstance(row, NoRow):
        return Authorization(principal_unknown=message("grant.principal-unknown", reason=no_row_message(row)))
    reason = _principal_unknown(path, row, sender)
    if reason is not None:
        return Authorization(principal_unknown=reason)
    faults: list[SideFault] = []
    unread: list[Message] = []
    for ses_state in usable_ses_states(path):
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                unread.append(refused.message)
            case Identity() as identity:
                question = _question(path, row, sender.use, ses_state, identity)
                found = answer(question)
                if found is not None:
                    faults.append(
                        SideFault(
                            ses_state=ses_state,
                            identity=identity,
                            question=question,
                            answer=found,
                            principal_needed=row.principal,
                        )
                    )
    return Authorization(faults=tuple(faults), unread=tuple(unread))


def _question(
    path: MailPath, row: RegionRow, use: SenderUse, ses_state: SesRegionState, identity: Identity
) -> GrantQuestion:
    return GrantQuestion(
        policies=tuple(identity.policies.items()),
        pool_arn=path.pool.ref.arn,
        account=path.pool.ref.account,
        identity_arn=ses_state.identity_ref.arn,
        principal=row.principal,
        header=from_header(path.pool.email, ses_state.identity_ref),
        required=is_required(row, use),
        as_role=use is SenderUse.DEVELOPER,
    )


def _principal_unknown(path: MailPath, row: RegionRow, sender: UsesIdentity) -> Message | None:
    if row.provisional:
        return message("grant.principal-provisional", region=row.pool_region)
    if region_answer(path) is RegionAnswer.UNKNOWN and sender.ref.region not in {"*", *row.regions(sender.use)}:
        return message(
            "grant.principal-undocumented",
            listed=tuple(row.regions(sender.use)),
            pool_region=row.pool_region,
            ses_region=sender.ref.region,
        )
    return None
