"""Builds CloudTrail records of API calls in the shape of the published ones: identity, parameters, casing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.platform.calls.call_list import HttpAnswer, Request
from sandbox.platform.calls.wire import HIDDEN, operation_model, parsed_answer, parsed_parameters
from sandbox.platform.isolation import ACCOUNT_ID

# Operations of the data plane are data events: neither in LookupEvents nor on the event bus.
_DATA_OPERATIONS: Mapping[str, frozenset[str]] = {
    "cloudwatch": frozenset({"PutMetricData"}),
    "dynamodb": frozenset(
        {
            "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "GetRecords", "PutItem", "Query", "Scan",
            "TransactGetItems", "TransactWriteItems", "UpdateItem",
        }
    ),
    "events": frozenset({"PutEvents"}),
    "lambda": frozenset({"InvokeFunction"}),
    "logs": frozenset({"PutLogEvents", "FilterLogEvents", "GetLogEvents"}),
    "s3": frozenset({"DeleteObject", "GetObject", "HeadObject", "ListBucket", "PutObject"}),
    "ses": frozenset(
        {"SendBounce", "SendBulkEmail", "SendBulkTemplatedEmail", "SendEmail", "SendRawEmail", "SendTemplatedEmail"}
    ),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset(
        {
            "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage", "DeleteMessageBatch",
            "ReceiveMessage", "SendMessage", "SendMessageBatch",
        }
    ),
}  # fmt: skip

_ACCESS_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedOperation"})
_READS = ("Describe", "Get", "Head", "List", "Lookup")

# Sensitive in the model, and yet published records of InitiateAuth show it.
_SHOWN = frozenset({"ClientIdType"})

# Services that are one endpoint for all regions; their records are written in us-east-1.
_GLOBAL_SERVICES = frozenset({"iam"})


def is_management(request: Request) -> bool:
    """Whether CloudTrail records the call as a management event."""
    return request.action not in _DATA_OPERATIONS.get(request.service, frozenset()) and " " not in request.action


def record(request: Request, answer: HttpAnswer) -> dict[str, Any]:
    """Build the record of one finished call.

    Returns:
        The `detail` of the event: eventVersion 1.11, `requestParameters` null for refused calls (as published
        AccessDenied records show), `responseElements` null except for what creations return.
    """
    failed = answer[0] >= HTTPStatus.BAD_REQUEST
    tells = not failed and request.action.startswith(("Create", "DeleteServiceLinkedRole"))
    parsed = parsed_answer(request, answer) if failed or tells else {}
    error = parsed.get("Error") or {} if failed else {}
    refused = error.get("Code") in _ACCESS_DENIED
    operation = operation_model(request)
    parameters: Any = None
    elements: Any = None
    if operation is not None and not refused:
        parameters = _lower(operation.input_shape, parsed_parameters(request)) or None
    if operation is not None and tells:
        members = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        elements = _lower(operation.output_shape, members) or None
    found: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": user_identity(request),
        "eventTime": _timestamp(request.started),
        "eventSource": f"{_event_source(request)}.amazonaws.com",
        "eventName": request.action,
        "awsRegion": record_region(request),
        "sourceIPAddress": "127.0.0.1",
        "userAgent": request.headers.get("user-agent", ""),
        "requestParameters": parameters,
        "responseElements": elements,
        "requestID": request.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": request.action.startswith(_READS),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT_ID,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": _host(request),
        },
    }
    if failed:
        found["errorCode"] = error.get("Code") or str(answer[0])
        found["errorMessage"] = error.get("Message") or ""
    return found


def record_region(request: Request) -> str:
    """The region whose trail and event bus get the record."""
    if request.service in _GLOBAL_SERVICES:
        return "us-east-1"
    return _region_of_app(request) or request.region


def _region_of_app(request: Request) -> str | None:
    """The region of an app's pool: its calls are not signed, so only the host names it."""
    if request.service != "cognito-idp" or request.caller != "anonymous":
        return None
    from ministack.services import cognito

    client_id = parsed_parameters(request).get("ClientId")
    arns = (str(pool["Arn"]) for _, pool in cognito._user_pools.all_items() if client_id in pool.get("_clients", ()))
    return next((arn.split(":")[3] for arn in arns), None)


def user_identity(request: Request) -> dict[str, Any]:
    """The caller: a role's session with its issuer, an IAM user, the account root, or an unsigned call."""
    arn, key = request.caller, request.access_key_id
    if arn == "anonymous":
        return {"type": "Unknown", "principalId": "Anonymous"}
    named = {"arn": arn, "accountId": ACCOUNT_ID, "accessKeyId": key}
    if request.role is not None:
        role = _role(request.role)
        session = arn.rsplit("/", 1)[-1]
        return {
            "type": "AssumedRole",
            "principalId": f"{role['RoleId']}:{session}",
            **named,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": role["RoleId"],
                    "arn": role["Arn"],
                    "accountId": ACCOUNT_ID,
                    "userName": request.role,
                },
                "attributes": {"creationDate": _timestamp(_issued(key, request)), "mfaAuthenticated": "false"},
            },
        }
    if ":user/" in arn:
        name = arn.rsplit("/", 1)[-1]
        return {"type": "IAMUser", "principalId": _user_id(name), **named, "userName": name}
    return {"type": "Root", "principalId": ACCOUNT_ID, **named}


def _role(name: str) -> Mapping[str, str]:
    from ministack.services import iam

    fallback = {"RoleId": f"AROA{name[:16].upper()}", "Arn": f"arn:aws:iam::{ACCOUNT_ID}:role/{name}"}
    found: Mapping[str, str] = iam._roles.get_scoped(ACCOUNT_ID, None, name) or fallback
    return found


def _user_id(name: str) -> str:
    from ministack.services import iam

    return str((iam._users.get_scoped(ACCOUNT_ID, None, name) or {}).get("UserId", ""))


def _issued(key: str, request: Request) -> float:
    from ministack.services import sts

    return float((sts._sessions.get(key) or {}).get("IssuedAt", request.started))


def _event_source(request: Request) -> str:
    return {"cloudwatch": "monitoring"}.get(request.service, request.service)


def _host(request: Request) -> str:
    if request.service in _GLOBAL_SERVICES:
        return f"{request.service}.amazonaws.com"
    prefix = "email" if request.service == "ses" else request.service
    return f"{prefix}.{record_region(request)}.amazonaws.com"


def _timestamp(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _lower(shape: Shape | None, value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Write members as CloudTrail does: first letter lower (`AWSServiceName` is `aWSServiceName`), secrets hidden."""
    hidden = shape is not None and shape.metadata.get("sensitive") and shape.name not in _SHOWN
    if hidden and value is not None:
        return HIDDEN
    match shape, value:
        case StructureShape(), dict():
            return {
                name[:1].lower() + name[1:]: _lower(shape.members.get(name), member) for name, member in value.items()
            }
        case ListShape(), list():
            return [_lower(shape.member, item) for item in value]
        case MapShape(), dict():
            return {key: _lower(shape.value, item) for key, item in value.items()}
        case _:
            return _written(value)


def _written(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dt.datetime):
        # The published records carry U+202F before AM and PM.
        return f"{value:%b} {value.day}, {value.year}, {value.hour % 12 or 12}:{value:%M:%S}\u202f{value:%p}"
    return value
