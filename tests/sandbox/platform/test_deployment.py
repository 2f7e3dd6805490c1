"""`python -m sandbox up` brings a project up, says where it is, and can be deployed again and deleted like on AWS."""

import json
import os
import shutil
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import ROOT, RunningSandbox
from tests.sandbox.platform.box import SEOUL, Box, eventually

WATCHED = f"{SEOUL},eu-west-3"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    return Path(shutil.copytree(Path(__file__).parent / "project", folder, dirs_exist_ok=True))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def deployed(python: Path, project: Path, directory: Path) -> Iterator[Box]:
    arguments = ["up", "--port", "0", "--json", "--project", str(project), "--directory", str(directory)]
    options = ["--watched", WATCHED, "--parameter", "RepairMode=unsafe"]
    with RunningSandbox.start(python, [*arguments, *options], progress=sys.__stderr__) as running:
        yield Box(running=running)
    assert sorted(left.name for left in directory.iterdir()) == []


def test_writes_what_other_shells_need_for_their_owner_alone(deployed: Box, directory: Path) -> None:
    exports = subprocess.run(
        ["/bin/sh", "-c", f". {directory / 'env'} && env"], capture_output=True, text=True, check=True, env={}
    ).stdout.splitlines()

    assert set(exports) >= {f"{name}={value}" for name, value in deployed.running.environment.items()}
    assert stat.S_IMODE((directory / "env").stat().st_mode) == 0o600
    assert json.loads((directory / "outputs.json").read_text()) == deployed.running.outputs


def test_hears_a_call_in_a_watched_region(deployed: Box) -> None:
    deployed.client("cognito-idp", "eu-west-3").create_user_pool(PoolName="far")

    function = deployed.running.outputs["InspectFunction"]
    assert eventually(lambda: deployed.lines(function), within=20) == ["heard eu-west-3"]


def test_passes_the_webhooks_secret_and_its_own_address(deployed: Box) -> None:
    secret, origin = deployed.running.outputs["Webhook"].split("|")

    url = deployed.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]

    assert origin == deployed.running.endpoint
    message = urllib.request.Request(url, data=b'{"text": "hello"}', method="POST")  # noqa: S310 - the sandbox's own
    with urllib.request.urlopen(message, timeout=5) as answer:  # noqa: S310
        assert answer.read() == b"ok"
    assert len(deployed.control("GET", "chat")) == 1


def test_a_parameter_can_be_chosen_and_a_mapping_created_disabled(deployed: Box) -> None:
    mapping = deployed.client("lambda").get_event_source_mapping(UUID=deployed.running.outputs["OrdersMapping"])

    assert mapping["State"] == "Disabled"


def test_a_second_deployment_changes_nothing_and_a_deletion_leaves_what_is_retained(
    deployed: Box, python: Path, project: Path, directory: Path
) -> None:
    again = sam(deployed, python, directory, "deploy", *deployment(deployed, project, directory))
    regions_again = watch(deployed, python, project, "deploy")
    regions_gone = watch(deployed, python, project, "delete")
    sam(deployed, python, directory, "delete", "--stack-name", "mailwarden", "--no-prompts", "--region", SEOUL)

    assert "No changes to deploy" in again
    assert [line.rpartition(": ")[2] for line in regions_again.splitlines()] == ["no changes", "no changes"]
    assert [line.rpartition(": ")[2] for line in regions_gone.splitlines()] == ["DELETE_COMPLETE", "DELETE_COMPLETE"]
    tables = deployed.client("dynamodb").list_tables()["TableNames"]
    assert tables == [deployed.running.outputs["JournalTable"]]
    assert deployed.client("lambda").list_functions()["Functions"] == []
    assert deployed.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []
    assert deployed.client("lambda").list_layers()["Layers"] == []
    assert deployed.client("sqs").list_queues().get("QueueUrls", []) == []
    assert deployed.client("iam").list_roles()["Roles"] == []
    assert deployed.client("events").list_rules()["Rules"] == []
    assert deployed.client("events", "eu-west-3").list_rules()["Rules"] == []
    assert [bus["Name"] for bus in deployed.client("events").list_event_buses()["EventBuses"]] == ["default"]
    assert deployed.client("sns").list_topics()["Topics"] == []
    assert deployed.client("logs").describe_log_groups()["logGroups"] == []
    assert deployed.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def deployment(box: Box, project: Path, directory: Path) -> list[str]:
    secret, origin = box.running.outputs["Webhook"].split("|")
    parameters = {
        "RepairMode": "unsafe",
        "SettleSeconds": "0",
        "WatchedRegions": WATCHED,
        "SlackWebhookSecretArn": secret,
        "AllowedWebhookOrigins": origin,
    }
    return [
        *("--config-env", "sandbox", "--config-file", str(project / "samconfig.toml"), "--stack-name", "mailwarden"),
        *("--template-file", str(directory / "build" / "template.yaml"), "--region", SEOUL, "--no-progressbar"),
        *("--s3-bucket", "mailwarden-sandbox-artifacts", "--parameter-overrides"),
        *(f"{name}={value}" for name, value in parameters.items()),
    ]


def sam(box: Box, python: Path, directory: Path, *arguments: str) -> str:
    return output(box, str(python.parent / "sam"), *arguments, __SAM_CLI_APP_DIR=str(directory / "sam"))


def watch(box: Box, python: Path, project: Path, action: str) -> str:
    places = ["--region", SEOUL, "--endpoint-url", box.running.endpoint, "--project", str(project)]
    return output(box, str(python), str(ROOT / "tools" / "watch_regions.py"), action, *places, "--poll-seconds", "0.1")


def output(box: Box, *command: str, **more: str) -> str:
    settings = {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "0.1", **more}
    environment = {**os.environ, **box.running.environment, **settings}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr
