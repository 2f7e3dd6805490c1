"""The mail that arrived and the mail that was lost, for users of the sandbox and for tests.

The product never reads it: it has to find out from AWS's own answers.
"""

import datetime as dt
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.mail import emulator

DEFAULT_SENDER_DAILY_LIMIT = 50
DEFAULT_SENDER_RESET_HOUR = 9
"""Cognito's quotas page: 50 mails a day and account from the default sender, reset at 09:00 UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message that Cognito or another caller sent."""

    id: str
    time: float
    pool: str | None
    trigger: str
    sender: str
    reply_to: str | None
    to: str
    subject: str
    body: str
    ses_region: str | None
    identity: str | None
    message_type: str
    handed_to: str | None = None
    message_id: str | None = None
    """SES's response to the sender, if that is not the id itself."""

    def shown(self) -> emulator.Json:
        """Describe it for the control API."""
        return {
            "id": self.id,
            "time": self.time,
            "pool": self.pool,
            "trigger": self.trigger,
            "from": self.sender,
            "reply_to": self.reply_to,
            "to": self.to,
            "subject": self.subject,
            "body": self.body,
            "ses_region": self.ses_region,
            "identity": self.identity,
            "message_type": self.message_type,
            "handed_to": self.handed_to,
            "message_id": self.message_id or self.id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Why a message did not arrive: the stage of the chain, the reason, and the error the caller saw, if any."""

    stage: str
    reason: str
    error: str | None = None


class Mailbox:
    """Everything sent since the start or the last emptying; safe to use from several threads."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.RLock()
        self._delivered: list[Mail] = []
        self._lost: list[tuple[Mail, Loss]] = []
        self._default_sender: dict[str, list[float]] = {}

    def deliver(self, mail: Mail) -> None:
        """Keep a message that arrived."""
        with self._lock:
            self._delivered.append(mail)

    def lose(self, mail: Mail, loss: Loss) -> None:
        """Keep a message that did not arrive, with the reason."""
        with self._lock:
            self._lost.append((mail, loss))

    def delivered(self, pool: str | None, to: str | None) -> list[emulator.Json]:
        """List what arrived, oldest first, for one pool or recipient if named."""
        with self._lock:
            return [mail.shown() for mail in _matching(self._delivered, pool, to)]

    def lost(self, pool: str | None, to: str | None) -> list[emulator.Json]:
        """List what did not arrive, oldest first, with stage and reason."""
        with self._lock:
            kept = {mail.id for mail in _matching((mail for mail, _ in self._lost), pool, to)}
            return [
                mail.shown() | {"stage": loss.stage, "reason": loss.reason, "error": loss.error}
                for mail, loss in self._lost
                if mail.id in kept
            ]

    def empty(self) -> None:
        """Forget all messages; the default sender's count of the day stays."""
        with self._lock:
            self._delivered.clear()
            self._lost.clear()

    def default_sender_used_today(self, account: str) -> int:
        """Count what an account's pools sent from the default sender since 09:00 UTC."""
        with self._lock:
            start = _start_of_day(time.time())
            return sum(moment >= start for moment in self._default_sender.get(account, ()))

    def count_default_sender(self, account: str) -> None:
        """Count one more message from the default sender."""
        with self._lock:
            self._default_sender.setdefault(account, []).append(time.time())

    def set_default_sender_used(self, account: str, used: int) -> None:
        """Set the number of messages that the default sender sent today (control)."""
        with self._lock:
            self._default_sender[account] = [time.time()] * used


def _matching(mails: Iterable[Mail], pool: str | None, to: str | None) -> list[Mail]:
    return [mail for mail in mails if pool in (None, mail.pool) and to in (None, mail.to)]


def _start_of_day(now: float) -> float:
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    start = moment.replace(hour=DEFAULT_SENDER_RESET_HOUR, minute=0, second=0, microsecond=0)
    return (start if start <= moment else start - dt.timedelta(days=1)).timestamp()


MAILBOX = Mailbox()
