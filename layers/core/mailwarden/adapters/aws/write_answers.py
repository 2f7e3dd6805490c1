"""The meaning of an error of a write: whether AWS wrote, and whether another attempt can help. One table for all.

The declared errors of the calls are in the pinned service models; an error that no row names is decided by its HTTP
status. An unknown refusal is final: trying it again would only leave intentions without an outcome.
"""

from enum import Enum

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    EndpointProviderError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
    UnknownEndpointError,
)

from mailwarden.adapters.aws.errors import AwsError, code_of, is_server_fault, is_throttle, status_of
from mailwarden.adapters.aws.response_bodies import MissingMember


class WriteAnswer(Enum):
    """The meaning of an error."""

    REFUSED = "final: nothing was written, and another attempt would not help"
    MOVED = "the live state is not what the comparison saw: nothing was written"
    NOT_DONE = "nothing was written, and another attempt after a comparison may succeed"
    MAYBE_DONE = "AWS may have written: only a look can decide"
    NOT_SENT = "nothing was written, and no attempt of this invocation can succeed"


_BY_CODE = {
    # Cognito: "Only one request to update this UserPool can be processed at a time"; botocore does not retry it.
    "ConcurrentModificationException": WriteAnswer.NOT_DONE,
    "InternalErrorException": WriteAnswer.MAYBE_DONE,
    # SetRiskConfiguration declares it; AWS does not document whether the configuration is set then.
    "CodeDeliveryFailureException": WriteAnswer.MAYBE_DONE,
    "ResourceNotFoundException": WriteAnswer.MOVED,
    "NotFoundException": WriteAnswer.MOVED,
    "AlreadyExistsException": WriteAnswer.MOVED,
    # IAM: creating a role that exists answers InvalidInput (public runbooks); the model declares both names.
    "InvalidInput": WriteAnswer.MOVED,
    "InvalidInputException": WriteAnswer.MOVED,
    "EntityAlreadyExists": WriteAnswer.MOVED,
    # Credentials of the execution role that were not refreshed in time; the next invocation has others.
    "ExpiredToken": WriteAnswer.NOT_SENT,
    "ExpiredTokenException": WriteAnswer.NOT_SENT,
    "RequestExpired": WriteAnswer.NOT_SENT,
}
_NOT_CONNECTED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_NEVER_SENT = (
    CredentialRetrievalError,
    EndpointProviderError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    UnknownEndpointError,
)


def write_answer(error: AwsError) -> WriteAnswer:
    """The meaning of *error*, which a mutating call raised in a client that does not repeat calls."""
    if isinstance(error, ClientError):
        return _of_response(error)
    # Only reads have members that are missed: a look that shows less than the whole is one that shows nothing.
    if isinstance(error, ParamValidationError | MissingMember):
        return WriteAnswer.REFUSED
    if isinstance(error, _NOT_CONNECTED):
        return WriteAnswer.NOT_DONE
    return WriteAnswer.NOT_SENT if isinstance(error, _NEVER_SENT) else WriteAnswer.MAYBE_DONE


def _of_response(error: ClientError) -> WriteAnswer:
    if is_throttle(error):
        return WriteAnswer.NOT_DONE
    known = _BY_CODE.get(code_of(error))
    if known is not None:
        return known
    # A response without a status is no response of the service.
    return WriteAnswer.MAYBE_DONE if is_server_fault(error) or not status_of(error) else WriteAnswer.REFUSED
