"""A sandbox with Mailwarden deployed, as the tests of this folder see it."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from sandbox.running import ROOT, RunningSandbox
from tests.e2e.announcements import awaiting_announcement
from tests.e2e.function_log import FunctionLog
from tests.e2e.waiting import until

HOME = "ap-northeast-2"
FUNCTIONS = ("inspect", "repair", "sweep", "tally", "reputation", "announce", "slack", "ask", "operate")
STACK = "mailwarden"
WATCHED = (
    "ap-northeast-2", "us-east-1", "us-west-2", "eu-west-1", "eu-west-3", "eu-central-1", "me-central-1",
)  # fmt: skip
SETTINGS = "/mailwarden/settings"

# Clients are built by name; nothing is gained by saying here what each of their answers is.
type Untyped = Any
type Json = dict[str, Any]
type Keys = tuple[str, str]

_numbers = itertools.count(1)
_WORK = ("HintsQueueUrl", "RepairsQueueUrl", "FeedbackQueueUrl", "ChatQueueUrl")
_DELAYED = "ApproximateNumberOfMessagesDelayed"
_WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", _DELAYED)


def unique(word: str) -> str:
    """A name that no other test uses."""
    return f"{word}-{next(_numbers)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    running: RunningSandbox
    directory: Path
    session: Untyped = field(default_factory=boto3.session.Session)
    clients: dict[tuple[object, ...], Untyped] = field(default_factory=dict)
    logged: dict[str, FunctionLog] = field(default_factory=dict)
    marks: list[int] = field(default_factory=list)
    disturbed: set[str] = field(default_factory=set)
    """The requests that faults of the tests have hit."""

    @property
    def account(self) -> str:
        return self.running.account

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the home stack."""
        return self.running.outputs

    def client(self, service: str, region: str = HOME, keys: Keys | None = None) -> Untyped:
        """A client of the root user, or of whoever has these keys."""
        root = (self.running.access_key_id, self.running.secret_access_key)
        return self._client(service, region, keys or root)

    def app(self, region: str) -> Untyped:
        """A Cognito client that signs nothing, like an app on somebody's phone."""
        return self._client("cognito-idp", region, None)

    def control(self, method: str, path: str, body: object = None, **query: str) -> Untyped:
        """Ask the sandbox's own control API."""
        return self.running.control(method, path + (f"?{urlencode(query)}" if query else ""), body)

    def user(self, *statements: object, name: str = "") -> Keys:
        """The keys of a new IAM user with these statements; its name is an address, as of people who sign in once."""
        iam, name = self.client("iam"), name or f"{unique('user')}@corp.example"
        iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def calls(self, *, since: int = 0, **filters: str) -> list[Json]:
        """The API calls after a mark; filters are shell patterns."""
        found: list[Json] = self.control("GET", "calls", since=str(since), **filters)
        return found

    def mark(self) -> int:
        """Where the list of calls ends now: at a call of ours that means nothing."""
        self.client("sts").get_caller_identity()
        known = self.marks[-1] if self.marks else 0
        self.marks.append(int(self.calls(since=known, service="sts", action="GetCallerIdentity")[-1]["sequence"]))
        return self.marks[-1]

    def role(self, function: str) -> str:
        """The name of a function's execution role."""
        config = self.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")
        return str(config["Role"]).rsplit("/", 1)[-1]

    def log(self, function: str, *, containing: str = "") -> list[Json]:
        """The structured lines that a function logged, or those that hold a text; read once, and then the new ones."""
        log = self.logged.setdefault(function, FunctionLog())
        log.extend(self.control("GET", f"logs/{STACK}-{function}", lines="20000", since=str(log.last)))
        return log.documents(containing)

    def invoke(self, function: str, payload: object) -> Untyped:
        """Invoke a function and return what it answers; it must not fail."""
        answer = self.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=json.dumps(payload))
        body = json.load(answer["Payload"])
        assert "FunctionError" not in answer, body
        return body

    def tool(self, name: str, *words: str, status: int = 0, timeout: float = 60, **environment: str) -> str:
        """Run a program of the operator as the Makefile does, and return what it printed; it must end with *status*."""
        ended = subprocess.run(
            [sys.executable, "-m", f"tools.{name}", "--stack", STACK, *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "COLUMNS": "100", **self.running.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        assert ended.returncode == status, (ended.stdout, ended.stderr)
        return ended.stdout.strip()

    def queue_name(self, output: str) -> str:
        """The name of a queue by its stack output."""
        return self.outputs[output].rsplit("/", 1)[-1]

    def depth(self, output: str) -> int:
        """How many messages a queue holds: visible, in flight and delayed."""
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[output], AttributeNames=list(_WAITING)
        )["Attributes"]
        return sum(int(attributes[name]) for name in _WAITING)

    def received(self, output: str) -> list[Json]:
        """Take everything out of a queue."""
        sqs, url, found = self.client("sqs"), self.outputs[output], []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            found += messages
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def release(self, output: str) -> None:
        """Let everything that waits in a queue be received now: what is delayed, and what is in flight, once more."""
        self.control("POST", f"queues/{self.queue_name(output)}/release")

    def end_lease(self, resource: str) -> None:
        """Let the lease of a resource end now, and its open entry be old: an order comes again long after both."""
        dynamodb, key = self.client("dynamodb"), {"pk": {"S": f"LEASE#{resource}"}, "sk": {"S": "LEASE"}}
        try:
            lease = dynamodb.update_item(
                TableName=self.outputs["LedgerTable"],
                Key=key,
                UpdateExpression="REMOVE #until",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={"#until": "until"},
                ReturnValues="ALL_NEW",
            )["Attributes"]
            if "open_entry" in lease:
                dynamodb.update_item(
                    TableName=self.outputs["JournalTable"],
                    Key={"pk": lease["open_entry"], "sk": {"S": "INTENTION"}},
                    UpdateExpression="SET #at = :old",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeNames={"#at": "at"},
                    ExpressionAttributeValues={":old": {"S": _six_minutes_ago()}},
                )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def hasten(self, output: str) -> None:
        """Let what is delayed in a queue be received now; what is in flight is left alone, unless something waits."""
        delayed = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[output], AttributeNames=[_DELAYED])
        if delayed["Attributes"][_DELAYED] != "0":
            self.release(output)

    @contextmanager
    def feedback_at_once(self) -> Iterator[None]:
        """Let no event wait for others to come with it."""
        functions, queue = self.client("lambda"), self.queue_name("FeedbackQueueUrl")
        mappings = functions.list_event_source_mappings(FunctionName=f"{STACK}-tally")["EventSourceMappings"]
        (mapping,) = (each for each in mappings if each["EventSourceArn"].endswith(f":{queue}"))
        self.change_mapping(mapping["UUID"], MaximumBatchingWindowInSeconds=0)
        try:
            yield
        finally:
            window = mapping["MaximumBatchingWindowInSeconds"]
            self.change_mapping(mapping["UUID"], MaximumBatchingWindowInSeconds=window)

    def change_mapping(self, mapping: str, **change: object) -> None:
        """Change an event source mapping as soon as Lambda accepts it: none is accepted while another is under way."""
        functions = self.client("lambda")
        until(
            lambda: functions.get_event_source_mapping(UUID=mapping)["State"] in {"Enabled", "Disabled"},
            what="the end of a transition",
        )
        functions.update_event_source_mapping(UUID=mapping, **change)

    def lines_with(self, text: str) -> list[str]:
        """What any function ever wrote that holds a text, in whatever format."""
        functions = [name for output, name in self.outputs.items() if output.endswith("Function")]
        return [
            entry["line"]
            for function in functions
            for entry in self.control("GET", f"logs/{function}", lines="20000", containing=text)
        ]

    def quiet(self, *, within: float = 120.0) -> None:
        """Wait until nobody has anything to do: queues are empty, and everybody was told everything that is due."""
        until(lambda: not (self._left() or self._left()), what=lambda: f"only this left: {self._left()}", within=within)

    def quiet_at_once(self, *, within: float = 240.0) -> None:
        """Wait for quiet, but not for what the time alone would do: no look waits for its turn, no chat for a second.

        What the chat would have told is dropped.
        """

        def others() -> dict[str, object]:
            self.hasten("HintsQueueUrl")
            return {name: left for name, left in self._left().items() if name != "ChatQueueUrl"}

        until(lambda: not (others() or others()), what=lambda: f"only this left: {others()}", within=within)
        self.client("sqs").purge_queue(QueueUrl=self.outputs["ChatQueueUrl"])
        self.quiet()

    @contextmanager
    def repairs_held(self) -> Iterator[None]:
        """Hold the repairs, as the emergency stop does, so that what is broken can be looked at."""
        mapping = self.outputs["RepairsMapping"]
        self.change_mapping(mapping, Enabled=False)
        try:
            yield
        finally:
            self.change_mapping(mapping, Enabled=True)

    @contextmanager
    def without_events(self) -> Iterator[None]:
        """Stop the trail: what happens meanwhile is heard by nobody."""
        trail = self.client("cloudtrail")
        name = trail.describe_trails()["trailList"][0]["Name"]
        trail.stop_logging(Name=name)
        try:
            yield
        finally:
            trail.start_logging(Name=name)

    @contextmanager
    def fault(self, **order: object) -> Iterator[Untyped]:
        """Disturb calls; yields a function that tells how many were hit."""
        number = self.control("POST", "faults", order)["id"]

        def hits() -> int:
            return sum(len(fault["hits"]) for fault in self.control("GET", "faults") if fault["id"] == number)

        try:
            yield hits
        finally:
            (fault,) = self.control("DELETE", f"faults/{number}")["removed"]
            self.disturbed.update(fault["hits"])

    def _left(self) -> dict[str, object]:
        """What is left to do, by queue, and what waits to be told."""
        left: dict[str, object] = {queue: depth for queue in _WORK if (depth := self.depth(queue))}
        awaiting = awaiting_announcement(self.client("dynamodb"), self.outputs["LedgerTable"])
        return left | ({"awaiting": awaiting} if awaiting else {})

    def _client(self, service: str, region: str, keys: Keys | None) -> Untyped:
        wanted = (service, region, keys)
        if wanted not in self.clients:
            self.clients[wanted] = self.session.client(
                service,
                region_name=region,
                endpoint_url=self.running.endpoint,
                aws_access_key_id=keys[0] if keys else None,
                aws_secret_access_key=keys[1] if keys else None,
                config=Config(retries={"total_max_attempts": 1}, **({} if keys else {"signature_version": UNSIGNED})),
            )
        return self.clients[wanted]


def _six_minutes_ago() -> str:
    return (datetime.now(UTC) - timedelta(minutes=6)).isoformat(timespec="microseconds")
