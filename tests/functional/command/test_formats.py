"""Every format of the report: its schema, what a program reads back of it, and that nothing hostile survives in it."""

import csv
import inspect
import io
import json
import re
from collections.abc import Callable
from typing import Any, get_args

import fastjsonschema
import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from mailwarden.rules import ALL
from mailwarden_command import application
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.csv_text import COLUMNS, original
from mailwarden_command.output.documents import findings_of, pool_document
from mailwarden_command.output.formats import BY_NAME
from tests.functional.command.sarif import SARIF
from tests.functional.command.town import ROOT, a_street, printed


@pytest.fixture(scope="module")
def street() -> AuditReport:
    return a_street()


def schema(name: str) -> Callable[[object], object]:
    compiled: Callable[[object], object] = fastjsonschema.compile(
        json.loads((ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))
    )
    return compiled


def test_the_json_document_keeps_its_schema_and_each_pool_that_of_why(street: AuditReport) -> None:
    document = json.loads(printed(street, "json"))

    schema("audit")(document)
    for pool in document["pools"]:
        schema("why")(pool)
    assert document["verdicts"] == {"no": 1, "unknown": 1, "at risk": 0, "yes": 1}
    assert [pool["verdict"]["can_send"] for pool in document["pools"]] == ["no", "unknown", "yes"]
    (closed,) = [region for region in document["accounts"][0]["regions"] if region["refusal"]]
    assert closed == {
        "region": "eu-central-1",
        "pools": 0,
        "refusal": "AccessDenied: cognito-idp:ListUserPools in eu-central-1",
    }


def test_a_program_reads_from_csv_what_the_documents_hold(street: AuditReport) -> None:
    rows = [*csv.DictReader(io.StringIO(printed(street, "csv")))]

    documents = [pool_document(explained) for explained in street.pools]
    assert tuple(rows[0]) == COLUMNS
    assert [(row["pool_id"], row["rule"], original(row["message"]), original(row["to_do"])) for row in rows] == [
        (document["pool"]["id"], found["rule"]["id"], found["message"], found["to_do"])
        for document in documents
        for found in findings_of(document)
    ]
    assert {original(row["pool_name"]) for row in rows} == {document["pool"]["name"] for document in documents}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def paths_of(result: dict[str, Any]) -> set[str]:
    places = [*result["locations"], *result["relatedLocations"]]
    return {place["physicalLocation"]["artifactLocation"]["uri"] for place in places}


def test_sarif_keeps_the_standard(street: AuditReport) -> None:
    document = json.loads(printed(street, "sarif"))

    validate: Callable[[object], object] = fastjsonschema.compile(SARIF)
    validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.rule_id for rule in ALL]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert {(result["ruleId"], result["level"], result.get("kind", "fail")) for result in run["results"]} == {
        ("MW104", "error", "fail"),
        ("MW301", "none", "open"),
        ("MW603", "note", "fail"),
    }
    # GitHub docs, "SARIF support for code scanning": a file with one location that has no path is refused.
    assert all(paths_of(result) for result in run["results"])
    assert paths_of(run["results"][0]) == {
        "aws/111122223333/eu-west-1/cognito-idp/userpool/eu-west-1_Broken",
    }
    prints = [result["partialFingerprints"]["subjectAndRule/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_asff_is_what_security_hub_imports(street: AuditReport) -> None:
    findings = json.loads(printed(street, "asff"))

    model = get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
    assert model.input_shape is not None
    report = ParamValidator().validate({"Findings": findings}, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    assert {(finding["GeneratorId"], finding["Compliance"]["Status"]) for finding in findings} == {
        ("mailwarden/MW104", "FAILED"),
        ("mailwarden/MW301", "NOT_AVAILABLE"),
        ("mailwarden/MW603", "WARNING"),
    }
    for finding in findings:
        assert len(finding["Title"]) <= 256
        assert len(finding["Description"]) <= 1024
        assert len(finding["Remediation"]["Recommendation"]["Text"]) <= 512


@pytest.mark.parametrize("output", ["table", *BY_NAME])
def test_a_hostile_name_is_text_in_every_format(street: AuditReport, output: str) -> None:
    text = printed(street, output)

    assert "\x1b" not in text
    assert "\\u001b" not in text
    if output == "markdown":
        outside = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r"(?<!\\)(?:<img|\[x\])", outside)


@pytest.mark.parametrize("output", ["table", "markdown"])
def test_a_person_sees_the_lost_pool_first_and_what_to_do(street: AuditReport, output: str) -> None:
    text = printed(street, output).replace("\\", "")

    places = [
        text.index(word) for word in ("1 cannot" if output == "table" else "cannot", "MW104", "Could not", "Not a")
    ]
    assert places == sorted(places)
    assert "make set-sender POOL=eu-west-1_Broken" in re.sub(r"\s+", " ", text)
    assert "AccessDenied: ses:GetEmailIdentity in us-west-2" in re.sub(r"\s+", " ", text)


def spoiled(document: Any) -> Any:  # noqa: ANN401 - JSON
    del document["runs"][0]["results"][0]["message"]
    return document


def test_the_structure_of_sarif_misses_what_is_left_out(street: AuditReport) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaException):
        fastjsonschema.compile(SARIF)(spoiled(json.loads(printed(street, "sarif"))))


def test_every_format_can_be_chosen_on_the_command_line() -> None:
    choices = inspect.signature(application.audit).parameters["output"].annotation

    assert get_args(choices) == ("table", *BY_NAME)
