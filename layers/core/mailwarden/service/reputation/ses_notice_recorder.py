"""Keeps what SES itself says, and has the pools looked at that it concerns."""

from dataclasses import dataclass, replace

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import ConfigurationSetHint, Hint, IdentityHint, SesAccountHint
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, NotASubject, subject_from_arn
from mailwarden.domain.reputation.feedback import SesNotice
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.reputation.ses_notices import SesNotices


@dataclass(frozen=True, slots=True, kw_only=True)
class SesNoticeRecorder:
    """Writes notices and hints."""

    notices: SesNotices
    hints: HintQueue
    clock: Clock

    def keep(self, notice: SesNotice, *, stands: bool, cause: Cause) -> bool:
        """Keep a notice, or that it is over, and ask for looks; False if a later word about the same is known.

        The looks read everything anew, because *cause* says that something changed.
        """
        # One from a clock that is ahead would outlive every later word.
        known = replace(notice, at=min(notice.at, self.clock.now()))
        if not self.notices.put(known, stands=stands):
            return False
        self.hints.send([DelayedHint(hint=hint) for hint in _concerned(notice, cause)])
        return True


def _concerned(notice: SesNotice, cause: Cause) -> tuple[Hint, ...]:
    whole = SesAccountHint(account=notice.account, cause=cause)
    try:
        subject = subject_from_arn(notice.about)
    except NotASubject:
        # A tenant, or something that SES names and nobody knows yet.
        return (whole,)
    match subject:
        case IdentityRef():
            return (whole, IdentityHint(identity=subject, cause=cause))
        case ConfigurationSetRef():
            return (whole, ConfigurationSetHint(configuration_set=subject, cause=cause))
        case _:
            return (whole,)
