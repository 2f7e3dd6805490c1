"""What `make sandbox` says when the box is ready."""

import json
from pathlib import Path
from typing import Any, cast

import fastjsonschema
import pytest

from sandbox.deploy import SETTINGS, Plan
from sandbox.progress import Ready
from sandbox.running import ROOT, RunningSandbox
from tests.sandbox.programs.whole_words import assert_whole_words
from tools.stack.home_stack import HomeStack

PARAMETERS = {
    "RepairMode": "safe",
    "SettleSeconds": "0",
    "WatchedRegions": "ap-northeast-2,us-east-1,eu-west-3",
    "SettingsParameterName": SETTINGS,
}


@pytest.fixture
def ready() -> Ready:
    box = RunningSandbox(
        process=cast("Any", None),
        endpoint="http://127.0.0.1:4566",
        account="123456789012",
        region="ap-northeast-2",
        access_key_id="AKIA1",
        secret_access_key="secret",
        outputs={},
    )
    home = HomeStack(stack="mailwarden", region="ap-northeast-2", outputs={"HintsQueueUrl": "u"}, parameters=PARAMETERS)
    return Ready(box=box, home=home, directory=Path(".sandbox"), seconds={"total": 20.1})


@pytest.mark.parametrize("width", [80, 100, 120])
def test_people_are_shown_what_was_decided_for_them_and_how_to_go_on(ready: Ready, width: int) -> None:
    text = ready.text(width=width)

    shown = ["RepairMode safe (SettleSeconds 0)", f"SSM parameter {SETTINGS}", "ap-northeast-2, us-east-1, eu-west-3"]
    assert_whole_words(text, [*shown, 'curl "$AWS_ENDPOINT_URL/_sandbox/"', "docs/sandbox.md."], width=width)
    assert "secret" not in text.replace("secret of Slack", "")


def test_a_program_gets_one_document(ready: Ready) -> None:
    document = json.loads(json.dumps(ready.document()))

    assert sorted(document) == [
        "accessKeyId", "account", "directory", "endpoint", "outputs", "region", "seconds", "secretAccessKey",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_json", "parameters", "has_settings"),
    [(False, {}, True), (True, {}, False), (False, {"SettingsParameterName": ""}, False)],
)
def test_there_are_settings_to_try_unless_a_program_or_a_parameter_decides(
    as_json: bool, parameters: dict[str, str], has_settings: bool, tmp_path: Path
) -> None:
    plan = Plan(port=0, directory=tmp_path, as_json=as_json, parameters=parameters)

    assert plan.has_settings is has_settings


def test_the_example_of_settings_is_valid() -> None:
    schema = json.loads((ROOT / "docs" / "settings.schema.json").read_text())

    fastjsonschema.validate(schema, json.loads((ROOT / "docs" / "settings.example.json").read_text()))
