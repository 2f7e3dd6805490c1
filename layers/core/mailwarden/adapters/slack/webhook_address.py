"""Reads the webhook's URL from its secret, caches it for at most five minutes, and never shows it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.slack.webhook import NoAddress

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

type Client = SecretsManagerClient

_MAX_AGE_SECONDS = 300.0


@dataclass(slots=True, kw_only=True)
class WebhookSecret:
    """Reads the secret: the URL itself, or a JSON object with the member ``url``."""

    client: Client
    secret_arn: str
    monotonic: Callable[[], float]
    _known: str | None = field(default=None, init=False, repr=False)
    _read_at: float = field(default=0.0, init=False, repr=False)

    def current(self) -> str:
        """The URL; raises NoAddress."""
        if self._known is None or self.monotonic() - self._read_at >= _MAX_AGE_SECONDS:
            try:
                answer = self.client.get_secret_value(SecretId=self.secret_arn)
            except (ClientError, BotoCoreError) as error:
                raise NoAddress(f"the secret of the webhook could not be read: {code_of(error)}") from error
            self._known = _address_in(answer.get("SecretString"))
            self._read_at = self.monotonic()
        return self._known

    def forget(self) -> None:
        """Drop the cached URL, because it was refused; the secret may have been replaced."""
        self._known = None


def _address_in(secret: str | None) -> str:
    if not secret:
        raise NoAddress("the secret of the webhook is empty or binary")
    if not secret.lstrip().startswith("{"):
        return secret.strip()
    try:
        url = json.loads(secret).get("url")
    except ValueError:
        # Neither the secret nor the position of a syntax error in it belongs in a log.
        raise NoAddress("the secret of the webhook looks like JSON and is not") from None
    if not isinstance(url, str) or not url.strip():
        raise NoAddress("the secret of the webhook is a JSON object without the text url")
    return url.strip()
