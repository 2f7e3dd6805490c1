"""Security Hub takes findings of one's own where it is enabled, updates them in place, and refuses each by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import ACCOUNT, Box, allow

REGION = "eu-west-2"
PRODUCT = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
FINDING: dict[str, Any] = {
    "SchemaVersion": "2018-10-08",
    "Id": "one",
    "ProductArn": PRODUCT,
    "GeneratorId": "generator",
    "AwsAccountId": ACCOUNT,
    "Types": ["Software and Configuration Checks"],
    "CreatedAt": "2026-03-02T03:12:44Z",
    "UpdatedAt": "2026-03-02T03:12:44.125Z",
    "Severity": {"Label": "HIGH"},
    "Title": "title",
    "Description": "description",
    "Resources": [{"Type": "Other", "Id": "thing"}],
    "Compliance": {"Status": "FAILED"},
    "RecordState": "ACTIVE",
}
LATER = "2026-03-02T04:00:00Z"
ARCHIVED: dict[str, Any] = {"UpdatedAt": LATER, "RecordState": "ARCHIVED"}
PASSED: dict[str, Any] = {"UpdatedAt": LATER, "Compliance": {"Status": "PASSED"}}
OVER = ARCHIVED | PASSED


@pytest.fixture
def hub(box: Box) -> Iterator[Any]:
    client = box.client("securityhub", REGION)
    client.enable_security_hub()
    yield client
    client.disable_security_hub()


def imported(hub: Any, **members: object) -> dict[str, Any]:  # noqa: ANN401 - a client
    answer: dict[str, Any] = hub.batch_import_findings(Findings=[{**FINDING, **members}])
    return answer


def test_where_it_is_not_enabled_nothing_is_taken_and_the_hub_is_not_there(box: Box) -> None:
    client = box.client("securityhub", "eu-north-1")

    with pytest.raises(ClientError, match="InvalidAccessException"):
        client.batch_import_findings(Findings=[FINDING])
    with pytest.raises(ClientError, match="InvalidAccessException"):
        client.describe_hub()


def test_a_finding_is_updated_in_place_but_not_by_an_older_one(hub: Any) -> None:  # noqa: ANN401
    for members in ({}, OVER, {"Title": "an old one"}):
        assert imported(hub, **members)["SuccessCount"] == 1

    (finding,) = hub.get_findings()["Findings"]
    assert (finding["RecordState"], finding["Title"]) == ("ARCHIVED", "title")


@pytest.mark.parametrize("over", [ARCHIVED, PASSED, OVER], ids=["archived", "passed", "both"])
def test_an_import_changes_no_workflow_but_a_finding_that_returns_is_new(hub: Any, over: dict[str, Any]) -> None:  # noqa: ANN401
    imported(hub, Workflow={"Status": "SUPPRESSED"})

    imported(hub, UpdatedAt=LATER, Workflow={"Status": "NEW"})
    assert hub.get_findings()["Findings"][0]["Workflow"]["Status"] == "SUPPRESSED"
    imported(hub, **over)
    imported(hub, UpdatedAt="2026-03-02T05:00:00Z")
    assert hub.get_findings()["Findings"][0]["Workflow"]["Status"] == "NEW"


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"Title": ""}, "required property 'Title'"),
        ({"Title": "t" * 257}, "too long"),
        ({"Description": "d" * 1025}, "too long"),
        ({"UpdatedAt": "yesterday"}, "no time"),
        ({"ProductArn": PRODUCT.replace("default", "other")}, "another product"),
        ({"AwsAccountId": "999988887777"}, "another account"),
        ({"Resources": [{"Type": "Other", "Id": "thing"}] * 33}, "more than 32"),
        ({"ProductFields": {"a": "a" * 2049}}, "ProductFields"),
        ({"Severity": {"Label": "High"}}, "Severity.Label"),
        ({"Compliance": {"Status": "UNKNOWN"}}, "Compliance.Status"),
        ({"RecordState": "OPEN"}, "RecordState"),
        ({"Remediation": {"Recommendation": {"Text": "t" * 513}}}, "Recommendation.Text is too long"),
    ],
)
def test_a_wrong_finding_fails_in_an_answer_that_is_good(hub: Any, members: dict[str, Any], fault: str) -> None:  # noqa: ANN401
    answer = imported(hub, **members)

    assert (answer["SuccessCount"], answer["FailedCount"]) == (0, 1)
    assert answer["FailedFindings"][0]["ErrorCode"] == "InvalidInput"
    assert fault in answer["FailedFindings"][0]["ErrorMessage"]


def test_the_permission_is_for_the_product(hub: Any, box: Box) -> None:  # noqa: ANN401
    _, keys = box.user(allow("securityhub:BatchImportFindings", PRODUCT))
    _, others = box.user(allow("securityhub:BatchImportFindings", PRODUCT.replace("default", "other")))

    assert imported(box.client("securityhub", REGION, keys))["SuccessCount"] == 1
    with pytest.raises(ClientError, match="AccessDenied"):
        imported(box.client("securityhub", REGION, others))
    assert hub.describe_hub()["HubArn"].endswith("hub/default")
