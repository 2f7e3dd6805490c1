"""Incidents as findings of Security Hub: one that is updated in place, in its format, whatever an alert holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.adapters.aws.alert_refusals import AlertNotTaken
from mailwarden.adapters.aws.securityhub.findings_hub import FindingsHub
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.alert import Alert, Extent, alert_of
from mailwarden.message import verbatim
from mailwarden.ports.findings.alert_channel import AlertRefused
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_IDENTITY, a_pool, a_record, later
from tests.functional.alerts.conftest import PAGES, REGION
from tests.functional.alerts.excess import WORST, WORST_IDS, an_excessive_record
from tests.texts import says

MODEL = get_session().get_service_model("securityhub").operation_model("BatchImportFindings").input_shape
MOST_BYTES = 240_000
IMPORTED = {"SuccessCount": 1, "FailedCount": 0, "FailedFindings": []}


@dataclass(slots=True, kw_only=True)
class Hub:
    """Security Hub: the answers that it gives in turn, then a good one, and the findings that it was given."""

    answers: list[dict[str, Any] | ClientError] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)

    def batch_import_findings(self, *, Findings: list[Any]) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        self.given += Findings
        answer = self.answers.pop(0) if self.answers else IMPORTED
        if isinstance(answer, ClientError):
            raise answer
        return answer

    def send(self, alert: Alert) -> dict[str, Any]:
        """Send an alert; the finding that it became, which fits the model of the SDK and the limits of the format."""
        FindingsHub(self, partition="aws", region=REGION, account=ACCOUNT, rule_pages=PAGES).send(alert)
        finding = self.given[-1]
        assert MODEL is not None
        report = ParamValidator().validate({"Findings": [finding]}, MODEL)
        assert not report.has_errors(), report.generate_report()
        assert len(finding["Title"]) <= 256
        assert len(finding["Description"]) <= 1024
        assert len(finding["Remediation"]["Recommendation"]["Text"]) <= 512
        assert 0 < len(finding["Resources"]) <= 32
        assert all(len(name) <= 128 and len(text) <= 2048 for name, text in finding["ProductFields"].items())
        assert len(str(finding).encode()) < MOST_BYTES
        return finding


def refused(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "as AWS says"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item] # as botocore reads it
        "BatchImportFindings",
    )


def failed(code: str) -> dict[str, Any]:
    failure = {"Id": "one", "ErrorCode": code, "ErrorMessage": "as AWS says"}
    return {"SuccessCount": 0, "FailedCount": 1, "FailedFindings": [failure]}


@pytest.mark.usefixtures("language")
def test_an_open_incident_is_an_active_finding_with_its_pools_and_its_page() -> None:
    affected = {a_pool(number).arn: MORNING for number in range(40)}

    finding = Hub().send(alert_of(a_record(subject=OREGON_IDENTITY, affected=affected)))

    assert finding["Id"] == f"mailwarden/incident/{alert_of(a_record(subject=OREGON_IDENTITY)).report.incident_id}"
    assert finding["ProductArn"] == f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
    assert finding["Severity"] == {"Label": "CRITICAL", "Original": "critical"}
    assert finding["FindingProviderFields"] == {"Severity": finding["Severity"], "Types": finding["Types"]}
    assert (finding["RecordState"], finding["Compliance"]["Status"]) == ("ACTIVE", "FAILED")
    assert finding["Resources"][0] == {
        "Type": "Other",
        "Id": OREGON_IDENTITY.arn,
        "Partition": "aws",
        "Region": "us-west-2",
    }
    assert len(finding["Resources"]) == 32
    assert finding["ProductFields"]["mailwarden/pools"] == "40"
    assert finding["Remediation"]["Recommendation"]["Url"] == f"{PAGES}MW401.md"


def test_the_finding_of_an_incident_keeps_its_id_and_becomes_newer_with_each_message() -> None:
    hub = Hub()
    records = [
        a_record(),
        a_record(version=2, changed_at=later(1)),
        a_record(version=3, changed_at=later(2), state=FindingState.RESOLVED),
    ]

    findings = [hub.send(alert_of(record)) for record in records]

    assert len({finding["Id"] for finding in findings}) == 1
    times = [finding["UpdatedAt"] for finding in findings]
    assert times == sorted(set(times))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time) for time in times)
    assert {finding["CreatedAt"] for finding in findings} == {findings[0]["CreatedAt"]}


@pytest.mark.parametrize(
    ("record", "state", "compliance"),
    [
        (a_record(effect=Effect.AT_RISK), "ACTIVE", "WARNING"),
        (a_record(effect=Effect.UNKNOWN), "ACTIVE", "NOT_AVAILABLE"),
        (a_record(effect=Effect.NONE, severity=Severity.LOW), "ACTIVE", "WARNING"),
        (a_record(state=FindingState.REPAIRED), "ARCHIVED", "PASSED"),
        (a_record(state=FindingState.RESOLVED), "ARCHIVED", "PASSED"),
        # The problem is still there: its owner does not want to hear of it.
        (a_record(state=FindingState.EXEMPT), "ARCHIVED", "FAILED"),
        # A sample would stay open forever.
        (a_record(rule_id="MW900"), "ARCHIVED", "FAILED"),
    ],
)
def test_the_state_of_an_incident_is_that_of_its_finding(record: FindingRecord, state: str, compliance: str) -> None:
    finding = Hub().send(alert_of(record))

    assert (finding["RecordState"], finding["Compliance"]["Status"]) == (state, compliance)


@pytest.mark.parametrize(
    "how",
    [
        lambda extent: replace(extent, moved=True),
        lambda extent: replace(extent, subject_is_gone=True),
        lambda extent: replace(extent, pool_is_gone=True),
    ],
)
def test_what_ended_without_being_resolved_has_not_passed(how: Callable[[Extent], Extent]) -> None:
    alert = alert_of(a_record(state=FindingState.RESOLVED))
    ended = replace(alert, report=replace(alert.report, extent=how(alert.report.extent)))

    finding = Hub().send(ended)

    assert (finding["RecordState"], finding["Compliance"]["Status"]) == ("ARCHIVED", "NOT_AVAILABLE")


def test_no_recipient_is_in_a_finding_and_configured_senders_are() -> None:
    sender = replace(OREGON_IDENTITY, name="hello@shop.example")

    text = str(
        Hub().send(alert_of(a_record(subject=sender, message=verbatim("hello@shop.example, jane@corp.example"))))
    )

    assert "jane@corp.example" not in text
    assert "hello@shop.example, j***@corp.example" in text


@pytest.mark.parametrize("text", WORST, ids=WORST_IDS)
@pytest.mark.usefixtures("language")
def test_the_largest_alert_fits_in_every_language(text: str) -> None:
    assert Hub().send(alert_of(an_excessive_record(text)))["Title"]


@settings(max_examples=40, deadline=None)
@given(text=st.text(), times=st.integers(1, 3000))
def test_any_alert_fits(text: str, times: int) -> None:
    assert Hub().send(alert_of(an_excessive_record(text * times)))["Description"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refused("InvalidAccessException", 401), f"^Security Hub is not enabled in {REGION}"),
        (refused("AccessDeniedException", 403), "^Security Hub refused the alert: AccessDenied: as AWS says"),
        (refused("InvalidInputException", 400), "InvalidInputException: as AWS says"),
        (failed("InvalidInput"), "InvalidInput: as AWS says"),
        (failed("CodeOfTomorrow"), "CodeOfTomorrow: as AWS says"),
    ],
    ids=str,
)
def test_what_is_refused_is_a_refusal(answer: dict[str, Any] | ClientError, said: str) -> None:
    with pytest.raises(AlertRefused, check=says(said)):
        Hub(answers=[answer]).send(alert_of(a_record()))


@pytest.mark.parametrize(
    "answer",
    [
        refused("LimitExceededException", 429),
        refused("InternalException", 500),
        refused("ThrottlingException", 400),
        failed("InternalException"),
        {"SuccessCount": 0, "FailedCount": 0},
        {"SuccessCount": 1, "FailedCount": 1},
        {},
    ],
    ids=str,
)
def test_what_may_pass_is_no_refusal(answer: dict[str, Any] | ClientError) -> None:
    with pytest.raises((ClientError, AlertNotTaken)):
        Hub(answers=[answer]).send(alert_of(a_record()))
