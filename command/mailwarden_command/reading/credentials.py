"""The credentials of an audit: those of a role renew themselves, and a deleted key is no closed region."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Any, override

from boto3.session import Session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.session import get_session

from mailwarden.adapters.aws.errors import EXPIRED, code_of, concerns_credentials
from tools.stack.refusals import reason_of

# STS answers in every region; the caller's own is only a preference.
ANY_REGION = "us-east-1"
PATIENT = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})
# "The X.509 certificate or AWS access key ID provided does not exist in our records" (Common errors of STS, SES and
# Cognito, each with its own spelling). A region that the account has not enabled answers with them, too.
_NOT_KNOWN = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure"})


class CredentialsEnded(BotoCoreError):
    """AWS takes the credentials no more, or they cannot be renewed: every later read would fail for this reason."""

    fmt = "{reason}"


class RoleRefused(BotoCoreError):
    """The role cannot be assumed, or no more, although AWS knows who asks."""

    fmt = "the role {role} cannot be assumed: {reason}"


def utc_now() -> datetime:
    """The current time."""
    return datetime.now(tz=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedRole:
    """A role that the credentials of *source* assume, as often as an audit needs it."""

    source: Session
    arn: str
    external_id: str | None
    now: Callable[[], datetime] = utc_now

    def credentials(self) -> DeferredRefreshableCredentials:
        """Credentials that assume the role when they are first used, and again before each session of it ends."""
        return DeferredRefreshableCredentials(refresh_using=self.assume, method="assume-role", time_fetcher=self.now)

    def assume(self) -> dict[str, Any]:
        """Keys for an hour, in the form of the SDK; raises CredentialsEnded about the source, and RoleRefused."""
        source = self.source.get_credentials()
        if source is None:
            raise CredentialsEnded(reason=reason_of(NoCredentialsError()))
        try:
            # Those of a profile may renew themselves, too.
            source.get_frozen_credentials()
        except (BotoCoreError, ClientError) as error:
            raise CredentialsEnded(reason=reason_of(error)) from error
        # A new one each time: it would return keys that it still takes for valid.
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(
                self.source.client, region_name=self.source.region_name or ANY_REGION, config=PATIENT
            ),
            source_credentials=source,
            role_arn=self.arn,
            extra_args={"RoleSessionName": "mailwarden-audit"}
            | ({} if self.external_id is None else {"ExternalId": self.external_id}),
        )
        try:
            keys: dict[str, Any] = fetcher.fetch_credentials()
        except (BotoCoreError, ClientError) as error:
            if _is_about_the_caller(error):
                raise CredentialsEnded(reason=reason_of(error)) from error
            raise RoleRefused(role=self.arn, reason=reason_of(error)) from error
        if datetime.fromisoformat(keys["expiry_time"]) <= self.now():
            raise CredentialsEnded(reason="new credentials are expired at once: the clock of this machine is wrong")
        return keys


def session_of_role(role: AssumedRole) -> Session:
    """A session whose credentials are those of the role."""
    core = get_session()
    core.register_component("credential_provider", CredentialResolver([_RoleProvider(role)]))
    return Session(botocore_session=core, region_name=role.source.region_name)


class _RoleProvider(CredentialProvider):
    METHOD = CANONICAL_NAME = "mailwarden-assumed-role"

    def __init__(self, role: AssumedRole) -> None:
        super().__init__()
        self._role = role

    @override
    def load(self) -> DeferredRefreshableCredentials:
        return self._role.credentials()


@dataclass(slots=True, kw_only=True)
class CredentialsWatch:
    """Ends an audit whose credentials AWS takes no more, where the refusal alone could be that of a closed region.

    A region that has taken them before is not closed: STS may still know a key that other services no longer do.
    ``ask`` calls ``sts:GetCallerIdentity`` in the region of the caller: it needs no permission.
    """

    ask: Callable[[], object]
    _open: set[str] = field(default_factory=set)
    _closed: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def check(self, *, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: object) -> None:
        """Handle botocore's event ``after-call``; raises CredentialsEnded."""
        region = str(context.get("client_region", ""))
        error = parsed.get("Error")
        if error is None:
            self._open.add(region)
            return
        if error.get("Code") not in _NOT_KNOWN or region in self._closed:
            return
        if region in self._open:
            raise CredentialsEnded(reason=f"{error['Code']}: {error.get('Message', '')}".rstrip(": "))
        with self._lock:
            try:
                self.ask()
            except (BotoCoreError, ClientError) as error:
                raise CredentialsEnded(reason=reason_of(error)) from error
            self._closed.add(region)


def _is_about_the_caller(error: BotoCoreError | ClientError) -> bool:
    """Whether a refused ``sts:AssumeRole`` is about who asks, and not about the role."""
    if isinstance(error, ClientError):
        return code_of(error) in _NOT_KNOWN | EXPIRED
    return concerns_credentials(error)
