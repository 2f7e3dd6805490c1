"""Every error that AWS declares for a read of the adapters becomes a reading, or is raised by a written decision.

The errors come from the pinned service models: a new SDK brings its new errors here.
"""

import ast
from collections.abc import Iterator

import botocore.session
import pytest
from botocore import xform_name
from botocore.client import BaseClient
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from mailwarden.adapters.aws.errors import unread
from tests.functional.aws.reads import CLIENTS, FIRST, READS, Read
from tests.infrastructure.templates import ROOT

ADAPTERS = ROOT / "layers" / "core" / "mailwarden" / "adapters"
MODELS = botocore.session.get_session()
# The calls that are not reads of a subject, and what their errors lead to.
RAISES = {
    "dynamodb": "without the ledger or the journal nothing may be decided or written: the message comes again",
    "sqs": "what could not be sent is sent again with the message that caused it",
    "sns": "an alert that was not sent stays due (docs/adr/0001)",
    "secretsmanager": "the alert stays in its queue until the secret can be read",
}
# Writes: each writer's own tests hold what every declared error leads to.
WRITES = {
    "UpdateUserPool",
    "SetRiskConfiguration",
    "CreateEmailIdentityPolicy",
    "UpdateEmailIdentityPolicy",
    "DeleteEmailIdentityPolicy",
    "CreateServiceLinkedRole",
    "DeleteSuppressedDestination",
}
OF_EVERY_SERVICE = {
    "AccessDeniedException": 400,
    "UnauthorizedOperation": 403,
    "ThrottlingException": 400,
    "TooManyRequestsException": 429,
    "UnrecognizedClientException": 400,
    "OptInRequired": 403,
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
    "ValidationException": 400,
    "AnErrorOfTomorrow": 400,
}
LOST: tuple[BotoCoreError, ...] = (
    ReadTimeoutError(endpoint_url="https://aws"),
    ConnectTimeoutError(endpoint_url="https://aws"),
    EndpointConnectionError(endpoint_url="https://aws"),
    ParamValidationError(report="a name that AWS would not take"),
)


def _declared() -> Iterator[tuple[Read, str, int]]:
    for each in READS:
        model = MODELS.get_service_model(each.service).operation_model(each.operation)
        for shape in model.error_shapes:
            error = shape.metadata.get("error", {})
            code = error.get("code", shape.name) if isinstance(error, dict) else shape.name
            status = error.get("httpStatusCode", 400) if isinstance(error, dict) else 400
            yield each, code, status
        for code, status in OF_EVERY_SERVICE.items():
            yield each, code, status


PAIRS = tuple(_declared())


def _failing(monkeypatch: pytest.MonkeyPatch, operation: str, error: Exception) -> None:
    def call(_: BaseClient, name: str, __: object) -> object:
        if name == operation:
            raise error
        return FIRST[name]

    monkeypatch.setattr(BaseClient, "_make_api_call", call)


def _error(each: Read, code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]  # the members that botocore reads
        each.operation,
    )


@pytest.mark.parametrize(("each", "code", "status"), PAIRS, ids=[f"{each.operation}-{code}" for each, code, _ in PAIRS])
def test_an_error_of_a_read_is_a_reading(each: Read, code: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _failing(monkeypatch, each.operation, _error(each, code, status))

    found = each.read(CLIENTS)

    assert code in (each.also or {}) or each.is_reading(found)


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("each", READS, ids=lambda each: each.operation)
def test_a_read_without_an_answer_is_a_reading(
    each: Read, error: BotoCoreError, monkeypatch: pytest.MonkeyPatch
) -> None:
    _failing(monkeypatch, each.operation, error)

    assert each.is_reading(each.read(CLIENTS))


@pytest.mark.parametrize("each", READS, ids=lambda each: each.operation)
def test_expired_credentials_are_not_a_reading_of_the_subject(each: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (_error(each, "ExpiredTokenException", 400), NoCredentialsError()):
        _failing(monkeypatch, each.operation, error)

        # Ownership and settings are closed by any error; the others are read again by the next invocation.
        if each.service in {"cloudformation", "ssm"} or each.operation == "GetSuppressedDestination":
            assert each.is_reading(each.read(CLIENTS))
        else:
            with pytest.raises(type(error)):
                each.read(CLIENTS)


def test_every_call_of_the_adapters_has_its_decision() -> None:
    services = {*RAISES, *(each.service for each in READS)}
    known: dict[str, set[tuple[str, str]]] = {}
    for service in sorted(services):
        for operation in MODELS.get_service_model(service).operation_names:
            known.setdefault(xform_name(operation), set()).add((service, operation))
    made = {name for name in _calls() if name in known}

    # Two services may have an operation of the same name: one of them is decided.
    reads = {(each.service, each.operation) for each in READS}
    undecided = {
        name
        for name in made
        if not any(
            service in RAISES or operation in WRITES or (service, operation) in reads
            for service, operation in known[name]
        )
    }

    assert len(made) > 25
    assert undecided == set()


def _calls() -> Iterator[str]:
    for module in ADAPTERS.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            yield node.func.attr
            if node.func.attr == "get_paginator" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_an_answer_without_a_code_is_named_by_its_status() -> None:
    empty = _error(READS[0], "", 502)

    reading = unread(empty, action="ses:GetAccount", region="eu-west-1")

    assert str(reading) == "HTTP 502: ses:GetAccount in eu-west-1"
    assert reading.transient
