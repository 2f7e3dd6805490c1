"""Classifies AWS errors: refusals, throttles and timeouts become readings, every other error is raised."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name; the built-in one is never raised by it
    ConnectTimeoutError,
    EndpointProviderError,
    HTTPClientError,
    InvalidRegionError,
    ReadTimeoutError,
)

from mailwarden.domain.readings import Unreadable

type AwsError = ClientError | BotoCoreError

ACCESS_DENIED = "AccessDenied"

_DENIALS = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
# botocore/retries/standard.py; LimitExceededException is left out: for the services used here it means a quota.
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
    },
)
# A region that is not enabled for the account answers as if the credentials were invalid (AWS General Reference,
# "Managing AWS Regions").
_REGION_IS_OFF = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired"})
# The SDK waited as long as it may, for a connection or for the response.
_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError)
_UNREACHABLE = (HTTPClientError, ConnectionError, InvalidRegionError, EndpointProviderError)


def code_of(error: AwsError) -> str:
    """A short name of the error: AWS's code, with one name for all denials, or the cause of a failed connection."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        return ACCESS_DENIED if code in _DENIALS else code
    return type(error).__name__.replace("TimeoutError", "Timeout")


def message_of(error: AwsError) -> str:
    """The code and AWS's message."""
    if isinstance(error, ClientError):
        return f"{code_of(error)}: {error.response.get('Error', {}).get('Message', '')}"
    return f"{code_of(error)}: {error}"


def is_throttle(error: AwsError) -> bool:
    """Whether AWS asked us to slow down: nothing was done."""
    return code_of(error) in _THROTTLES


def unread(error: AwsError, *, action: str, region: str, also: frozenset[str] = frozenset()) -> Unreadable:
    """The reading for a refused, throttled or unanswered call; raises any other error again.

    *also* are further codes that count as a reading, such as this action's codes for invalid names.
    """
    code = code_of(error)
    expected = code == ACCESS_DENIED or is_throttle(error) or code in _REGION_IS_OFF | also
    if expected or isinstance(error, _UNREACHABLE):
        transient = is_throttle(error) or isinstance(error, HTTPClientError | ConnectionError)
        return Unreadable(
            action=action, region=region, reason=code, transient=transient, is_timeout=isinstance(error, _TIMEOUTS)
        )
    raise error
