"""Whether a pool sends from Cognito's default sender, and how much mail that sender accepts."""

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import SenderMode

# For all pools of the account together (Cognito developer guide, "Quotas").
MAILS_A_DAY = 50


def mails_from_default_sender(path: MailPath) -> bool:
    """Whether Cognito's own SES account sends the pool's mail; not where a Lambda function receives every mail."""
    return path.pool.custom_sender_lambda is None and path.pool.email.mode is SenderMode.COGNITO_DEFAULT
