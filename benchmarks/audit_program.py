"""Audits an account whose answers are made as they are asked for, and prints what it took as JSON.

python audit_program.py POOLS PATH…

A tenth of the pools cannot send, and four share an identity. The report is written as JSON into nothing.
"""

import json
import resource
import sys
from collections.abc import Mapping
from io import BytesIO
from time import process_time
from urllib.parse import unquote, urlsplit

POOLS, *PATHS = sys.argv[1:]
sys.path[:0] = PATHS

from boto3.session import Session  # noqa: E402 - found only now
from botocore.awsrequest import AWSResponse  # noqa: E402 - as above

from mailwarden.domain.mail_path.verdict import Answer  # noqa: E402 - found only now
from mailwarden.settings.operator_settings import OperatorSettings  # noqa: E402 - as above
from mailwarden_command.audit.wanted import Wanted  # noqa: E402 - as above
from mailwarden_command.auditing import write_report  # noqa: E402 - as above
from mailwarden_command.garbage import rare_searches  # noqa: E402 - as above
from mailwarden_command.reading.accounts import enter  # noqa: E402 - as above
from mailwarden_command.reading.run import AuditRun  # noqa: E402 - as above

ACCOUNT = "111122223333"
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-2")
SHARED_BY = 4
BROKEN = 10
_CALLER = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{0}:user/auditor</Arn><Account>{0}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
_ROLE = (
    "<GetRoleResponse><GetRoleResult><Role><Path>/aws-service-role/email.cognito-idp.amazonaws.com/</Path>"
    "<RoleName>AWSServiceRoleForAmazonCognitoIdpEmailService</RoleName><RoleId>AROAEXAMPLE</RoleId><Arn>arn:aws:iam::"
    "111122223333:role/x</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>"
)


class Silent:
    """Implements ``Progress``."""

    def listed(self, *_: object) -> None:
        """Show nothing."""

    def judged(self) -> None:
        """Show nothing."""


class Nothing:
    """A stream that stores nothing."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        """Take a text."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


class Body(BytesIO):
    """The interface of a body that botocore expects."""

    def stream(self, **_: object) -> list[bytes]:
        """The whole body."""
        return [self.read()]


def answer(request: object, event_name: str, **_: object) -> AWSResponse:
    """The response to a request, which never leaves the process."""
    url, sent = request.url, request.body  # type: ignore[attr-defined] # botocore passes its prepared request
    operation, parts = event_name.rsplit(".", 1)[-1], urlsplit(url)
    region = str(parts.hostname).split(".")[1]
    asked = json.loads(sent) if sent and sent[:1] == b"{" else {}
    body = _body(operation, region, parts.path, asked)
    text = body if isinstance(body, str) else json.dumps(body)
    return AWSResponse(url, 200, {}, Body(text.encode()))


def _body(operation: str, region: str, path: str, asked: Mapping[str, str]) -> str | dict[str, object]:
    match operation:
        case "GetCallerIdentity":
            return _CALLER.format(ACCOUNT)
        case "GetRole":
            return _ROLE
        case "ListUserPools":
            return _listed(region, int(asked.get("NextToken", 0)))
        case "DescribeUserPool":
            return {"UserPool": _pool(region, asked["UserPoolId"])}
        case "GetEmailIdentity":
            return _identity(region, unquote(path.rpartition("/")[2]))
        case "GetMetricData":
            return {"MetricDataResults": [], "Messages": []}
        case _:
            return {
                "ProductionAccessEnabled": True,
                "SendingEnabled": True,
                "EnforcementStatus": "HEALTHY",
                "SendQuota": {"Max24HourSend": 50_000.0, "SentLast24Hours": 10.0},
                "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
            }


def _listed(region: str, start: int) -> dict[str, object]:
    last = min(start + 60, int(POOLS) // len(REGIONS))
    pools = [{"Id": f"{region}_Shop{number:06}", "Name": f"shop-{number}"} for number in range(start, last)]
    return {"UserPools": pools} | ({"NextToken": str(last)} if last < int(POOLS) // len(REGIONS) else {})


def _pool(region: str, pool_id: str) -> dict[str, object]:
    number = int(pool_id[-6:])
    name = f"shop-{number // SHARED_BY}.example"
    return {
        "Id": pool_id,
        "Name": f"shop-{number}",
        "Arn": f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{pool_id}",
        "LastModifiedDate": 1_700_000_000.25,
        "CreationDate": 1_600_000_000.0,
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}},
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {},
        "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "SchemaAttributes": [{"Name": f"custom:{each}", "AttributeDataType": "String"} for each in range(30)],
        "MfaConfiguration": "OFF",
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{region}:{ACCOUNT}:identity/{name}",
            "From": f"shop@{'other.example' if number % BROKEN == 0 else name}",
        },
        "UserPoolTags": {"team": "shop"},
        "EstimatedNumberOfUsers": 7,
        "UserPoolTier": "ESSENTIALS",
    }


def _identity(region: str, name: str) -> dict[str, object]:
    grant = {
        "Effect": "Allow",
        "Principal": {"Service": "email.cognito-idp.amazonaws.com"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:{region}:{ACCOUNT}:identity/{name}",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/*"},
        },
    }
    policy = {"Version": "2012-10-17", "Statement": [grant]}
    return {
        "IdentityType": "DOMAIN",
        "VerifiedForSendingStatus": True,
        "FeedbackForwardingStatus": True,
        "VerificationStatus": "SUCCESS",
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
        "Policies": {f"own-{region}": json.dumps(policy)},
        "Tags": [{"Key": "team", "Value": name}],
    }


def main() -> None:
    """Run the audit, write the report, and print the figures."""
    session = Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")  # noqa: S106 - made up
    session.events.register("before-send", answer)
    account = enter(session, share=0)
    run = AuditRun(wanted=Wanted(regions=REGIONS), settings=OperatorSettings(), progress=Silent())
    with rare_searches():
        report = run.report([account])
        write_report(report, "json", Nothing())  # type: ignore[arg-type] # as much of a stream as is used
    figures = {
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "processor": process_time(),
        "calls": account.rates.requests,
        "pools": len(report.pools),
        "broken": report.verdicts[Answer.NO],
        "unknown": report.verdicts[Answer.UNKNOWN],
    }
    print(json.dumps(figures))


main()
