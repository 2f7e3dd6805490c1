"""boto3 clients by service and region: created on first use, cached, thread-safe."""

import platform
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

import boto3
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import InvalidRegionError

from mailwarden.adapters.aws.raw_responses import keep_raw_responses
from mailwarden.adapters.aws.response_bodies import refuse_broken_bodies
from mailwarden.region_names import is_region

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudtrail.client import CloudTrailClient
    from mypy_boto3_cloudwatch.client import CloudWatchClient
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_sesv2.client import SESV2Client

# The whole header, to which the session only adds Botocore's version. The SDK would build it for each request
# takes a tenth of the time of a call. Ours comes first, because causes keep only the beginning.
_USER_AGENT = f"mailwarden/0.1.0 Boto3/{boto3.__version__} lang/python#{platform.python_version()}"

# "standard" because the default mode does not retry Cognito's TooManyRequestsException, which comes with HTTP 400
# (botocore/retries/standard.py against botocore/data/_retry.json).
READING = Config(
    retries={"mode": "standard", "total_max_attempts": 4},
    connect_timeout=2,
    read_timeout=4,
    user_agent=_USER_AGENT,
)
# For copies of alerts: the topic and Slack must not wait long for another channel. A failure is repeated in a minute.
COPYING = Config(
    retries={"mode": "standard", "total_max_attempts": 2},
    connect_timeout=1,
    read_timeout=3,
    user_agent=_USER_AGENT,
)
# A write is never repeated by the SDK: each attempt must be preceded by a comparison of its own. Nor is that read: the
# time of all attempts together is bounded by the writer.
LONGEST_CALL = 4.0
ONCE = Config(
    retries={"mode": "standard", "total_max_attempts": 1},
    connect_timeout=1,
    read_timeout=LONGEST_CALL - 1,
    user_agent=_USER_AGENT,
)
# Longer than a read, because Cognito calls SES about the identity before it answers.
LONGEST_POOL_WRITE = 9.0
POOL_WRITE_ONCE = Config(
    retries={"mode": "standard", "total_max_attempts": 1},
    connect_timeout=1,
    read_timeout=LONGEST_POOL_WRITE - 1,
    user_agent=_USER_AGENT,
)


class KeyReader(Protocol):
    """The one call of KMS: DescribeKey with ``KeyId``; the answer has ``KeyMetadata`` with ``KeyState``."""

    def describe_key(self, **members: str) -> Mapping[str, Mapping[str, str]]:
        """Describe one key."""
        ...


class Clients:
    """Returns the client of a service in a region.

    Every method raises botocore's ``InvalidRegionError`` for a text that does not look like a region: an empty text
    would silently mean the region of the process.
    """

    def __init__(self, session: Session | None = None) -> None:
        self._session = session or Session()
        self._kept: dict[tuple[str, str], object] = {}
        self._lock = Lock()

    def cognito(self, region: str) -> "CognitoIdentityProviderClient":
        """For reads; responses about a pool also carry their raw JSON."""
        return self._client("cognito-idp", region, lambda: self._cognito(region, READING))

    def cognito_once(self, region: str) -> "CognitoIdentityProviderClient":
        """For the reads around a write: one attempt, no retry."""
        return self._client("cognito-idp, once", region, lambda: self._cognito(region, ONCE))

    def cognito_writing(self, region: str) -> "CognitoIdentityProviderClient":
        """For writes: one attempt, no retry."""
        return self._client("cognito-idp, writing", region, lambda: self._cognito(region, POOL_WRITE_ONCE))

    def sesv2(self, region: str) -> "SESV2Client":
        """For reads."""
        return self._client("sesv2", region, lambda: self._session.client("sesv2", region_name=region, config=READING))

    def sesv2_once(self, region: str) -> "SESV2Client":
        """For writes and the reads around them: one attempt, no retry."""
        return self._client(
            "sesv2, once", region, lambda: self._session.client("sesv2", region_name=region, config=ONCE)
        )

    def iam(self, region: str) -> "IAMClient":
        """For reads. IAM is global; the region selects the partition."""
        return self._client("iam", region, lambda: self._session.client("iam", region_name=region, config=READING))

    def iam_once(self, region: str) -> "IAMClient":
        """For writes and the reads around them: one attempt, no retry."""
        return self._client("iam, once", region, lambda: self._session.client("iam", region_name=region, config=ONCE))

    def cloudformation(self, region: str) -> "CloudFormationClient":
        """For reads."""
        return self._client(
            "cloudformation",
            region,
            lambda: self._session.client("cloudformation", region_name=region, config=READING),
        )

    def cloudtrail(self, region: str) -> "CloudTrailClient":
        """For reads."""
        return self._client(
            "cloudtrail",
            region,
            lambda: self._session.client("cloudtrail", region_name=region, config=READING),
        )

    def cloudtrail_once(self, region: str) -> "CloudTrailClient":
        """For the read before a write: one attempt, no retry."""
        return self._client(
            "cloudtrail, once",
            region,
            lambda: self._session.client("cloudtrail", region_name=region, config=ONCE),
        )

    def functions(self, region: str) -> "LambdaClient":
        """For reads."""
        return self._client(
            "lambda", region, lambda: self._session.client("lambda", region_name=region, config=READING)
        )

    def keys(self, region: str) -> KeyReader:
        """For reads."""
        # The one call has a type of its own here, which is less than a package of stubs.
        return self._client(
            "kms", region, lambda: cast("KeyReader", self._session.client("kms", region_name=region, config=READING))
        )

    def cloudwatch(self, region: str) -> "CloudWatchClient":
        """For reads."""
        return self._client(
            "cloudwatch",
            region,
            lambda: self._session.client("cloudwatch", region_name=region, config=READING),
        )

    def _cognito(self, region: str, config: Config) -> "CognitoIdentityProviderClient":
        client = self._session.client("cognito-idp", region_name=region, config=config)
        keep_raw_responses(client.meta, "DescribeRiskConfiguration", "DescribeUserPool", "GetUserPoolMfaConfig")
        return client

    def _client[C](self, use: str, region: str, create: Callable[[], C]) -> C:
        if not is_region(region):
            raise InvalidRegionError(region_name=region)
        # Creating clients from one session is not thread-safe (boto3 guide, "Multithreading or multiprocessing").
        with self._lock:
            if (use, region) not in self._kept:
                self._kept[use, region] = client = create()
                refuse_broken_bodies(cast("BaseClient", client).meta)
            # The key determines the type; a dictionary's type cannot express it.
            return cast("C", self._kept[use, region])
