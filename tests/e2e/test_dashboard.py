"""After the whole session: what dashboard and alarms name was sent, and what they ask for was written."""

import pytest

from mailwarden.adapters.metrics.own_metrics import OwnMetric
from tests.e2e.evidence import Evidence

pytestmark = pytest.mark.after_everything


def test_every_metric_that_dashboard_and_alarms_name_was_sent_or_is_of_aws(evidence: Evidence) -> None:
    ours = {metric for metric in evidence.named if metric[0] == "Mailwarden"}

    assert ours == {("Mailwarden", str(name), "service", "mailwarden") for name in OwnMetric}
    assert ours <= evidence.sent
    assert {namespace for namespace, *_ in evidence.named} == {"Mailwarden", "AWS/SES", "AWS/SQS", "AWS/Lambda"}


def test_every_log_line_that_the_dashboard_asks_for_was_written_with_its_fields(evidence: Evidence) -> None:
    assert evidence.asked
    assert evidence.asked == evidence.answered
