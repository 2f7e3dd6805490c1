"""Reads the webhook's URL from its secret, caches it for at most five minutes, and never shows it."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.adapters.slack.webhook import NoAddress
from mailwarden.message import message

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

_MAX_AGE_SECONDS = 300.0


class WebhookSecret:
    """Reads the secret: the URL itself, or a JSON object with the member ``url``."""

    def __init__(self, *, client: "SecretsManagerClient", secret_arn: str, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._secret_arn = secret_arn
        self._monotonic = monotonic
        self._recent = TtlCache[str, str](monotonic=monotonic, seconds=_MAX_AGE_SECONDS)

    def current(self) -> str:
        """The URL; raises NoAddress."""
        known = self._recent.get(self._secret_arn)
        if known is None:
            asked_at = self._monotonic()
            known = self._read()
            self._recent.keep(self._secret_arn, known, asked_at=asked_at)
        return known

    def forget(self) -> None:
        """Drop the cached URL, because it was refused; the secret may have been replaced."""
        self._recent.forget(self._secret_arn)

    def _read(self) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_arn)
        except (ClientError, BotoCoreError) as error:
            raise NoAddress(message("webhook.secret-not-read", code=code_of(error))) from error
        return _address_in(answer.get("SecretString"))


def _address_in(secret: str | None) -> str:
    if not secret:
        raise NoAddress(message("webhook.secret-empty"))
    if not secret.lstrip().startswith("{"):
        return secret.strip()
    try:
        url = json.loads(secret).get("url")
    except ValueError:
        # Neither the secret nor the position of a syntax error in it belongs in a log.
        raise NoAddress(message("webhook.secret-not-json")) from None
    if not isinstance(url, str) or not url.strip():
        raise NoAddress(message("webhook.secret-without-url"))
    return url.strip()
