"""Whether a pool that verified addresses by mail still does, and who ended it; pure, as the steps of a sender are.

UpdateUserPool resets AutoVerifiedAttributes if it is left out (measured; Cognito API reference, UpdateUserPool): from
then on Cognito sends no verification code at all, and no call fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.known_good.origin import Authorship, loss_by, since
from mailwarden.domain.refs.call_words import VerificationWord
from mailwarden.domain.refs.causes import Cause, joined_calls
from mailwarden.domain.refs.resources import PoolRef

ATTRIBUTES = "AutoVerifiedAttributes"
ACCEPTED = "accept-loss"
"""The order of a person who intended a loss."""
_EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVerification:
    """The pool is expected to verify addresses by mail; ``calls`` may have ended it, each without others.

    ``modified``: LastModifiedDate in the last look that found it to verify.
    """

    modified: datetime
    calls: tuple[Cause, ...] = ()


def verifies_by_mail(settings: Mapping[str, str]) -> bool:
    """Whether the settings of a pool, by path, contain email among the attributes that are verified."""
    return _EMAIL in settings.get(ATTRIBUTES, "").split(", ")


def verification_now(
    known: KnownVerification | None, cause: Cause | None, *, pool: PoolRef
) -> KnownVerification | None:
    """*known* with the calls of *cause* that may have ended it."""
    if known is None or cause is None:
        return known
    calls = (
        *since(cause.calls, known.modified, pool=pool),
        *(call for call in cause.calls if call.event_name == ACCEPTED),
    )
    return KnownVerification(modified=known.modified, calls=joined_calls(known.calls, calls))


def lost_verification(known: KnownVerification | None, settings: Mapping[str, str]) -> Authorship | None:
    """Who ended the verification of a pool with these *settings*; None if it goes on, or if it was ended by choice.

    Only a call that names the attributes leaves others than email; one that hides their value is a choice: see
    ``loss_by``.
    """
    if known is None or settings.get(ATTRIBUTES):
        return None
    if any(call.event_name == ACCEPTED for call in known.calls):
        return None
    return loss_by(
        known.calls,
        lambda call: call.verification,
        sets=VerificationWord.EMAIL,
        ends=(VerificationWord.OTHERS, VerificationWord.NAMED),
        hidden=VerificationWord.HIDDEN,
    )


def verification_after(
    known: KnownVerification | None, settings: Mapping[str, str], *, modified: datetime
) -> KnownVerification | None:
    """The expectation after a look that found the pool with *settings*, modified at *modified*."""
    if verifies_by_mail(settings):
        calls = () if known is None else tuple(call for call in known.calls if call.at > modified)
        return KnownVerification(modified=modified, calls=calls)
    return known if lost_verification(known, settings) is not None else None
