"""Classifies AWS errors: a read that AWS did not answer is a reading, too.

Only two kinds of error are raised again: the function's own credentials have expired, so the next invocation may read
what this one cannot; and errors of the SDK that come before any request, such as missing credentials.
"""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name; the built-in one is never raised by it
    ConnectTimeoutError,
    EndpointProviderError,
    HTTPClientError,
    InvalidRegionError,
    ParamValidationError,
    ReadTimeoutError,
)

from mailwarden.adapters.aws.response_bodies import MissingMember
from mailwarden.domain.readings import OwnReason, Unreadable

type AwsError = ClientError | BotoCoreError

ACCESS_DENIED = "AccessDenied"

_DENIALS = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
# botocore/retries/standard.py; LimitExceededException is left out: for the services used here it means a quota. So is
# TransactionInProgressException, which only DynamoDB returns, about a call that is still being carried out.
_THROTTLES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
    },
)
_TOO_MANY_REQUESTS, _REQUEST_TIMEOUT, _SERVER_FAULT = 429, 408, 500
# The service waited for the request, or for a part of its own (botocore/retries/standard.py, transient errors).
_TIMED_OUT = frozenset({"RequestTimeout", "RequestTimeoutException"})
# "ExpiredToken: The security token included in the request is expired" (IAM user guide, "Troubleshooting"), with the
# spellings of the other protocols.
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
# The SDK itself calls these for credentials: in the middle of another call, whose subject they do not concern.
_OF_CREDENTIALS = frozenset(
    {
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "CreateOAuth2Token",
        "CreateToken",
        "GetRoleCredentials",
        "GetSessionToken",
    }
)
# The SDK waited as long as it may, for a connection or for the response.
_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError)
_UNREACHABLE = (HTTPClientError, ConnectionError, InvalidRegionError, EndpointProviderError)
# Names come from what others configured, and the SDK itself refuses those that AWS would refuse.
_NO_ANSWER = (ClientError, ParamValidationError, *_UNREACHABLE, MissingMember)


def code_of(error: AwsError) -> str:
    """A short name of the error: AWS's code, with one name for all denials, or the cause of a failed connection."""
    if isinstance(error, ClientError):
        # The SDK reads an empty element as None.
        code = error.response.get("Error", {}).get("Code") or ""
        return ACCESS_DENIED if code in _DENIALS else code
    return type(error).__name__.replace("TimeoutError", "Timeout")


def message_of(error: AwsError) -> str:
    """The code and AWS's message."""
    if isinstance(error, ClientError):
        return f"{code_of(error)}: {error.response.get('Error', {}).get('Message') or ''}"
    return f"{code_of(error)}: {error}"


def is_throttle(error: AwsError) -> bool:
    """Whether AWS asked us to slow down: nothing was done. A quota that is used up is none, whatever its status."""
    if code_of(error) in _THROTTLES:
        return True
    return status_of(error) == _TOO_MANY_REQUESTS and "LimitExceeded" not in code_of(error)


def unread(error: AwsError, *, action: str, region: str) -> Unreadable:
    """The reading for a call that was refused, throttled or not answered; raises any other error again.

    A reading is transient if the same call may succeed a moment later. A region that is not enabled for the account
    answers as if the credentials were invalid (AWS General Reference, "Managing AWS Regions").
    """
    if isinstance(error, MissingMember):
        return without_member(error.member, action=action, region=region)
    if concerns_credentials(error):
        raise error
    code = code_of(error)
    return Unreadable(
        action=action,
        region=region,
        # An answer without a code, such as an empty body, has a status only.
        reason=code or f"HTTP {status_of(error)}",
        transient=may_pass(error),
        is_timeout=isinstance(error, _TIMEOUTS),
    )


def concerns_credentials(error: AwsError) -> bool:
    """Whether the credentials have expired or cannot be had or renewed: no answer about the subject of a call."""
    if isinstance(error, ClientError):
        return code_of(error) in EXPIRED or error.operation_name in _OF_CREDENTIALS
    return not isinstance(error, _NO_ANSWER)


def without_member(member: str, *, action: str, region: str) -> Unreadable:
    """The reading for an answer without a member that AWS always sends."""
    return Unreadable(action=action, region=region, reason=OwnReason.MISSING_MEMBER, about=member)


def may_pass(error: AwsError) -> bool:
    """Whether the same call may succeed a moment later."""
    is_lost = isinstance(error, HTTPClientError | ConnectionError)
    return is_throttle(error) or is_lost or is_server_fault(error)


def is_server_fault(error: AwsError) -> bool:
    """Whether the service failed or timed out: it may have done what was asked."""
    status = status_of(error)
    return code_of(error) in _TIMED_OUT or status == _REQUEST_TIMEOUT or status >= _SERVER_FAULT


def status_of(error: AwsError) -> int:
    """The HTTP status of a response; 0 if there was none."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) if isinstance(error, ClientError) else 0
