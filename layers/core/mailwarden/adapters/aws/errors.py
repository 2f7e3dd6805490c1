"""Which errors of AWS are answers in themselves: refused, throttled, timed out. Everything else is raised."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name; the built-in one is never raised by it
    EndpointProviderError,
    HTTPClientError,
    InvalidRegionError,
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
# A region that the account has not turned on answers as if the credentials were unknown (AWS General Reference,
# "Managing AWS Regions").
_REGION_IS_OFF = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired"})
_UNREACHABLE = (HTTPClientError, ConnectionError, InvalidRegionError, EndpointProviderError)


def code_of(error: AwsError) -> str:
    """A short name of the error: AWS's code, with one name for all denials, or what kept us from reaching AWS."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        return ACCESS_DENIED if code in _DENIALS else code
    return type(error).__name__.replace("TimeoutError", "Timeout")


def message_of(error: AwsError) -> str:
    """The code and AWS's own words."""
    if isinstance(error, ClientError):
        return f"{code_of(error)}: {error.response.get('Error', {}).get('Message', '')}"
    return f"{code_of(error)}: {error}"


def is_throttle(error: AwsError) -> bool:
    """Whether AWS asked us to slow down: nothing was done."""
    return code_of(error) in _THROTTLES


def may_have_been_done(error: AwsError) -> bool:
    """Whether AWS may have carried out the call although its answer says otherwise or never came."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 and not is_throttle(error)
    return isinstance(error, HTTPClientError | ConnectionError)


def unread(error: AwsError, *, action: str, region: str, also: frozenset[str] = frozenset()) -> Unreadable:
    """The reading that a refused, throttled or unanswered call amounts to; raises any other error again.

    *also* are the codes that this action gives for names which cannot be the name of anything.
    """
    code = code_of(error)
    expected = code == ACCESS_DENIED or is_throttle(error) or code in _REGION_IS_OFF | also
    if expected or isinstance(error, _UNREACHABLE):
        transient = is_throttle(error) or isinstance(error, HTTPClientError | ConnectionError)
        return Unreadable(action=action, region=region, reason=code, transient=transient)
    raise error
