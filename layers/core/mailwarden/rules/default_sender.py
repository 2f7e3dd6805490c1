"""Whether a pool mails from Cognito's default sender."""

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import SenderMode


def mails_from_default_sender(path: MailPath) -> bool:
    """Whether Cognito's own SES account sends, as whomever; not where a Lambda takes every mail."""
    return path.pool.custom_sender_lambda is None and path.pool.email.mode is SenderMode.COGNITO_DEFAULT
