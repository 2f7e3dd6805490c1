"""An account with pools in five regions, in memory behind real clients, and audits of it."""

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import override

from mailwarden.adapters.aws.clients import Clients
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.auditing import write_report
from mailwarden_command.reading.accounts import EnteredAccount
from mailwarden_command.reading.clocks import RecordedClock, UtcClock
from mailwarden_command.reading.pace import RequestRates
from mailwarden_command.reading.recording import Recording
from mailwarden_command.reading.run import AuditRun
from tests.builders import ACCOUNT
from tests.functional.aws.harness import Time, shop
from tests.functional.aws.wire.cloudformation import CloudFormation
from tests.functional.aws.wire.cloudwatch import CloudWatch
from tests.functional.aws.wire.cognito import Cognito
from tests.functional.aws.wire.iam import Iam
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Answer, Request, Service, Wire, refusal, xml_refusal

ROOT = Path(__file__).parents[3]
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-2")
# A region that the account has not enabled.
OFF = "ap-south-1"
SOUND = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "SentLast24Hours": 10.0},
    "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
}
VERIFIED: dict[str, object] = {
    "IdentityType": "DOMAIN",
    "VerifiedForSendingStatus": True,
    "VerificationStatus": "SUCCESS",
    "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
}
WITH_XML = frozenset({"cloudformation", "iam"})


@dataclass(slots=True)
class RegionalCognito(Cognito):
    """Pools of several regions; a region that is turned off takes nobody's credentials."""

    @override
    def answer(self, request: Request) -> Answer:
        if request.region not in REGIONS:
            return refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
        here = {pool_id: pool for pool_id, pool in self.pools.items() if pool_id.startswith(request.region)}
        return Cognito(pools=here, mfa=self.mfa, domains=self.domains, risk=self.risk).answer(request)


@dataclass(frozen=True, slots=True)
class Refusing:
    """A service that refuses one action, as IAM would, in one region or in all."""

    below: Service
    operation: str
    is_xml: bool
    region: str

    def answer(self, request: Request) -> Answer:
        if request.operation != self.operation or self.region not in {"", request.region}:
            return self.below.answer(request)
        return xml_refusal("AccessDenied", status=403) if self.is_xml else refusal("AccessDeniedException", status=400)


@dataclass(slots=True)
class Silent:
    """Implements ``Progress`` and counts."""

    pools: int = 0
    judgments: int = 0

    def listed(self, account: EnteredAccount, pools: int, regions: int) -> None:  # noqa: ARG002 - only the number counts
        self.pools += pools

    def judged(self) -> None:
        self.judgments += 1


@dataclass(slots=True)
class Town:
    """The account; ``rates`` are those of the last audit."""

    cognito: RegionalCognito = field(default_factory=RegionalCognito)
    ses: Ses = field(default_factory=lambda: Ses(accounts=dict.fromkeys(REGIONS, SOUND)))
    iam: Iam = field(default_factory=lambda: Iam(exists=True))
    cloudwatch: CloudWatch = field(default_factory=CloudWatch)
    cloudformation: CloudFormation = field(default_factory=CloudFormation)
    time: Time = field(default_factory=Time)
    progress: Silent = field(default_factory=Silent)
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        services: dict[str, Service] = {"cognito-idp": self.cognito, "email": self.ses, "iam": self.iam}
        self.wire = Wire(services={**services, "monitoring": self.cloudwatch, "cloudformation": self.cloudformation})

    def refuse(self, operation: str, region: str = "") -> None:
        """Refuse one action, in one region or everywhere."""
        self.wire.services = {
            host: Refusing(service, operation, host in WITH_XML, region) for host, service in self.wire.services.items()
        }

    def settle(self, number: int, *, identities: int) -> None:
        """Let so many sound pools send, spread over the regions, as so many identities of each."""
        for count in range(number):
            region = REGIONS[count % len(REGIONS)]
            name = f"shop-{count // len(REGIONS) % identities}.example"
            self.ses.put(name, region=region).members.update(VERIFIED)
            self.pool(f"{region}_Shop{count:05}", source=name)

    def pool(self, pool_id: str, *, source: str, from_address: str = "", **members: object) -> None:
        """One more pool, which sends as an identity of its region."""
        region = pool_id.rpartition("_")[0]
        email = {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{region}:{ACCOUNT}:identity/{source}",
            "From": from_address or f"shop@{source}",
        }
        arn = f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{pool_id}"
        named: dict[str, object] = {"Id": pool_id, "Name": pool_id, "Arn": arn, "MfaConfiguration": "OFF"}
        self.cognito.put(shop(**{**named, "EmailConfiguration": email, **members}))

    def audit(
        self, wanted: Wanted | None = None, *, share: float = 0.0, recording: Recording | None = None
    ) -> AuditReport:
        """The report about the account, with the real threads, and a clock that a paced request moves."""
        session = self.wire.session()
        rates = RequestRates(share=share, monotonic=self.time.monotonic, sleep=self.time.sleep)
        if recording is not None:
            recording.continue_with(session)
        session.events.register("before-call", rates.wait)
        account = EnteredAccount(
            partition="aws",
            account=ACCOUNT,
            caller=f"arn:aws:iam::{ACCOUNT}:user/auditor",
            region="us-east-1",
            clients=Clients(session),
            rates=rates,
            clock=UtcClock() if recording is None else RecordedClock(recording.at),
            is_recorded=recording is not None,
        )
        run = AuditRun(
            wanted=wanted or Wanted(regions=(*REGIONS, OFF)), settings=OperatorSettings(), progress=self.progress
        )
        return run.report([account])


@cache
def a_street() -> AuditReport:
    """A sound pool, one whose identity may not be read, a lost one with a hostile name, and a region that is closed."""
    town = Town()
    town.settle(2, identities=2)
    hostile = '=cmd|"/C calc"!A0 <img src=x onerror=alert(1)> | [x](javascript:y) \x1b[31m'
    town.ses.put("shop.example", region="eu-west-1").members.update(VERIFIED)
    town.pool("eu-west-1_Broken", source="shop.example", from_address="shop@other.example", Name=hostile)
    town.refuse("GetEmailIdentity", "us-west-2")
    town.refuse("ListUserPools", "eu-central-1")
    return town.audit()


def printed(report: AuditReport, output: str) -> str:
    """The report in a format, as it is written to a file."""
    out = io.StringIO()
    write_report(report, output, out)
    return out.getvalue()
