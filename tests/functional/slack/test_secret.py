"""The webhook's address: read by reference, kept for at most five minutes, never shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mailwarden.adapters.slack.secret import SlackSecret
from mailwarden.adapters.slack.webhook import NoAddress
from mailwarden.bootstrap import container, slack
from mailwarden.settings.environment import Environment
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

URL = "https://hooks.slack.com/services/T000/B000/secret-token"


@dataclass(slots=True)
class Stopwatch:
    """A clock that is moved by hand."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator["SecretsManagerClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="eu-west-1")


def address_of(secrets: "SecretsManagerClient", text: str, monotonic: Stopwatch | None = None) -> SlackSecret:
    arn = secrets.create_secret(Name="webhook", SecretString=text)["ARN"]
    return SlackSecret(client=secrets, secret_arn=arn, member="url", monotonic=monotonic or Stopwatch())


def test_a_secret_of_another_region_is_read_where_it_is(
    secrets: "SecretsManagerClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = boto3.client("secretsmanager", region_name="us-east-1").create_secret(Name="webhook", SecretString=URL)["ARN"]
    home = {"AWS_REGION": "eu-west-1", "ACCOUNT_ID": "123456789012", "PARTITION": "aws", "SLACK_SECRET_ARN": arn}
    session = boto3.session.Session(region_name="eu-west-1")
    seen: list[SlackSecret] = []
    monkeypatch.setattr(container, "environment", lambda: Environment.from_variables(home))
    monkeypatch.setattr(container, "session", lambda: session)
    monkeypatch.setattr(container, "sqs", lambda: session.client("sqs"))
    monkeypatch.setattr(slack, "HttpWebhook", lambda address, **_: seen.append(address))

    slack.build_handler.__wrapped__()

    assert [address.current() for address in seen] == [URL]
    assert secrets.list_secrets()["SecretList"] == []


@pytest.mark.parametrize("text", [URL, f"  {URL}\n", json.dumps({"url": URL}), f'\n{{"url": " {URL} ", "x": 1}}'])
def test_reads_the_address_or_a_document_with_it(secrets: "SecretsManagerClient", text: str) -> None:
    assert address_of(secrets, text).current() == URL


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"url": "secret-token', "looks like JSON and is not"),
        ('{"URL": "secret-token"}', "without the text url"),
        ('{"url": {"secret-token": 1}}', "without the text url"),
        ('{"url": "  "}', "without the text url"),
    ],
)
def test_reports_the_error_of_the_secret_and_not_its_contents(
    secrets: "SecretsManagerClient", text: str, complaint: str
) -> None:
    address = address_of(secrets, text)

    with pytest.raises(NoAddress, check=says(complaint)) as caught:
        address.current()
    assert "secret-token" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_reports_an_unreadable_secret(secrets: "SecretsManagerClient") -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-AbCdEf"
    address = SlackSecret(client=secrets, secret_arn=arn, member="url", monotonic=Stopwatch())

    with pytest.raises(NoAddress, check=says("could not be read: ResourceNotFoundException")):
        address.current()


def test_keeps_the_address_for_five_minutes(secrets: "SecretsManagerClient") -> None:
    monitoring = Stopwatch()
    address = address_of(secrets, URL, monitoring)
    address.current()
    secrets.put_secret_value(SecretId="webhook", SecretString=f"{URL}-2")

    monitoring.now += 299
    kept = address.current()
    monitoring.now += 1
    renewed = address.current()

    assert kept == URL
    assert renewed == f"{URL}-2"


def test_reads_again_after_the_address_was_refused(secrets: "SecretsManagerClient") -> None:
    address = address_of(secrets, URL)
    address.current()
    secrets.put_secret_value(SecretId="webhook", SecretString=f"{URL}-2")

    address.forget()

    assert address.current() == f"{URL}-2"


@pytest.mark.parametrize(
    ("text", "found"),
    [("xoxb-1", "xoxb-1"), ('{"token": "xoxb-1"}', "xoxb-1"), ('{"url": "xoxb-1"}', None), ("{x", None)],
)
def test_a_token_is_read_as_an_address_is(secrets: "SecretsManagerClient", text: str, found: str | None) -> None:
    arn = secrets.create_secret(Name="token", SecretString=text)["ARN"]
    secret = SlackSecret(client=secrets, secret_arn=arn, member="token", monotonic=Stopwatch())

    if found is not None:
        assert secret.current() == found
    else:
        with pytest.raises(NoAddress, check=says("the secret of the Slack token")) as caught:
            secret.current()
        assert "xoxb" not in repr(caught.value)


def test_is_not_shown(secrets: "SecretsManagerClient") -> None:
    address = address_of(secrets, URL)
    address.current()

    assert "secret-token" not in repr(address)
