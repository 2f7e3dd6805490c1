"""One run: where it works, under which name, and every call that it made."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import ACCESS_DENIED, is_server_fault, is_throttle, unread
from tools.live_check.facts import Observations
from tools.live_check.masking import Mask

PREFIX = "mailwarden-live-check"
"""The name of everything that a run makes begins with it."""

_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5, read_timeout=60)
_CONTEXT = "mailwarden_live_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCall:
    """One finished call: ``at`` is the end in seconds since 1970, ``error`` AWS's code, empty for a success."""

    service: str
    operation: str
    region: str
    parameters: Mapping[str, Any]
    response: Mapping[str, Any]
    request_id: str
    at: float
    error: str


@dataclass(slots=True)
class CallLog:
    """The finished calls of a session, in their order."""

    calls: list[MadeCall] = field(default_factory=list)

    def keep(self, session: Session) -> None:
        """Log the calls of all clients that the session makes from now on."""
        session.events.register("before-parameter-build", self._begun)
        session.events.register("after-call", self._ended)

    def _begun(self, params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        context[_CONTEXT] = dict(params)

    def _ended(self, parsed: Mapping[str, Any], model: OperationModel, context: Mapping[str, Any], **_: object) -> None:
        made = MadeCall(
            service=model.service_model.service_name,
            operation=model.name,
            region=str(context.get("client_region")),
            parameters=context.get(_CONTEXT, {}),
            response={name: value for name, value in parsed.items() if name != "ResponseMetadata"},
            request_id=str(parsed.get("ResponseMetadata", {}).get("RequestId", "")),
            at=time.time(),
            error=str(parsed.get("Error", {}).get("Code", "")),
        )
        self.calls.append(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchRun:
    """The means and the results of a run. ``name`` is the prefix of what it makes."""

    session: Session
    account: str
    partition: str
    region: str
    ses_region: str
    name: str
    tiers: Sequence[str]
    identity: str = ""
    stack: str = ""
    wait: float = 900
    say: Callable[[str], None]
    calls: CallLog
    observations: Observations = field(default_factory=Observations)
    mask: Mask = field(default_factory=Mask)
    bodies: dict[str, object] = field(default_factory=dict)
    """Masked bodies by title."""
    notes: list[str] = field(default_factory=list)
    """The steps that failed."""
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = "") -> Any:  # noqa: ANN401 - boto3 clients have no static type
        """A client, in the region of the pools by default."""
        key = (service, region or self.region)
        if key not in self.clients:
            self.clients[key] = self.session.client(service, region_name=key[1], config=_CONFIG)  # type: ignore[call-overload] # one of a few names
        return self.clients[key]

    @property
    def adapters(self) -> Clients:
        """The clients of Mailwarden's own readers and writers, in the same session."""
        return Clients(self.session)

    @property
    def identity_arn(self) -> str:
        """The ARN of the identity that the operator named."""
        return f"arn:{self.partition}:ses:{self.ses_region}:{self.account}:identity/{self.identity}"

    def keep_body(self, title: str, body: object) -> None:
        """Keep a body for the report, masked; the first of each title."""
        if title not in self.bodies:
            self.bodies[title] = self.mask.body(body)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A part of the run that ends with the first error of AWS; the others go on."""
        self.say(what)
        try:
            yield
        except ClientError as error:
            self.notes.append(f"{what}: {error.operation_name} ended with {code_of(error)}")
        except BotoCoreError as error:
            self.notes.append(f"{what}: {type(error).__name__}")


def answers(error: ClientError) -> bool:
    """Whether the error is the service's own answer: not a throttle, a fault of AWS, or a missing permission."""
    denied = unread(error, action="", region="").reason == ACCESS_DENIED
    return not (denied or is_throttle(error) or is_server_fault(error))


def code_of(error: ClientError) -> str:
    """AWS's code of an error."""
    return str(error.response.get("Error", {}).get("Code", "an error without a code"))
