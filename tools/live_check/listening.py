"""Rules with the patterns of regions.yaml and a queue in each region: they receive the events that Mailwarden would."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mailwarden.inbound.cloudtrail.calls import CALLS
from tools.live_check.rule_patterns import RulePattern, rule_patterns
from tools.live_check.scratch_run import MadeCall, ScratchRun

SOURCES: Mapping[str, str] = {
    "cognito-idp": "aws.cognito-idp",
    "ses": "aws.ses",
    "sesv2": "aws.ses",
    "iam": "aws.iam",
}
_POLL_SECONDS = 2
# CloudTrail answers two such requests a second (CloudTrail API reference, LookupEvents); each takes some time itself.
_BETWEEN_LOOKUPS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardCall:
    """A call with its event: ``after`` in seconds, None if it is only in the history of CloudTrail."""

    call: MadeCall
    event: Mapping[str, Any]
    after: float | None


@dataclass(slots=True, kw_only=True)
class Listener:
    """Receives the events of a run in *regions*; IAM's events arrive in ``iam_region``."""

    run: ScratchRun
    regions: Sequence[str]
    iam_region: str
    queues: dict[str, str] = field(default_factory=dict)
    patterns: tuple[RulePattern, ...] = ()

    def begin(self) -> None:
        """Make a queue and the rules in each region."""
        self.patterns = rule_patterns(self.run.account)
        for region in self.regions:
            events, sqs = self.run.client("events", region), self.run.client("sqs", region)
            arn = f"arn:{self.run.partition}:sqs:{region}:{self.run.account}:{self.run.name}"
            rules = f"arn:{self.run.partition}:events:{region}:{self.run.account}:rule/{self.run.name}-*"
            policy = {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "events.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": arn,
                        "Condition": {"ArnLike": {"aws:SourceArn": rules}},
                    }
                ],
            }
            made = sqs.create_queue(QueueName=self.run.name, Attributes={"Policy": json.dumps(policy)})
            self.queues[region] = made["QueueUrl"]
            for each in self.patterns:
                name = f"{self.run.name}-{each.name}"
                events.put_rule(Name=name, EventPattern=json.dumps(each.pattern), State=each.state)
                events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def made(self) -> list[MadeCall]:
        """The calls of the run that Mailwarden's rules are for, whether or not they succeeded."""
        return [each for each in self.run.calls.calls if each.operation in CALLS.get(SOURCES.get(each.service, ""), {})]

    def hear(self) -> tuple[list[HeardCall], list[MadeCall]]:
        """Wait for the events of all calls that succeeded, then look up those that no rule matched.

        Returns the calls with an event, and the failed calls that a rule matched although none should.
        """
        by_request = {each.request_id: each for each in self.made()}
        heard: dict[str, HeardCall] = {}
        end = time.monotonic() + self.run.wait
        while self._missing(heard) and time.monotonic() < end:
            for event, at in self._received():
                request = str(event.get("detail", {}).get("requestID"))
                call = by_request.get(request)
                if call is not None and request not in heard:
                    heard[request] = HeardCall(call=call, event=event, after=max(0.0, at - call.at))
        failed = [each.call for each in heard.values() if each.call.error]
        for call, event in self._looked_up(self._missing(heard)):
            heard[call.request_id] = HeardCall(call=call, event=event, after=None)
        return [each for each in heard.values() if not each.call.error], failed

    def _missing(self, heard: Mapping[str, HeardCall]) -> list[MadeCall]:
        return [each for each in self.made() if not each.error and each.request_id not in heard]

    def _received(self) -> Iterator[tuple[Mapping[str, Any], float]]:
        for region, url in self.queues.items():
            sqs = self.run.client("sqs", region)
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=_POLL_SECONDS)
            at = time.time()
            for message in answer.get("Messages", ()):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                event = json.loads(message["Body"])
                if isinstance(event, dict):
                    yield event, at

    def _looked_up(self, calls: Sequence[MadeCall]) -> Iterator[tuple[MadeCall, Mapping[str, Any]]]:
        """The events of calls as EventBridge would deliver them, from the history of CloudTrail."""
        asked: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for call in calls:
            region = self.iam_region if call.service == "iam" else call.region
            key = (region, call.operation)
            if key not in asked:
                asked[key] = self._history(region, call)
            for detail in asked[key]:
                if detail.get("requestID") == call.request_id:
                    yield call, envelope(call, detail, account=self.run.account, region=region)

    def _history(self, region: str, call: MadeCall) -> list[Mapping[str, Any]]:
        time.sleep(_BETWEEN_LOOKUPS)
        found = self.run.client("cloudtrail", region).lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": call.operation}],
            StartTime=datetime.fromtimestamp(call.at, UTC) - timedelta(minutes=5),
        )
        return [json.loads(each["CloudTrailEvent"]) for each in found["Events"]]


def envelope(call: MadeCall, detail: Mapping[str, Any], *, account: str, region: str) -> Mapping[str, Any]:
    """An event as EventBridge delivers it (EventBridge user guide, "AWS service events delivered via CloudTrail")."""
    return {
        "detail-type": "AWS API Call via CloudTrail",
        "source": SOURCES[call.service],
        "account": account,
        "region": region,
        "time": datetime.fromtimestamp(call.at, UTC).isoformat(),
        "detail": dict(detail),
    }
