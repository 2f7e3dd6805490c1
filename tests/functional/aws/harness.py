"""Common parts of the tests of the AWS adapters: a manual clock, and pools ready to be repaired."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.guarded_write import WriteTime
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import email_from_document
from tests.builders import ACCOUNT, NOON
from tests.functional.aws.wire.cognito import Cognito, Pool
from tests.functional.aws.wire.wire import Wire

REGION = "us-east-1"
AFTER = EmailConfiguration(
    sending_account=SenderMode.DEVELOPER,
    source_arn=f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/shop.example",
    from_address="shop@shop.example",
)


@dataclass(slots=True)
class Time:
    """A clock that moves with each sleep, and by ``per_reading`` seconds with each reading."""

    seconds: float = 1000.0
    per_reading: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        self.seconds += self.per_reading
        return self.seconds

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(seconds)
        self.seconds += seconds

    def of_writes(self) -> WriteTime:
        return WriteTime(clock=self, monotonic=self.monotonic, sleep=self.sleep)


@dataclass(slots=True)
class Bench:
    """Cognito in memory behind real clients, and the writer at work on it."""

    cognito: Cognito = field(default_factory=Cognito)
    time: Time = field(default_factory=Time)
    wire: Wire = field(init=False)
    clients: Clients = field(init=False)
    writer: CognitoWriter = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(services={"cognito-idp": self.cognito})
        self.clients = Clients(self.wire.session())
        self.writer = CognitoWriter(
            clients=self.clients,
            account=ACCOUNT,
            time=self.time.of_writes(),
        )


def pool_ref(pool: Pool, *, region: str = REGION, account: str = ACCOUNT) -> PoolRef:
    return PoolRef(partition="aws", region=region, account=account, pool_id=str(pool["Id"]))


def repair(pool: Pool, after: EmailConfiguration = AFTER) -> ReplaceEmailConfiguration:
    """The change that gives *pool*, as it is now, another EmailConfiguration."""
    email = pool.get("EmailConfiguration")
    before = email_from_document(email if isinstance(email, dict) else {})
    return ReplaceEmailConfiguration(pool=pool_ref(pool), before=before, after=after)


def shop(**members: object) -> Pool:
    """An ordinary pool on a DEVELOPER identity; *members* are put in place of its own."""
    pool: Pool = {
        "Id": "us-east-1_Shop",
        "Name": "shop",
        "Arn": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_Shop",
        "LastModifiedDate": 1_700_000_000.25,
        "CreationDate": 1_600_000_000.0,
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}},
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {},
        "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "MfaConfiguration": "OPTIONAL",
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/shop.example",
            "From": "shop@shop.example",
        },
        "UserPoolTags": {"team": "shop", "aws:cloudformation:stack-name": "shop"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 3},
        "EstimatedNumberOfUsers": 7,
        "UserPoolTier": "LITE",
    }
    return pool | members
