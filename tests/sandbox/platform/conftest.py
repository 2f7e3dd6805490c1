"""One sandbox process for the whole session, and clients of the account root and of other principals."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).parents[3]
PYTHON = os.environ.get("SANDBOX_PYTHON", str(ROOT / ".venv-sandbox" / "bin" / "python"))
SEOUL = "ap-northeast-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A running sandbox: where it is, its root credentials, and its control API."""

    process: subprocess.Popen[str]
    endpoint: str
    access_key_id: str
    secret_access_key: str

    def client(self, service: str, region: str = SEOUL, **credentials: str) -> Any:  # noqa: ANN401 - a boto3 client
        keys = {
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
            **credentials,
        }
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=Config(retries={"total_max_attempts": 1}),
            **keys,
        )

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    def user(self, name: str, policy: dict[str, Any]) -> dict[str, str]:
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def start(*arguments: str) -> Box:
    process = subprocess.Popen(
        [PYTHON, "-m", "sandbox", "serve", "--port", "0", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    assert process.stdout is not None
    greeting = json.loads(process.stdout.readline())
    process.stdout.close()
    return Box(
        process=process,
        endpoint=greeting["endpoint"],
        access_key_id=greeting["accessKeyId"],
        secret_access_key=greeting["secretAccessKey"],
    )


def stop(box: Box) -> int:
    box.process.terminate()
    return box.process.wait(timeout=15)


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    running = start()
    yield running
    stop(running)
