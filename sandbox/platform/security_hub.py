"""Security Hub, as far as findings of one's own go: enabled by region, updates in place, refusals by finding."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sandbox.platform.isolation import ACCOUNT_ID

type _Answer = tuple[int, dict[str, str], bytes]
type _Finding = dict[str, Any]

# Security Hub user guide, "Required top-level ASFF attributes" and others; API reference, BatchImportFindings.
_REQUIRED = (
    "AwsAccountId", "CreatedAt", "Description", "GeneratorId", "Id", "ProductArn", "Resources", "SchemaVersion",
    "Title", "UpdatedAt",
)  # fmt: skip
_LENGTHS = {"Description": 1024, "GeneratorId": 512, "Id": 512, "Title": 256}
_MOST_TOGETHER, _MOST_RESOURCES, _MOST_BYTES = 100, 32, 240_000
_MOST_FIELDS, _FIELD, _FIELD_NAME = 50, 2048, 128
_ADVICE = 512
_WORDS = {
    ("Compliance", "Status"): {"PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"},
    ("Severity", "Label"): {"INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"},
    ("Workflow", "Status"): {"NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"},
}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")
# An import never changes these of a finding that is known (user guide, "BatchImportFindings for finding providers").
_OF_CUSTOMERS = ("Note", "UserDefinedFields", "VerificationState", "Workflow")

_hubs: dict[str, dict[tuple[str, str], _Finding]] = {}
"""The findings of each region in which it is enabled, by product and id."""


def install() -> None:
    """Add the service, which MiniStack lacks: its handler, its IAM actions, and their resources."""
    from ministack import app
    from ministack.core import iam_actions

    app.SERVICE_HANDLERS["securityhub"] = _handle
    iam_actions.SERVICE_TO_IAM_NAMESPACE["securityhub"] = "securityhub"
    iam_actions._BOTOCORE_SERVICE_MAP["securityhub"] = ["securityhub"]
    iam_actions.extract_resource_arn = _with_product(iam_actions.extract_resource_arn)


def _with_product(below: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(service: str, *request: Any) -> str:  # noqa: ANN401 - passed on as it is
        _, path, _, body, _, region, account = request
        if service != "securityhub":
            return below(service, *request)
        if path != "/findings/import":
            return f"arn:aws:securityhub:{region}:{account}:hub/default"
        findings = json.loads(body or b"{}").get("Findings") or [{}]
        return str(findings[0].get("ProductArn", "*"))

    return resource_arn


async def _handle(
    method: str, path: str, _headers: Mapping[str, str], body: bytes, _query: Mapping[str, Any]
) -> _Answer:
    from ministack.core.responses import get_region

    action: Callable[[str, Mapping[str, Any]], _Answer] | None = {
        ("POST", "/accounts"): _enable,
        ("DELETE", "/accounts"): _disable,
        ("GET", "/accounts"): _describe,
        ("POST", "/findings/import"): _import,
        ("POST", "/findings"): _get,
    }.get((method, path))
    if action is None:
        return _error(HTTPStatus.BAD_REQUEST, "InvalidInputException", f"the box has no {method} {path}")
    region = get_region()
    if region not in _hubs and action is not _enable:
        message = f"Account {ACCOUNT_ID} is not subscribed to AWS Security Hub"
        return _error(HTTPStatus.UNAUTHORIZED, "InvalidAccessException", message)
    return action(region, json.loads(body or b"{}"))


def _enable(region: str, _request: Mapping[str, Any]) -> _Answer:
    if region in _hubs:
        message = f"Account {ACCOUNT_ID} is already subscribed to AWS Security Hub"
        return _error(HTTPStatus.CONFLICT, "ResourceConflictException", message)
    _hubs[region] = {}
    return _json({})


def _disable(region: str, _request: Mapping[str, Any]) -> _Answer:
    del _hubs[region]
    return _json({})


def _describe(region: str, _request: Mapping[str, Any]) -> _Answer:
    return _json({"HubArn": f"arn:aws:securityhub:{region}:{ACCOUNT_ID}:hub/default"})


def _get(region: str, _request: Mapping[str, Any]) -> _Answer:
    """All findings, whatever is asked for, in the order of their first import."""
    return _json({"Findings": list(_hubs[region].values())})


def _import(region: str, request: Mapping[str, Any]) -> _Answer:
    findings = request.get("Findings", [])
    if not 0 < len(findings) <= _MOST_TOGETHER:
        return _error(HTTPStatus.BAD_REQUEST, "InvalidInputException", f"between 1 and {_MOST_TOGETHER} findings")
    failed = []
    for finding in findings:
        fault = next(_faults(finding, region), "")
        if fault:
            reason = f"Finding does not adhere to Amazon Finding Format. {fault}"
            failed.append({"Id": finding.get("Id", ""), "ErrorCode": "InvalidInput", "ErrorMessage": reason})
        else:
            _keep(_hubs[region], finding)
    return _json({"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed})


def _faults(finding: _Finding, region: str) -> Iterator[str]:
    yield from (f"data should have required property '{name}'" for name in _REQUIRED if not finding.get(name))
    if "FindingProviderFields" not in finding and not {"Severity", "Types"} <= set(finding):
        yield "data should have required property 'FindingProviderFields'"
    yield from (f"data.{name} is too long" for name, most in _LENGTHS.items() if len(finding.get(name, "")) > most)
    yield from (f"data.{name} is no time" for name in ("CreatedAt", "UpdatedAt") if not _TIME.fullmatch(finding[name]))
    if finding["ProductArn"] != f"arn:aws:securityhub:{region}:{ACCOUNT_ID}:product/{ACCOUNT_ID}/default":
        yield "data.ProductArn is of another product"
    if finding["AwsAccountId"] != ACCOUNT_ID:
        yield "data.AwsAccountId is of another account"
    if len(finding["Resources"]) > _MOST_RESOURCES:
        yield f"data.Resources should not have more than {_MOST_RESOURCES} items"
    fields = finding.get("ProductFields", {})
    if len(fields) > _MOST_FIELDS or any(len(key) > _FIELD_NAME or len(text) > _FIELD for key, text in fields.items()):
        yield "data.ProductFields is too large"
    yield from _unknown_words(finding)
    if len(finding.get("Remediation", {}).get("Recommendation", {}).get("Text", "")) > _ADVICE:
        yield "data.Remediation.Recommendation.Text is too long"
    if len(json.dumps(finding).encode()) > _MOST_BYTES:
        yield "the finding is larger than 240 KB"


def _unknown_words(finding: _Finding) -> Iterator[str]:
    for (member, name), known in _WORDS.items():
        if finding.get(member, {}).get(name) not in {None, *known}:
            yield f"data.{member}.{name} should be equal to one of the allowed values"
    if finding.get("RecordState", "ACTIVE") not in {"ACTIVE", "ARCHIVED"}:
        yield "data.RecordState should be equal to one of the allowed values"


def _keep(findings: dict[tuple[str, str], _Finding], finding: _Finding) -> None:
    """Add a finding, or update the one that is known unless that is newer; customers' members stay.

    The status of the workflow is NEW again if an archived finding becomes active, or a passed one does not pass.
    """
    key = (finding["ProductArn"], finding["Id"])
    known = findings.get(key)
    if known is None:
        findings[key] = {"Workflow": {"Status": "NEW"}, **finding}
        return
    if datetime.fromisoformat(finding["UpdatedAt"]) < datetime.fromisoformat(known["UpdatedAt"]):
        return
    kept = {name: known[name] for name in _OF_CUSTOMERS if name in known}
    returns = (known.get("RecordState"), finding.get("RecordState")) == ("ARCHIVED", "ACTIVE")
    fails = _passes(known) and not _passes(finding)
    findings[key] = {**finding, **kept, **({"Workflow": {"Status": "NEW"}} if returns or fails else {})}


def _passes(finding: _Finding) -> bool:
    return bool(finding.get("Compliance", {}).get("Status") == "PASSED")


def _error(status: int, code: str, message: str) -> _Answer:
    headers = {"Content-Type": "application/json", "x-amzn-errortype": code}
    return int(status), headers, json.dumps({"Code": code, "Message": message}).encode()


def _json(content: object) -> _Answer:
    return int(HTTPStatus.OK), {"Content-Type": "application/json"}, json.dumps(content).encode()
