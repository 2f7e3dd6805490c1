"""Records SES notices, and sends hints for their pools."""

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
        """Record a notice or its end, and send hints; returns False if a later notice about the same is known.

        The looks are fresh, because *cause* is a change.
        """
        # A notice from a fast clock would outlive every later notice.
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
        # A tenant, or an unknown kind of resource.
        return (whole,)
    match subject:
        case IdentityRef():
            return (whole, IdentityHint(identity=subject, cause=cause))
        case ConfigurationSetRef():
            return (whole, ConfigurationSetHint(configuration_set=subject, cause=cause))
        case _:
            return (whole,)
