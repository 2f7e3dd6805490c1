"""Whether a pool sends from Cognito's default sender, and how much mail that sender accepts."""

from datetime import UTC, datetime, timedelta

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import SenderMode

# For all pools of the account together (Cognito developer guide, "Quotas").
MAILS_A_DAY = 50
# "Resets daily at 09:00 UTC" (the same page).
_RESET_HOUR = 9


def mails_from_default_sender(path: MailPath) -> bool:
    """Whether Cognito's own SES account sends the pool's mail; not where a Lambda function receives every mail."""
    return path.pool.custom_sender_lambda is None and path.pool.email.mode is SenderMode.COGNITO_DEFAULT


def next_reset(at: datetime) -> datetime:
    """The first time after *at* at which the count of the day starts again; UTC."""
    reset = at.astimezone(UTC).replace(hour=_RESET_HOUR, minute=0, second=0, microsecond=0)
    return reset if at < reset else reset + timedelta(days=1)
