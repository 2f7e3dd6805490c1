"""Reads the webhook's URL or the bot token from its secret, caches it for at most five minutes, and never shows it."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.adapters.slack.webhook import NoAddress
from mailwarden.message import message

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

type SecretMember = Literal["url", "token"]

_MAX_AGE_SECONDS = 300.0
_OWNERS: dict[SecretMember, str] = {"url": "webhook", "token": "slack-token"}


class SlackSecret:
    """Reads the secret: the URL or the token itself, or a JSON object with the member ``url`` or ``token``."""

    def __init__(
        self, *, client: "SecretsManagerClient", secret_arn: str, member: SecretMember, monotonic: Callable[[], float]
    ) -> None:
        self._client = client
        self._secret_arn = secret_arn
        self._member = member
        self._monotonic = monotonic
        self._recent = TtlCache[str, str](monotonic=monotonic, seconds=_MAX_AGE_SECONDS)

    def current(self) -> str:
        """The URL or the token; raises NoAddress."""
        known = self._recent.get(self._secret_arn)
        if known is None:
            asked_at = self._monotonic()
            known = self._read()
            self._recent.keep(self._secret_arn, known, asked_at=asked_at)
        return known

    def forget(self) -> None:
        """Drop the cached value, because it was refused; the secret may have been replaced."""
        self._recent.forget(self._secret_arn)

    def _read(self) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_arn)
        except (ClientError, BotoCoreError) as error:
            raise self._unusable("not-read", code=code_of(error)) from error
        return self._value_in(answer.get("SecretString"))

    def _value_in(self, secret: str | None) -> str:
        if not secret:
            raise self._unusable("empty")
        if not secret.lstrip().startswith("{"):
            return secret.strip()
        try:
            value = json.loads(secret).get(self._member)
        except ValueError:
            # Neither the secret nor the position of a syntax error in it belongs in a log.
            raise self._unusable("not-json") from None
        if not isinstance(value, str) or not value.strip():
            raise self._unusable(f"without-{self._member}")
        return value.strip()

    def _unusable(self, why: str, **args: str) -> NoAddress:
        return NoAddress(message(f"{_OWNERS[self._member]}.secret-{why}", **args))
