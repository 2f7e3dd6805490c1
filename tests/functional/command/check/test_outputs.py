"""Every format of a check, and the command itself: schemas, exit statuses, and hostile names."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
import yaml

from mailwarden_command.application import OWN_COMMANDS, app
from mailwarden_command.checking.judging import NEEDS_ACCOUNT, RULES
from mailwarden_command.checking.output.formats import lines_of_check
from mailwarden_command.checking.report import CheckReport
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.sentences import advice_of_rule
from mailwarden_command.checking.source.deployment import Deployment
from tests.functional.command.sarif import SARIF

ROOT = Path(__file__).parents[4]
SOURCES = Path(__file__).parent / "sources"
EVIL = "\\x1b[31m<script>alert(1)</script> [x](http://evil.example) | `rm` "


@pytest.fixture(scope="module")
def report() -> CheckReport:
    """Everything faulty and sound, without a region, with a file that cannot be read."""
    paths = [*sorted((SOURCES / "faulty").iterdir()), *sorted((SOURCES / "sound").iterdir()), Path(__file__)]
    return CheckRun(given={}, where=Deployment(), version="1.2.3").report(paths)


def printed(report: CheckReport, output: str, width: int = 100) -> str:
    return "".join(f"{line}\n" for line in lines_of_check(report, output, width=width))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = app(["check", *words], exit_on_error=False, print_error=False, result_action="return_value")
    out = capsys.readouterr()
    return int(status), out.out, out.err


def test_the_json_document_keeps_its_schema(report: CheckReport) -> None:
    document = json.loads(printed(report, "json"))

    schema = json.loads((ROOT / "docs" / "check.schema.json").read_text(encoding="utf-8"))
    validate: Callable[[object], object] = fastjsonschema.compile(schema)
    validate(document)
    assert [file["refusal"] for file in document["files"]][-1]
    reasons = {each["reason"] for file in document["files"] for pool in file["pools"] for each in pool["open"]}
    assert reasons == {"region", "values", "not in source"}


def test_sarif_keeps_the_standard_and_has_every_finding_at_its_line(report: CheckReport) -> None:
    document = json.loads(printed(report, "sarif"))

    validate: Callable[[object], object] = fastjsonschema.compile(SARIF)
    validate(document)
    (log,) = document["runs"]
    places = [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in log["results"]]
    assert places == [found.place.line for _, _, found in report.found()]
    assert not log["invocations"][0]["executionSuccessful"]
    levels = {each["ruleId"]: each["level"] for each in log["results"]}
    assert (levels["MW104"], levels["MW101"], levels["MW603"]) == ("error", "note", "note")


def test_no_value_that_stands_for_an_unknown_one_is_shown(report: CheckReport) -> None:
    for output in ("table", "json", "markdown", "sarif"):
        text = printed(report, output)
        assert not re.findall(r"unknown-region-0|0{12}|hole\d+\.invalid|\ue000|zz-elsewhere", text)
    assert "${Domain}" in printed(report, "json")


def test_a_table_fits_and_begins_each_finding_with_its_place(report: CheckReport) -> None:
    lines = printed(report, "table", width=80).splitlines()

    places = [line for line in lines if re.match(r"\S+:\d+:\d+ MW\d{3} ", line)]
    assert len(places) == len([*report.found()])
    wide = [line for line in lines if len(line) > 80 and line not in places]
    assert not [line for line in wide if len(line.split()) > 2], wide


def test_names_from_a_source_stay_inert(tmp_path: Path) -> None:
    path = tmp_path / "a b#c.yaml"
    path.write_text(
        f'Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UserPoolName: "{EVIL}"\n'
        f'      EmailConfiguration: {{EmailSendingAccount: DEVELOPER, ReplyToEmailAddress: "{EVIL}@x"}}\n',
        encoding="utf-8",
    )
    report = CheckRun(given={}, where=Deployment(), version="1.2.3").report([path])

    markdown, table = printed(report, "markdown"), printed(report, "table")
    assert "\x1b" not in markdown + table + printed(report, "json")
    assert "<script>" not in markdown
    assert "](http://evil" not in markdown
    assert "a%20b%23c.yaml" in printed(report, "sarif")


def test_the_command_ends_with_the_status_of_an_audit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    faulty, sound = str(SOURCES / "faulty" / "region-elsewhere.yaml"), str(SOURCES / "sound" / "own-region.yaml")

    assert run(capsys, sound, "--region", "eu-west-3")[0] == 0
    assert run(capsys, sound, faulty, "--region", "eu-west-3")[0] == 1
    assert run(capsys, faulty, "--region", "eu-west-3", "--fail-on", "never")[0] == 0
    assert run(capsys, sound)[0] == 2
    assert run(capsys, sound, "--allow-unknown")[0] == 0
    assert run(capsys, str(Path(__file__)), "--allow-unknown")[0] == 2
    target = tmp_path / "out.sarif"
    status, out, _ = run(capsys, faulty, "--region", "eu-west-3", "--output", "sarif", "--to", str(target))
    assert (status, out) == (1, "")
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name a template"),
        (("no-such-file.yaml",), "There is no file no-such-file.yaml"),
        ((__file__, "--region", "paris"), "--region paris is no region"),
        ((__file__, "--account", "12"), "--account 12 is no account id"),
        ((__file__, "--parameter", "Stage"), "--parameter Stage needs the form NAME=VALUE"),
    ],
)
def test_wrong_usage_is_explained(words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, *words)

    assert status == 3
    assert sentence in err


def test_each_rule_is_judged_or_needs_an_account_and_has_advice_for_the_source() -> None:
    judged = {rule.rule_id for rule in RULES}
    assert len(judged) > 25
    assert not judged & {*NEEDS_ACCOUNT}
    assert "check" in OWN_COMMANDS
    for rule in RULES:
        finding: Any = type("Finding", (), {"rule_id": rule.rule_id})()
        assert advice_of_rule(finding, in_plan=False)
        assert advice_of_rule(finding, in_plan=True)


def test_the_settings_of_a_deployment_count(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    faulty, settings = str(SOURCES / "faulty" / "region-elsewhere.yaml"), tmp_path / "settings.json"

    def status_with(document: dict[str, Any]) -> int:
        settings.write_text(json.dumps(document), encoding="utf-8")
        return run(capsys, faulty, "--region", "eu-west-3", "--settings", str(settings))[0]

    assert status_with({}) == 1
    assert status_with({"rules": {"MW201": "off"}}) == 0
    assert status_with({"severities": {"MW201": "low"}}) == 0
    row = {"option": "backwards-compatible", "developer": ["eu-west-3", "us-east-1"]}
    assert status_with({"regions": {"eu-west-3": row}}) == 0
    assert status_with({"rulez": {}}) == 3


def test_a_plan_in_the_encoding_of_powershell_is_read(tmp_path: Path) -> None:
    plan = (SOURCES / "faulty" / "plan-from-outside.json").read_text(encoding="utf-8")
    (tmp_path / "plan.json").write_text(plan, encoding="utf-16")
    report = CheckRun(given={}, where=Deployment(), version="1.2.3").report([tmp_path / "plan.json"])

    assert [each.finding.rule_id for _, _, each in report.found() if not each.finding.is_note] == ["MW104"]


PAGE = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")


def test_the_page_shows_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = next(block for block in re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if "MW201" in block)
    faulty = (SOURCES / "faulty" / "region-elsewhere.yaml").read_text(encoding="utf-8")
    (tmp_path / "template.yaml").write_text(faulty, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    _, out, _ = run(capsys, "template.yaml", "--region", "eu-west-3")

    assert out.startswith(shown)


@pytest.mark.parametrize("block", re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
def test_the_examples_of_the_page_run_the_command_as_it_is(block: str) -> None:
    document = yaml.safe_load(block)
    if "repos" in document:
        (hook,) = document["repos"][0]["hooks"]
        (own,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        assert hook["id"] == own["id"]
        assert re.search(own["files"], "stacks/shop.template.yaml")
        assert not re.search(own["files"], "stacks/values.yaml")
        words = [*own["entry"].split()[1:], *hook["args"], "a.yaml"]
    else:
        runs = [step["run"] for step in document["jobs"]["check"]["steps"] if "run" in step]
        (words,) = [line.split()[1:] for line in runs if line.startswith("mailwarden")]
        target = words[words.index("--to") + 1]
        assert {"sarif_file": target} in [step.get("with") for step in document["jobs"]["check"]["steps"]]
    _, bound, _ = app.parse_args(words, exit_on_error=False, print_error=False)
    assert bound.arguments["region"] == "eu-west-1"
