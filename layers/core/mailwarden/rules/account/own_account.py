"""Which SES accounts of ours a pool's mail leaves through."""

from collections.abc import Iterator

from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import SesAccount, SesAccountReading
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.regions import SenderUse


def sending_accounts(path: MailPath) -> Iterator[tuple[SesAccountRef, SesAccountReading]]:
    """The SES account of each side of a DEVELOPER pool; none for others.

    The default sender mails through an SES account of Cognito's, also as an identity of ours: quotas, bounces and
    complaints count against the delegate sender (SES guide, "Overview of Amazon SES sending authorization"), and
    Cognito's guide says to leave out the step of leaving the sandbox.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in judged_ses_states(path):
        account = ses_state.account
        yield (account.ref if isinstance(account, SesAccount) else ses_state.account_ref), account
