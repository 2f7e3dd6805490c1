"""An operator sends a sample alert: it arrives on every channel as other alerts do, and nothing else happens."""

from tests.e2e.box import HOME
from tests.e2e.stage import Stage
from tests.e2e.waiting import until


def test_a_sample_arrives_in_the_topic_and_in_slack_and_changes_no_finding(stage: Stage) -> None:
    subject = f"arn:aws:mailwarden:{HOME}:{stage.box.account}:monitoring/{HOME}"

    printed = stage.box.tool("sample_alert", "--severity", "high", "--by", "alice")

    assert " ".join(printed.split()).startswith(
        "The sample alert was sent to the alerts topic, the queue of Slack, the event bus, the topic of Amazon Q"
    )
    sample = stage.alert(subject, "MW900", "open")
    assert sample.document["headline"].startswith("HIGH: TEST: an operator ordered this sample, nothing is wrong")
    assert (sample.attributes["rule"], sample.attributes["severity"]) == ("MW900", "high")
    (message,) = until(lambda: stage.alerts.chat("MW900"), what="the sample in Slack")
    assert "alice ordered this alert" in message.text
    stage.box.quiet()
    assert stage.records.finding_now(subject, "MW900") is None
    assert stage.told(subject, "MW900") == [("MW900", "open")]
