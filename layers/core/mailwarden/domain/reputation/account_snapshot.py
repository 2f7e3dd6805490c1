"""The result of GetAccount at the last run, stored to detect changes."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.readings import Enforcement, SesAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSnapshot:
    """An SES account as it was read at ``read_at``."""

    account: SesAccount
    read_at: datetime


def is_to_be_judged_anew(before: SesAccount, now: SesAccount, *, quota_share: float) -> bool:
    """Whether the rules about the account may have other findings than before (MW501 to MW504)."""
    return _state(before, quota_share) != _state(now, quota_share)


def _state(account: SesAccount, quota_share: float) -> tuple[Enforcement, bool, bool, bool, bool]:
    # -1 is unlimited, and a quota of 0 has no used share.
    quota, sent = account.max_24_hour_send, account.sent_last_24_hours
    return (
        account.enforcement,
        account.sending_enabled,
        account.production_access,
        quota > 0 and sent >= quota_share * quota,
        quota > 0 and sent >= quota,
    )
