"""Imports each incident into Security Hub as one finding, which later messages update."""

from collections.abc import Mapping
from typing import Protocol

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.alert_refusals import not_taken_by, refused_by
from mailwarden.adapters.aws.errors import code_of, may_pass, message_of
from mailwarden.domain.incidents.alert import Alert
from mailwarden.message import message
from mailwarden.ports.findings.alert_channel import AlertRefused
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.alerts.security_finding import incident_finding

_SERVICE = "Security Hub"
# Of single findings in an answer of 200. An invalid one is InvalidInput; all others but these are taken for refusals.
_PASSING = frozenset({"InternalError", "InternalException", "InternalFailure", "ThrottlingException"})
# Security Hub API reference, "Errors" of BatchImportFindings: the rate of the account, not a quota that is used up.
_RATE = "LimitExceededException"
_NOT_ENABLED = "InvalidAccessException"


class SecurityHubClient(Protocol):
    """The one call of Security Hub."""

    def batch_import_findings(self, *, Findings: list[object]) -> Mapping[str, object]:  # noqa: N803 - as AWS names it
        """Import findings; the answer is 200 even if none was taken."""
        ...


class FindingsHub:
    """Implements ``AlertChannel`` with a region's Security Hub; *rule_pages* and *account_name* as in ``notice_of``."""

    def __init__(
        self,
        client: SecurityHubClient,
        *,
        partition: str,
        region: str,
        account: str,
        rule_pages: str,
        account_name: str = "",
    ) -> None:
        self._client = client
        self._partition = partition
        self._region = region
        self._account = account
        self._rule_pages = rule_pages
        self._account_name = account_name

    def send(self, alert: Alert) -> None:
        """Import; raises AlertRefused, AlertNotTaken, or botocore's errors where there was no answer."""
        finding = incident_finding(
            notice_of(alert, rule_pages=self._rule_pages, account_name=self._account_name),
            partition=self._partition,
            region=self._region,
            account=self._account,
        )
        try:
            answer = self._client.batch_import_findings(Findings=[finding])
        except ClientError as error:
            if may_pass(error) or code_of(error) == _RATE:
                raise
            if code_of(error) == _NOT_ENABLED:
                raise AlertRefused(message("hub.not-enabled", region=self._region)) from error
            raise refused_by(_SERVICE, message_of(error)) from error
        if answer.get("SuccessCount") == 1 and not answer.get("FailedCount"):
            return
        code, reason = _failure(answer)
        if code and code not in _PASSING:
            raise refused_by(_SERVICE, reason)
        raise not_taken_by(_SERVICE, reason)


def _failure(answer: Mapping[str, object]) -> tuple[str, str]:
    failed = answer.get("FailedFindings")
    first = failed[0] if isinstance(failed, list) and failed else {}
    code = str(first.get("ErrorCode") or "")
    return code, f"{code}: {first.get('ErrorMessage') or ''}"
