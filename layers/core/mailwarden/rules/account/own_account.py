"""Which SES accounts of ours a pool's mail leaves through."""

from collections.abc import Iterator

from mailwarden.domain.mail_path import MailPath, UsesIdentity
from mailwarden.domain.readings import SesAccount, SesAccountReading
from mailwarden.domain.sides import judged_sides
from mailwarden.domain.subjects import SesAccountRef
from mailwarden.regions import SenderUse


def sending_accounts(path: MailPath) -> Iterator[tuple[SesAccountRef, SesAccountReading]]:
    """The SES account of each side of a DEVELOPER pool; none for others.

    The default sender mails through an SES account of Cognito's, also as an identity of ours: quotas, bounces and
    complaints count against the delegate sender (SES guide, "Overview of Amazon SES sending authorization"), and
    Cognito's guide says to leave out the step of leaving the sandbox.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for side in judged_sides(path):
        account = side.account
        yield (account.ref if isinstance(account, SesAccount) else side.account_ref), account
