"""Which of our SES accounts send a pool's mail."""

from collections.abc import Iterator

from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.readings import SesAccount, SesAccountReading
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.regions import SenderUse


def sending_accounts(path: MailPath) -> Iterator[tuple[SesAccountRef, SesAccountReading]]:
    """The SES account of each side of a DEVELOPER pool; none for others.

    The default sender uses an SES account of Cognito, even if it sends as one of our identities: quotas, bounces and
    complaints count against the delegate sender (SES guide, "Overview of Amazon SES sending authorization"), and
    according to Cognito's guide you can skip the step that moves the account out of the sandbox.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in usable_ses_states(path):
        account = ses_state.account
        yield (account.ref if isinstance(account, SesAccount) else ses_state.account_ref), account
