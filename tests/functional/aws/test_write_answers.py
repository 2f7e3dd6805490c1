"""What each error of each mutating call means, over the errors that the pinned service models declare."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)
from botocore.loaders import create_loader
from botocore.model import ServiceModel, Shape
from botocore.retries import standard

from mailwarden.adapters.aws.errors import unread
from mailwarden.adapters.aws.write_answers import WriteAnswer, write_answer
from mailwarden.domain.repair.journal import Drifted, Refused, Unconfirmed
from tests.functional.aws.wire.wire import refusal, xml_refusal
from tests.functional.aws.writers import WRITERS

if TYPE_CHECKING:
    from botocore.exceptions import _ClientErrorResponseTypeDef

URL = "https://service.us-east-1.amazonaws.com/"
REFUSED, MOVED, NOT_DONE = WriteAnswer.REFUSED, WriteAnswer.MOVED, WriteAnswer.NOT_DONE
MAYBE_DONE, NOT_SENT = WriteAnswer.MAYBE_DONE, WriteAnswer.NOT_SENT

# Written down by hand, call by call; a test below holds the table to the models.
DECLARED: dict[tuple[str, str], dict[str, WriteAnswer]] = {
    ("cognito-idp", "UpdateUserPool"): {
        "ConcurrentModificationException": NOT_DONE,
        "FeatureUnavailableInTierException": REFUSED,
        "InternalErrorException": MAYBE_DONE,
        "InvalidEmailRoleAccessPolicyException": REFUSED,
        "InvalidParameterException": REFUSED,
        "InvalidSmsRoleAccessPolicyException": REFUSED,
        "InvalidSmsRoleTrustRelationshipException": REFUSED,
        "NotAuthorizedException": REFUSED,
        "OperationNotEnabledException": REFUSED,
        "ResourceNotFoundException": MOVED,
        "TierChangeNotAllowedException": REFUSED,
        "TooManyRequestsException": NOT_DONE,
        "UserImportInProgressException": REFUSED,
        "UserPoolTaggingException": REFUSED,
    },
    ("cognito-idp", "SetRiskConfiguration"): {
        "CodeDeliveryFailureException": MAYBE_DONE,
        "InternalErrorException": MAYBE_DONE,
        "InvalidEmailRoleAccessPolicyException": REFUSED,
        "InvalidParameterException": REFUSED,
        "NotAuthorizedException": REFUSED,
        "OperationNotEnabledException": REFUSED,
        "ResourceNotFoundException": MOVED,
        "TooManyRequestsException": NOT_DONE,
        "UserPoolAddOnNotEnabledException": REFUSED,
    },
    ("sesv2", "CreateEmailIdentityPolicy"): {
        "AlreadyExistsException": MOVED,
        "BadRequestException": REFUSED,
        "LimitExceededException": REFUSED,
        "NotFoundException": MOVED,
        "TooManyRequestsException": NOT_DONE,
    },
    ("sesv2", "UpdateEmailIdentityPolicy"): {
        "BadRequestException": REFUSED,
        "NotFoundException": MOVED,
        "TooManyRequestsException": NOT_DONE,
    },
    ("sesv2", "DeleteEmailIdentityPolicy"): {
        "BadRequestException": REFUSED,
        "NotFoundException": MOVED,
        "TooManyRequestsException": NOT_DONE,
    },
    ("sesv2", "DeleteSuppressedDestination"): {
        "BadRequestException": REFUSED,
        "NotFoundException": MOVED,
        "TooManyRequestsException": NOT_DONE,
    },
    ("iam", "CreateServiceLinkedRole"): {
        "InvalidInput": MOVED,
        "LimitExceeded": REFUSED,
        "NoSuchEntity": REFUSED,
        "ServiceFailure": MAYBE_DONE,
    },
}
# Answers of every service, which no model declares (IAM and API references, common errors).
COMMON: list[tuple[str, int, WriteAnswer]] = [
    ("AccessDenied", 403, REFUSED),
    ("AccessDeniedException", 400, REFUSED),
    ("UnauthorizedOperation", 403, REFUSED),
    ("Throttling", 400, NOT_DONE),
    ("ThrottlingException", 400, NOT_DONE),
    ("RequestLimitExceeded", 503, NOT_DONE),
    ("NameOfNoList", 429, NOT_DONE),
    ("", 429, NOT_DONE),
    ("LimitExceededException", 429, REFUSED),
    ("RequestTimeout", 400, MAYBE_DONE),
    ("RequestTimeoutException", 400, MAYBE_DONE),
    ("", 408, MAYBE_DONE),
    ("ExpiredToken", 403, NOT_SENT),
    ("ExpiredTokenException", 400, NOT_SENT),
    ("RequestExpired", 400, NOT_SENT),
    ("UnrecognizedClientException", 400, REFUSED),
    ("InvalidClientTokenId", 403, REFUSED),
    ("ValidationException", 400, REFUSED),
    ("NameOfNoList", 400, REFUSED),
    ("NameOfNoList", 404, REFUSED),
    ("NameOfNoList", 409, REFUSED),
    ("ServiceUnavailable", 503, MAYBE_DONE),
    ("InternalFailure", 500, MAYBE_DONE),
    ("NameOfNoList", 500, MAYBE_DONE),
    ("", 502, MAYBE_DONE),
]
WITHOUT_ANSWER: list[tuple[BotoCoreError, WriteAnswer]] = [
    (ConnectTimeoutError(endpoint_url=URL), NOT_DONE),
    (EndpointConnectionError(endpoint_url=URL), NOT_DONE),
    (ReadTimeoutError(endpoint_url=URL), MAYBE_DONE),
    (ConnectionClosedError(endpoint_url=URL), MAYBE_DONE),
    (SSLError(endpoint_url=URL, error=OSError("odd")), MAYBE_DONE),
    (IncompleteReadError(actual_bytes=1, expected_bytes=2), MAYBE_DONE),
    (HTTPClientError(error="odd"), MAYBE_DONE),
    (NoCredentialsError(), NOT_SENT),
    (ParamValidationError(report="odd"), REFUSED),
]


def declared_errors(service: str, operation: str) -> list[Shape]:
    model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
    return list(model.operation_model(operation).error_shapes)


def code_and_status(shape: Shape) -> tuple[str, int]:
    error = shape.metadata.get("error", {})
    return str(error.get("code", shape.name)), int(error.get("httpStatusCode", 400))


def response(code: str, status: int) -> ClientError:
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("_ClientErrorResponseTypeDef", answer), "Write")


@pytest.mark.parametrize("call", DECLARED, ids=lambda call: call[1])
def test_every_declared_error_of_a_call_has_its_row(call: tuple[str, str]) -> None:
    declared = dict(code_and_status(shape) for shape in declared_errors(*call))

    assert {code: write_answer(response(code, status)) for code, status in declared.items()} == DECLARED[call]


def test_every_call_of_every_writer_is_in_the_table() -> None:
    assert {operation for _, operation in DECLARED} == {make().mutates for make in WRITERS.values()}


# The SDK's own tables; the stubs know neither their names nor all of their classes.
_THROTTLED = vars(standard.ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]
_TRANSIENT = vars(standard.TransientRetryableChecker)
_THROTTLING_STATUSES = vars(vars(standard)["ThrottlingStatusCodeChecker"])["_THROTTLING_STATUS_CODES"]
# Of the SDK's lists of what it sends again, what means something else for a write, and what nobody here answers.
ANOTHER_MEANING = {"LimitExceededException": REFUSED, "TransactionInProgressException": REFUSED}


def test_what_the_sdk_would_send_again_is_a_throttle_or_may_have_been_done() -> None:
    throttles = _THROTTLED
    transient = set(_TRANSIENT["_TRANSIENT_ERROR_CODES"]) - set(throttles)
    expected = dict.fromkeys(throttles, NOT_DONE) | dict.fromkeys(transient, MAYBE_DONE) | ANOTHER_MEANING

    assert {code: write_answer(response(code, 400)) for code in expected} == expected
    for status in _TRANSIENT["_TRANSIENT_STATUS_CODES"]:
        assert write_answer(response("", status)) is MAYBE_DONE, status
    for status in _THROTTLING_STATUSES:
        assert write_answer(response("", status)) is NOT_DONE, status


def test_what_the_sdk_would_send_again_is_a_reading_that_passes() -> None:
    codes = {
        *_THROTTLED,
        *_TRANSIENT["_TRANSIENT_ERROR_CODES"],
    }
    statuses = (
        *_TRANSIENT["_TRANSIENT_STATUS_CODES"],
        *_THROTTLING_STATUSES,
    )
    answers = [response(code, 400) for code in codes - ANOTHER_MEANING.keys()]

    for error in (*answers, *(response("", status) for status in statuses)):
        assert unread(error, action="a", region="r").transient, error.response


def lost_connections() -> Iterator[type[BotoCoreError]]:
    """Every error of the SDK that it counts as a failed connection, those of tomorrow as well."""
    waiting: list[type[BotoCoreError]] = list(_TRANSIENT["_TRANSIENT_EXCEPTION_CLS"])
    while waiting:
        each = waiting.pop()
        yield each
        waiting += each.__subclasses__()


@pytest.mark.parametrize("of", sorted(set(lost_connections()), key=str))
def test_a_connection_that_was_never_made_sent_nothing_and_any_other_may_have(of: type[BotoCoreError]) -> None:
    error = of(endpoint_url=URL, proxy_url=URL, error=OSError("odd"), operation="Write")

    never_made = {"ConnectTimeoutError", "EndpointConnectionError", "ProxyConnectionError"}
    assert write_answer(error) is (NOT_DONE if of.__name__ in never_made else MAYBE_DONE)
    assert unread(error, action="a", region="r").transient


@pytest.mark.parametrize(("code", "status", "expected"), COMMON)
def test_an_error_that_any_call_may_answer(code: str, status: int, expected: WriteAnswer) -> None:
    assert write_answer(response(code, status)) is expected


@pytest.mark.parametrize(("error", "expected"), WITHOUT_ANSWER, ids=lambda value: type(value).__name__)
def test_an_error_without_an_answer(error: BotoCoreError, expected: WriteAnswer) -> None:
    assert write_answer(error) is expected


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(("code", "status", "expected"), COMMON)
def test_a_writer_does_what_the_answer_means(name: str, code: str, status: int, expected: WriteAnswer) -> None:
    writing = WRITERS[name]()
    make = xml_refusal if writing.mutates == "CreateServiceLinkedRole" else refusal
    writing.wire.disturb(writing.mutates, *range(1, 9), instead=make(code, "no", status=status))

    try:
        outcome: object = writing.write()
    except ClientError as error:
        outcome = error

    removal = name == "suppression"
    match expected:
        case WriteAnswer.REFUSED:
            assert isinstance(outcome, Refused)
        case WriteAnswer.MOVED:
            assert isinstance(outcome, Drifted)
        case WriteAnswer.MAYBE_DONE:
            assert isinstance(outcome, Unconfirmed)
        case WriteAnswer.NOT_DONE | WriteAnswer.NOT_SENT:
            # A person waits for the answer to a removal, and gives the order again.
            assert isinstance(outcome, Refused if removal else ClientError)
    assert writing.wire.count(writing.mutates) == (4 if expected in {NOT_DONE, MAYBE_DONE} else 1)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("code", ["NameOfNoList", "ValidationException"])
def test_a_comparison_that_is_refused_is_final_whatever_its_code(name: str, code: str) -> None:
    writing = WRITERS[name]()
    make = xml_refusal if writing.mutates == "CreateServiceLinkedRole" else refusal
    writing.wire.disturb(writing.compares, 1, instead=make(code))

    outcome = writing.write()

    assert isinstance(outcome, Refused)
    assert writing.wire.count(writing.mutates) == 0
