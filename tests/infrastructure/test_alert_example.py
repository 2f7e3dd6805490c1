"""The example that the function slack is invoked with is an alert in its queue's form."""

import json

from mailwarden.presentation.alerts.document import notice_from_body
from tests.infrastructure.templates import ROOT


def test_the_alert_is_understood_and_carries_the_ids_its_queue_needs() -> None:
    (record,) = json.loads((ROOT / "events" / "invoke.slack.alerts.json").read_text(encoding="utf-8"))["Records"]

    notice = notice_from_body(record["body"])

    assert notice.rule_id == "MW401"
    assert notice.incident is not None
    assert record["attributes"]["MessageGroupId"] == notice.incident.incident_id
    assert record["attributes"]["MessageDeduplicationId"] == notice.alert_id
