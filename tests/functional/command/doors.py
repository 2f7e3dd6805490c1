"""An account whose services look at keys and their ends, on a clock that every pool that is read moves on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from boto3.session import Session
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials

from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command import starting
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.options import AuditOptions
from mailwarden_command.reading.accounts import enter
from mailwarden_command.reading.credentials import AssumedRole, session_of_role
from mailwarden_command.reading.run import AuditRun
from tests.builders import ACCOUNT
from tests.functional.aws.wire.wire import Answer, Request, Service, refusal, xml_refusal
from tests.functional.command.town import Silent, Town

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Auditor"
HOUR = timedelta(hours=1)
# While a request is on its way, other threads may move the present on: on a busy machine, by many pools.
LATENESS = HOUR
POOLS = 100


@dataclass(slots=True)
class Hours:
    """The present, which each pool that is read moves on."""

    present: datetime = field(default_factory=lambda: datetime.now(tz=UTC))
    step: timedelta = timedelta(minutes=2)
    moving: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        return self.present

    def see(self, request: Request) -> None:
        if request.operation == "DescribeUserPool":
            with self.moving:
                self.present += self.step


@dataclass(slots=True)
class Doors:
    """Keys and their ends: STS gives some for an hour, and every service refuses others, and those that have ended.

    ``trusts`` is whether the role may be assumed; ``deleted`` are keys with the code that refuses them, and
    ``sts_is_late`` whether STS still takes these.
    """

    hours: Hours
    ends: dict[str, datetime] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    trusts: bool = True
    deleted: dict[str, str] = field(default_factory=dict)
    sts_is_late: bool = False

    def keys(self) -> dict[str, str]:
        """New ones for an hour, in the form of the SDK."""
        key = f"AKIA{len(self.ends):012}"
        self.ends[key] = self.hours.now() + HOUR
        return {
            "access_key": key,
            "secret_key": "s",
            "token": "t",
            "expiry_time": self.ends[key].isoformat(),
        }

    def refused(self, request: Request, *, is_xml: bool) -> Answer | None:
        key = request.headers["Authorization"].partition("Credential=")[2].partition("/")[0]
        if key in self.deleted and not (self.sts_is_late and request.operation == "GetCallerIdentity"):
            code = self.deleted[key]
            return xml_refusal(code, status=403) if is_xml else refusal(code)
        if key != "test" and self.hours.now() >= self.ends[key] + LATENESS:
            return xml_refusal("ExpiredToken", status=403) if is_xml else refusal("ExpiredTokenException")
        return None

    def answer(self, request: Request) -> Answer:
        """Answer as STS."""
        if request.operation == "GetCallerIdentity":
            who = f"<Arn>arn:aws:iam::{ACCOUNT}:user/auditor</Arn><Account>{ACCOUNT}</Account><UserId>A</UserId>"
            return Answer(body=_xml("GetCallerIdentity", who))
        self.assumed.append(request.body)
        if not self.trusts:
            return xml_refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", status=403)
        keys = self.keys()
        return Answer(
            body=_xml(
                "AssumeRole",
                f"<Credentials><AccessKeyId>{keys['access_key']}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                f"<SessionToken>t</SessionToken><Expiration>{keys['expiry_time']}</Expiration></Credentials>",
            )
        )


def _xml(operation: str, result: str) -> str:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A service behind the doors."""

    below: Service
    doors: Doors
    is_xml: bool

    def answer(self, request: Request) -> Answer:
        return self.doors.refused(request, is_xml=self.is_xml) or self.below.answer(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An account whose services look at keys and their ends."""

    town: Town
    doors: Doors
    file: Path

    @property
    def hours(self) -> Hours:
        return self.doors.hours

    def own(self) -> Session:
        """Keys that never end."""
        return self.town.wire.session()

    def of_role(self, *, external_id: str | None = None) -> Session:
        role = AssumedRole(source=self.own(), arn=ROLE, external_id=external_id, now=self.hours.now)
        return session_of_role(role)

    def signed_in(self, then: Exception) -> Session:
        """Keys for an hour, which are then not to be had again, as those of SSO or of a profile."""
        given: list[None] = []

        def refresh() -> dict[str, str]:
            if given:
                raise then
            given.append(None)
            return self.doors.keys()

        core = self.town.wire.core()
        core.register_component("credential_provider", CredentialResolver([_Once(refresh, self.hours)]))
        return Session(botocore_session=core, region_name="us-east-1")

    def report(self, session: Session) -> AuditReport:
        run = AuditRun(wanted=Wanted(regions=("us-east-1",)), settings=OperatorSettings(), progress=Silent())
        return run.report([enter(session, share=0)])

    def audit(self, **options: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401 - one of several types each
        """The status and the report of the command."""
        defaults: dict[str, Any] = {
            "wanted": Wanted(regions=("us-east-1",)), "profile": None, "region": None, "roles": (), "external_id": None,
            "organization": False, "role_name": None, "settings": None, "state": None, "record": None, "output": "json",
            "language": "en", "to": self.file, "fail_on": "never", "share": 0.0,
        }  # fmt: skip
        status = starting.audit(AuditOptions(**(defaults | options)))
        text = self.file.read_text()
        return status, json.loads(text) if text else {}


class _Once(CredentialProvider):
    METHOD = CANONICAL_NAME = "once"

    def __init__(self, refresh: Callable[[], dict[str, str]], hours: Hours) -> None:
        super().__init__()
        self._refresh, self._hours = refresh, hours

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._refresh, "once", time_fetcher=self._hours.now)
