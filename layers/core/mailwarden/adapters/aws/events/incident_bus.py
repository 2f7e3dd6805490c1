"""Puts a copy of each alert on an event bus: the document of the topic as the detail of a custom event."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.alert_refusals import not_taken_by, refused_by
from mailwarden.adapters.aws.errors import code_of, may_pass, message_of
from mailwarden.domain.incidents.alert import Alert
from mailwarden.message import message
from mailwarden.ports.findings.alert_channel import AlertRefused
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of

SOURCE = "mailwarden"
DETAIL_TYPE = "Mailwarden Incident"
_SERVICE = "EventBridge"
_DEFAULT = "default"
# EventBridge API reference, PutEventsResultEntry: these may be retried, every other code may not.
_PASSING = frozenset({"InternalFailure", "ThrottlingException"})
_ATTEMPTS = 3
_FIRST_PAUSE = 0.2


class EventsClient(Protocol):
    """The two calls of EventBridge."""

    def put_events(self, *, Entries: list[dict[str, object]]) -> Mapping[str, object]:  # noqa: N803 - as AWS names it
        """Put events; the answer is 200 even if no entry was taken."""
        ...

    def describe_event_bus(self, *, Name: str) -> Mapping[str, object]:  # noqa: N803 - as AWS names it
        """Describe one bus, by name or ARN."""
        ...


class IncidentBus:
    """Implements ``AlertChannel``.

    *bus_arn* may be of another account, *account* is our own, *rule_pages* the base URL of the rule pages, and *sleep*
    waits for seconds. The bounds of a notice keep an event below the 262,144 bytes that EventBridge takes (user guide,
    "Calculating PutEvents event entry size").
    """

    def __init__(
        self,
        client: EventsClient,
        bus_arn: str,
        *,
        account: str,
        rule_pages: str,
        account_name: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._bus_arn = bus_arn
        self._account = account
        self._rule_pages = rule_pages
        self._account_name = account_name
        self._sleep = sleep

    def send(self, alert: Alert) -> None:
        """Put the event; raises AlertRefused, AlertNotTaken, or botocore's errors where there was no answer."""
        notice = notice_of(alert, rule_pages=self._rule_pages, account_name=self._account_name)
        entry: dict[str, object] = {
            "EventBusName": self._bus_arn,
            "Source": SOURCE,
            "DetailType": DETAIL_TYPE,
            "Time": alert.report.at,
            "Resources": list(dict.fromkeys([notice.subject.arn, *(pool.arn for pool in notice.affected)])),
            "Detail": alert_body(notice),
        }
        try:
            self._require_bus()
            self._put(entry)
        except ClientError as error:
            if may_pass(error):
                raise
            raise refused_by(_SERVICE, message_of(error)) from error

    def _require_bus(self) -> None:
        """PutEvents reports success for a bus of the account that does not exist (aws/aws-sdk issue 186 on GitHub)."""
        account, name = self._bus_arn.split(":")[4], self._bus_arn.partition("/")[2]
        if account != self._account or name == _DEFAULT:
            # The default bus is always there, and a bus of another account can only be described there.
            return
        try:
            self._client.describe_event_bus(Name=self._bus_arn)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                raise AlertRefused(message("bus.missing", bus=self._bus_arn)) from error
            raise

    def _put(self, entry: dict[str, object]) -> None:
        pause, reason = _FIRST_PAUSE, ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(pause)
                pause *= 2
            result = _only_result(self._client.put_events(Entries=[entry]))
            code = str(result.get("ErrorCode") or "")
            if result.get("EventId") and not code:
                return
            reason = f"{code}: {result.get('ErrorMessage') or ''}"
            if code and code not in _PASSING:
                raise refused_by(_SERVICE, reason)
        raise not_taken_by(_SERVICE, reason)


def _only_result(answer: Mapping[str, object]) -> Mapping[str, object]:
    results = answer.get("Entries")
    first = results[0] if isinstance(results, list) and results else {}
    return first if isinstance(first, Mapping) else {}
