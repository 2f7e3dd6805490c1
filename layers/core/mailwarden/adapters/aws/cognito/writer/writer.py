"""Writes a pool's EmailConfiguration and nothing else, with AWS's only call for it: UpdateUserPool.

The call replaces the whole pool and has no condition. So the writer looks, builds the whole request, looks again and
compares, writes, looks again and compares everything. A second write never restores other members: a difference may be
a deliberate change of another actor inside the window, and AWS would drop from a second full request the same members
that it dropped from the first. Such a case needs an operator, and the outcome names the members.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from logging import getLogger

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.writer.attempts import PoolUpdate, Taken, drift
from mailwarden.adapters.aws.cognito.writer.diff import differing_in_meaning, mfa_differences, pool_differences
from mailwarden.adapters.aws.cognito.writer.request import CannotBeSentBack, update_request
from mailwarden.adapters.aws.cognito.writer.snapshot import Look, PoolLooks
from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.raw_responses import RawMembers
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import SenderMode
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written
from mailwarden.domain.repair.write_window import ReportWindow, WriteWindow
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock

# Seconds before another look, while the pool still shows the old EmailConfiguration.
_UNTIL_SEEN = (0.2, 0.6, 1.8)

_logger = getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoWriter:
    """Carries out ReplaceEmailConfiguration.

    Args:
        clients: Of all regions.
        account: The deployment's account; pools of other accounts are refused.
        clock: Dates the start of the window between comparison and write.
        monotonic: A monotonic clock in seconds, to measure that window.
        sleep: Waits for a number of seconds.
        report_window: Receives the window of every accepted write, for a metric.
    """

    clients: Clients
    account: str
    clock: Clock
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    report_window: ReportWindow

    def write(self, change: ReplaceEmailConfiguration, *, entry_id: str) -> WriteOutcome:
        """Write ``after`` if ``before`` is live; raises transient errors (throttles, timeouts, AWS faults)."""
        reason = _why_never(change, self.account)
        if reason is not None:
            return Refused(reason=reason)
        looks = PoolLooks(clients=self.clients)
        first = looks.before(change.pool)
        if not isinstance(first, Look):
            return first
        moved = drift(change, first)
        if moved is not None:
            return Drifted(reason=moved)
        mfa = looks.mfa_before(change.pool)
        if isinstance(mfa, Drifted | Refused):
            return mfa
        reason = _why_not_this_pool(change, first.members, mfa)
        if reason is not None:
            return Refused(reason=reason)
        try:
            request = self._request(change, first)
        except CannotBeSentBack as error:
            return Refused(reason=message("write.pool-not-expressible", member=str(error)))
        sent = self._update(looks).carry_out(change, request, first)
        if not isinstance(sent, Taken):
            return sent
        return self._verify(change, sent.over, mfa, looks, entry_id)

    def _request(self, change: ReplaceEmailConfiguration, pool: Look) -> Mapping[str, object]:
        model = self.clients.cognito_writing(change.pool.region).meta.service_model
        # The mode is always sent: without it, a default would decide.
        email = {"EmailSendingAccount": change.after.mode.value} | email_document(change.after)
        return update_request(pool.members, model.operation_model("UpdateUserPool").input_shape, email=email)

    def _update(self, looks: PoolLooks) -> PoolUpdate:
        return PoolUpdate(
            clients=self.clients,
            looks=looks,
            clock=self.clock,
            monotonic=self.monotonic,
            sleep=self.sleep,
            report_window=self._report_window,
        )

    def _report_window(self, window: WriteWindow) -> None:
        _logger.info(
            "pool written",
            extra={
                "resource": window.resource,
                "window_ms": window.milliseconds,
                "compared_at": window.compared_at.isoformat(),
            },
        )
        self.report_window(window)

    def _verify(
        self,
        change: ReplaceEmailConfiguration,
        over: Look,
        mfa: RawMembers,
        looks: PoolLooks,
        entry_id: str,
    ) -> WriteOutcome:
        try:
            live = self._look_until_seen(change, looks)
            live_mfa = looks.mfa(change.pool)
        except (ClientError, BotoCoreError) as error:
            return _unverified(code_of(error))
        except MalformedDocument:
            return _unverified("UnexpectedResponse")
        wrong = (
            *(f"EmailConfiguration.{name}" for name in differing_in_meaning(change.after, live.email)),
            *pool_differences(over.members, live.members),
            *(f"MfaConfiguration.{path}" for path in mfa_differences(mfa, live_mfa)),
        )
        if wrong:
            return SideEffect(reason=message("write.also-changed", members=wrong))
        return Written(entry_id=entry_id)

    def _look_until_seen(self, change: ReplaceEmailConfiguration, looks: PoolLooks) -> Look:
        live = looks.pool(change.pool)
        for pause in _UNTIL_SEEN:
            if live.email != change.before:
                break
            self.sleep(pause)
            live = looks.pool(change.pool)
        return live


def _unverified(reason: str) -> SideEffect:
    return SideEffect(reason=message("write.not-verified", code=reason))


def _why_never(change: ReplaceEmailConfiguration, account: str) -> Message | None:
    """Why the change itself is invalid (Cognito API reference, EmailConfigurationType), or None."""
    before, after = change.before, change.after
    if change.pool.account != account:
        return message("write.pool-of-another-account", account=change.pool.account)
    if not differing_in_meaning(before, after):
        return message("write.no-change")
    if after.mode is SenderMode.COGNITO_DEFAULT and after.from_address is not None:
        return message("write.from-on-default-sender")
    if after.mode is SenderMode.DEVELOPER and not after.source_arn:
        return message("write.no-source-arn")
    return None


def _why_not_this_pool(change: ReplaceEmailConfiguration, pool: RawMembers, mfa: RawMembers) -> Message | None:
    """The property of the pool that forbids any write to it."""
    triggers = pool.get("LambdaConfig")
    if isinstance(triggers, dict) and triggers.get("KMSKeyID") is not None:
        # It is unknown whether sending a custom sender's key again requires permissions for the key.
        return message("write.custom-sender-key")
    if change.after.mode is SenderMode.COGNITO_DEFAULT and mfa.get("EmailMfaConfiguration") is not None:
        # The API refuses the opposite order of the two with this message.
        return message("write.email-mfa")
    return None
