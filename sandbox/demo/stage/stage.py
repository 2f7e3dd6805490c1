"""The stage: a sandbox with Mailwarden deployed, AWS clients for every actor, and a cleanup in every case."""

import json
import os
import re
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from sandbox.demo.stage.records import Client, Records
from sandbox.demo.stage.waiting import until
from sandbox.progress import PHASES
from sandbox.running import RunningSandbox, SandboxFailed
from sandbox.terminal import Screen, Waiting

SETTLE_SECONDS = 1
LANGUAGES = ("en", "ko")
"""The values of the template's parameter ``Language``; the first is its default."""

_START_SECONDS = 300
_BEGINS = re.compile(r"^(\w+) \.\.\.$")
_ENDS = re.compile(r"^(\w+): ([\d.]+) s$")
_KEPT_LINES = 40


class NotReady(Exception):
    """The sandbox did not come up; the message holds the last lines it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An IAM user of the account, with access keys: an actor of a scene."""

    name: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A running sandbox, as the actors of the story and the operator see it."""

    box: RunningSandbox
    language: str = LANGUAGES[0]
    """The language of alerts and answers."""
    _clients: dict[tuple[str, str, str], Client] = field(default_factory=dict)

    @cached_property
    def records(self) -> Records:
        """Mailwarden's records."""
        return Records.of(
            table=self.client("dynamodb"), stream=self.client("dynamodbstreams"), outputs=self.box.outputs
        )

    def client(self, service: str, region: str | None = None, *, actor: Actor | None = None) -> Client:
        """A client of an actor; without one, of the account's administrator."""
        keys = (self.box.access_key_id, self.box.secret_access_key)
        if actor is not None:
            keys = (actor.access_key_id, actor.secret_access_key)
        return self._client(service, region or self.box.region, keys)

    def public_client(self, service: str, region: str) -> Client:
        """A client that signs nothing, like an app on a phone."""
        return self._client(service, region, None)

    def actor(self, name: str, *actions: str) -> Actor:
        """A new IAM user who may do this and nothing else."""
        iam = self.client("iam")
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="work", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Actor(name=name, access_key_id=key["AccessKeyId"], secret_access_key=key["SecretAccessKey"])

    @property
    def account(self) -> str:
        """The account's id."""
        return self.box.account

    @property
    def watched_regions(self) -> tuple[str, ...]:
        """The regions that were deployed to."""
        return tuple(self.box.outputs["WatchedRegions"].split(","))

    @staticmethod
    def now() -> datetime:
        """This moment; the sandbox shares our clock."""
        return datetime.now(UTC)

    def quiet(self) -> None:
        """Wait until no look, repair or alert is due. Raises NotSeen."""
        names = ("FeedbackQueueUrl", "HintsQueueUrl", "RepairsQueueUrl", "ChatQueueUrl")
        until(lambda: None if any(map(self.waiting_in, names)) else True, what="empty queues")

    def fire(self, schedule: str) -> None:
        """Do now what a schedule of the stack would do when its time comes; *schedule* is its logical id."""
        answer = self.client("cloudformation").describe_stack_resource(
            StackName="mailwarden", LogicalResourceId=schedule
        )
        name = answer["StackResourceDetail"]["PhysicalResourceId"]
        self.box.control("POST", f"schedules/{name}/fire")

    def waiting_in(self, output: str) -> int:
        """How many messages a queue of the stack holds: visible, in flight or delayed."""
        kinds = ("", "NotVisible", "Delayed")
        names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
        answer = self.client("sqs").get_queue_attributes(QueueUrl=self.box.outputs[output], AttributeNames=names)
        return sum(int(answer["Attributes"].get(name, "0")) for name in names)

    def _client(self, service: str, region: str, keys: tuple[str, str] | None) -> Client:
        known = (service, region, keys[0] if keys else "")
        if known not in self._clients:
            retries: Any = {"mode": "standard", "total_max_attempts": 1}
            session: Any = boto3.session.Session()
            self._clients[known] = session.client(
                service,
                region_name=region,
                endpoint_url=self.box.endpoint,
                aws_access_key_id=keys[0] if keys else None,
                aws_secret_access_key=keys[1] if keys else None,
                config=Config(
                    retries=retries, signature_version=None if keys else UNSIGNED, user_agent="mailwarden-demo"
                ),
            )
        return self._clients[known]


@contextmanager
def stage(screen: Screen, *, python: str = sys.executable, language: str = LANGUAGES[0]) -> Iterator[Stage]:
    """Bring up a sandbox of our own in a temporary folder, and end it and remove everything with the context.

    Raises:
        NotReady: It did not come up.
    """
    with _interruptible(), tempfile.TemporaryDirectory(prefix="mailwarden-demo-", ignore_cleanup_errors=True) as folder:
        with screen.waiting(PHASES["start"]) as waiting, _progress(waiting) as (pipe, last_lines):
            box = _start(python, _arguments(Path(folder), language), pipe, last_lines)
        try:
            yield Stage(box=box, language=language)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with screen.waiting("stopping everything"):
                box.stop()


def _arguments(folder: Path, language: str) -> Sequence[str]:
    return (
        "up", "--json", "--port", "0", "--directory", str(folder),
        "--parameter", f"SettleSeconds={SETTLE_SECONDS}", "--parameter", f"Language={language}",
    )  # fmt: skip


def _start(python: str, arguments: Sequence[str], pipe: IO[str], last_lines: Sequence[str]) -> RunningSandbox:
    def late(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SandboxFailed(f"the sandbox was not ready within {_START_SECONDS} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(_START_SECONDS)
    try:
        return RunningSandbox.start(python, arguments, progress=pipe)
    except SandboxFailed as error:
        raise NotReady("\n".join([*last_lines, str(error)])) from error
    finally:
        signal.alarm(0)


@contextmanager
def _progress(waiting: Waiting) -> Iterator[tuple[IO[str], Sequence[str]]]:
    """A pipe for the output of the starting sandbox: it shows the phases and stores the last lines.

    It is read until the sandbox ends, so that no writer blocks on a full pipe.
    """
    reading, writing = os.pipe()
    last_lines: deque[str] = deque(maxlen=_KEPT_LINES)

    def read() -> None:
        with os.fdopen(reading, errors="replace") as lines:
            for line in lines:
                last_lines.append(line.rstrip())
                _tell(line.rstrip(), waiting)

    threading.Thread(target=read, daemon=True).start()
    with os.fdopen(writing, "w") as pipe:
        yield pipe, last_lines


def _tell(line: str, waiting: Waiting) -> None:
    if begun := _BEGINS.match(line):
        waiting.now(PHASES.get(begun[1], begun[1]))
    elif ended := _ENDS.match(line):
        waiting.done(PHASES.get(ended[1], ended[1]), float(ended[2]))


@contextmanager
def _interruptible() -> Iterator[None]:
    """End in order on SIGTERM and SIGHUP too."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before: Mapping[int, Any] = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    interrupting = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        for number, handler in {**before, signal.SIGINT: interrupting}.items():
            signal.signal(number, handler)
