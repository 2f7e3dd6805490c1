"""What a test builds in the sandbox: clients, principals, queues and functions, each with a name of its own."""

import io
import itertools
import json
import textwrap
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from sandbox.running import RunningSandbox

SEOUL = "ap-northeast-2"
ACCOUNT = "123456789012"

# Clients are built by name; nothing is gained by saying here what each of their answers is.
type Untyped = Any

_numbers = itertools.count(1)
_LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
LOGS = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}


def unique(name: str) -> str:
    return f"{name}-{next(_numbers)}"


def document(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | Sequence[str], resource: str = "*") -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def eventually[T](look: Callable[[], T], *, within: float = 10.0) -> T:
    """Look until there is something; the last look decides."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.02)
    return look()


def look_up(box: "Box", region: str = SEOUL, **members: object) -> Untyped:
    """An answer of LookupEvents, which takes two requests a second."""
    time.sleep(0.55)
    return box.client("cloudtrail", region).lookup_events(**members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    running: RunningSandbox
    session: Untyped = field(default_factory=boto3.session.Session)
    clients: dict[tuple[object, ...], Untyped] = field(default_factory=dict)

    def client(self, service: str, region: str = SEOUL, keys: tuple[str, str] | None = None) -> Untyped:
        """A client of the root user, or of whoever has these keys; making one is slow, so each is made once."""
        wanted = (service, region, keys)
        if wanted not in self.clients:
            key, secret = keys or (self.running.access_key_id, self.running.secret_access_key)
            self.clients[wanted] = self.session.client(
                service,
                region_name=region,
                endpoint_url=self.running.endpoint,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self.clients[wanted]

    def session_of(self, role: str, service: str, region: str = SEOUL) -> Untyped:
        """A client with a session `deploys` of this role."""
        key = self.client("sts").assume_role(RoleArn=role, RoleSessionName="deploys")["Credentials"]
        return self.session.client(
            service,
            region_name=region,
            endpoint_url=self.running.endpoint,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            aws_session_token=key["SessionToken"],
        )

    def control(self, method: str, path: str, body: object = None) -> Untyped:
        return self.running.control(method, path, body)

    def calls(self, **filters: str) -> list[dict[str, Untyped]]:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        found: list[dict[str, Untyped]] = self.control("GET", f"calls?{query}")
        return found

    def user(self, *statements: object) -> tuple[str, tuple[str, str]]:
        """A user with these statements: its name and its keys."""
        iam, name = self.client("iam"), unique("user")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return name, (key["AccessKeyId"], key["SecretAccessKey"])

    def role(self, *statements: object, trust: object = _LAMBDA) -> str:
        """A role with these statements: its ARN."""
        iam, name = self.client("iam"), unique("role")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return str(arn)

    def queue(self, name: str = "queue", **attributes: str) -> tuple[str, str]:
        """A queue: its URL and its ARN."""
        sqs = self.client("sqs")
        suffix = ".fifo" if attributes.get("FifoQueue") else ""
        url = sqs.create_queue(QueueName=unique(name) + suffix, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:{SEOUL}:{ACCOUNT}:{url.rsplit('/', 1)[-1]}"

    def function(self, source: str, role: str, *, timeout: int = 10, **options: Untyped) -> str:
        """A function whose module `app` is this source: its name."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("app.py", textwrap.dedent(source))
        name = unique("function")
        self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=role,
            Timeout=timeout,
            Code={"ZipFile": archive.getvalue()},
            **options,
        )
        return name

    def lines(self, function: str) -> list[str]:
        """What the function printed, invocation after invocation."""
        return [entry["line"] for entry in self.control("GET", f"logs/{function}?lines=1000")]

    def send(self, url: str, body: str, **options: Untyped) -> None:
        self.client("sqs").send_message(QueueUrl=url, MessageBody=body, **options)

    def receive(self, url: str, *, wait: int = 5) -> list[dict[str, Untyped]]:
        answer = self.client("sqs").receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=wait, MessageAttributeNames=["All"]
        )
        found: list[dict[str, Untyped]] = answer.get("Messages", [])
        return found
