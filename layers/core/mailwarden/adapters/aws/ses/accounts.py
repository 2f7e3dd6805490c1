"""Reads the SES account of a region: sandbox, sending, enforcement, quota, suppression."""

from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import unread
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.readings import Enforcement, OwnReason, SesAccount, SesAccountReading, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef

GET = "ses:GetAccount"


class SesV2Accounts:
    """Implements the port ``SesAccounts`` with SES v2; ``account`` is the deployment's, and the only one it reads."""

    def __init__(self, *, clients: Clients, account: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._account = account
        self._monotonic = monotonic
        self._recent = TtlCache[SesAccountRef, SesAccount](monotonic=monotonic)

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:
        """One region's account; ``fresh`` bypasses the cache. A failed read is not cached."""
        kept = None if fresh else self._recent.get(account)
        if kept is not None:
            return kept
        asked_at = self._monotonic()
        reading = self._read(account)
        if not isinstance(reading, Unreadable):
            self._recent.keep(account, reading, asked_at=asked_at)
        return reading

    def _read(self, account: SesAccountRef) -> SesAccountReading:
        if account.account != self._account:
            return Unreadable(action=GET, region=account.region, reason=OwnReason.OTHER_ACCOUNT, about=account.account)
        try:
            answer = self._clients.sesv2(account.region).get_account()
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=GET, region=account.region)
        enforcement = answer["EnforcementStatus"]
        quota = answer["SendQuota"]
        return SesAccount(
            ref=account,
            production_access=answer["ProductionAccessEnabled"],
            sending_enabled=answer["SendingEnabled"],
            enforcement=Enforcement(enforcement) if enforcement in set(Enforcement) else Enforcement.UNKNOWN,
            max_24_hour_send=quota["Max24HourSend"],
            sent_last_24_hours=quota["SentLast24Hours"],
            # AWS does not document whether it leaves the list, or all of it, out when no reason is set.
            suppressed_reasons=frozenset(answer.get("SuppressionAttributes", {}).get("SuppressedReasons", ())),
        )
