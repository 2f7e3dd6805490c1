"""Deploying twice changes nothing, deleting leaves the journal, two sandboxes do not meet, stopping leaves nothing.

All of it in a second sandbox, next to the one that the other tests use.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from sandbox.mail.slack.workspace import CHANNEL, TOKEN
from sandbox.running import ROOT
from tests.e2e.box import HOME, STACK, WATCHED, Box, Untyped
from tests.e2e.people import People, default_sender, developer, pools_of, sending_policy
from tests.e2e.records import Records
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

OREGON = "us-west-2"
LOOPBACK = "0100007F"
LISTENING = "0A"


def test_two_sandboxes_at_once_do_not_meet(second: Box, stage: Stage) -> None:
    people, records = People(box=second, pools=[], identities=[]), Records.of(second)
    identity = people.identity(HOME)
    pool = people.pool(HOME, developer(identity))

    records.looked(pool.arn, after=0)
    second.quiet()

    assert second.running.endpoint != stage.box.running.endpoint
    assert stage.records.looks(pool.arn) == []
    assert stage.records.findings(affecting=pool.arn) == []
    listed = stage.box.client("cognito-idp", HOME).list_user_pools(MaxResults=60)["UserPools"]
    assert pool.pool_id not in {each["Id"] for each in listed}


def test_an_incident_is_one_thread_in_slack_from_its_opening_to_its_end(second: Box) -> None:
    people, records = People(box=second, pools=[], identities=[]), Records.of(second)
    ses = second.client("sesv2", OREGON)
    identity = people.address(OREGON, tags={})
    people.attach(identity, sending_policy(identity, pools_of(second, HOME)))
    pool = people.pool(HOME, default_sender(identity))
    records.looked(pool.arn, after=0)
    second.quiet()

    people.detach(identity)
    records.finding(pool.arn, "MW401", state="open")
    second.quiet()
    opened = threads_about(second, pool.pool_id)
    ses.tag_resource(ResourceArn=identity.arn, Tags=[{"Key": "mailwarden:cognito", "Value": "account"}])
    records.finding(pool.arn, "MW401", state="repaired")
    second.quiet()
    repaired = threads_about(second, pool.pool_id)
    ses.untag_resource(ResourceArn=identity.arn, TagKeys=["mailwarden:cognito"])
    people.detach(identity, name="mailwarden-cognito")
    records.finding(pool.arn, "MW401", state="open")
    second.quiet()
    people.attach(identity, sending_policy(identity, pools_of(second, HOME)))
    records.finding(pool.arn, "MW401", state="resolved")
    second.quiet()
    resolved = threads_about(second, pool.pool_id)

    assert opened == [("CRITICAL", [])]
    assert repaired == [("REPAIRED", ["REPAIRED"])]
    # It returned: the first thread is left as it ended.
    assert resolved == [*repaired, ("RESOLVED", ["RESOLVED"])]
    assert [line for line in second.log("slack") if line.get("level") == "ERROR"] == []


def test_an_operator_tests_slack_with_the_token_and_no_log_has_it(second: Box) -> None:
    second.control("POST", f"slack/channels/{CHANNEL}", {"member": False})
    refused = second.tool("doctor", status=1)
    second.control("POST", f"slack/channels/{CHANNEL}", {"member": True})
    taken = second.tool("doctor", status=1)

    second.tool("sample_alert", "--severity", "low", "--by", "alice")
    (sample,) = until(
        lambda: [each for each in second.control("GET", "chat") if "MW900" in each["payload"]["text"]],
        what="the sample in Slack",
    )

    assert f"the Slack channel {CHANNEL} takes no messages: Slack answered not_in_channel" in refused
    assert "Slack takes the token, and does not refuse the channel" in taken
    assert (sample["channel"], sample["thread_ts"]) == (CHANNEL, None)
    assert second.lines_with(TOKEN) == []


def threads_about(box: Box, pool_id: str) -> list[tuple[str, list[str]]]:
    """The channel: the first word of each message about a pool, and of the replies in its thread."""
    shown = box.control("GET", "chat")

    def word(message: Untyped) -> str:
        return str(message["payload"]["text"]).split()[1].strip(":,")

    return [
        (word(first), [word(reply) for reply in shown if reply["thread_ts"] == first["ts"]])
        for first in shown
        if first["thread_ts"] is None
        and pool_id in json.dumps(first["payload"])
        and "MW401" in first["payload"]["text"]
    ]


def test_nothing_listens_but_on_the_loopback(second: Box, box: Box) -> None:
    for sandbox in (second, box):
        processes = descendants(sandbox.running.process.pid)
        addresses = listening(processes)

        assert len(processes) > 2
        assert {address.split(":")[0] for address in addresses} == {LOOPBACK}


def test_an_output_is_found_by_its_former_name_too(second: Box) -> None:
    former = ("SignalsQueueUrl", "SignalsDeadLettersUrl", "UndeliveredQueueUrl", "FailedQueueUrl")
    names = (
        "DeliveryFailuresQueueUrl",
        "DeliveryFailuresDeadLettersUrl",
        "EventBridgeDeadLettersUrl",
        "FunctionFailuresUrl",
    )

    assert [second.outputs[name] for name in former] == [second.outputs[name] for name in names]


def test_a_second_deployment_changes_nothing(second: Box, python: Path) -> None:
    cloudformation = second.client("cloudformation")
    before = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    functions = {each["FunctionName"]: each["LastModified"] for each in listed_functions(second)}

    home = run(
        second, python.with_name("sam"), "deploy", "--config-env", "sandbox", "--stack-name", STACK, "--region", HOME,
        "--config-file", str(ROOT / "samconfig.toml"), "--s3-bucket", "mailwarden-sandbox-artifacts",
        "--template-file", str(second.directory / "build" / "template.yaml"), "--no-progressbar",
    )  # fmt: skip
    regions = run(second, python, *watch_regions(second, "deploy"))

    after = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    assert "No changes to deploy" in home
    assert after.get("LastUpdatedTime") == before.get("LastUpdatedTime")
    assert {each["FunctionName"]: each["LastModified"] for each in listed_functions(second)} == functions
    assert [line.split(": ")[-1] for line in regions.splitlines()] == ["no changes"] * (len(WATCHED) - 1)


def test_the_processed_template_of_the_home_stack_has_no_macro(second: Box) -> None:
    body = second.client("cloudformation").get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else body

    assert "Transform" not in template
    assert [
        kind for each in template["Resources"].values() if (kind := each["Type"]).startswith("AWS::Serverless")
    ] == []


def test_deleting_leaves_nothing_but_the_journal(second: Box, python: Path) -> None:
    before = left(second)

    regions = run(second, python, *watch_regions(second, "delete"))
    run(
        second, python.with_name("sam"), "delete", "--stack-name", STACK, "--region", HOME, "--no-prompts",
        "--config-env", "sandbox", "--s3-bucket", "mailwarden-sandbox-artifacts", "--s3-prefix", STACK,
    )  # fmt: skip
    after = left(second)

    assert all("DELETE_COMPLETE" in line for line in regions.splitlines())
    assert {kind for kind, found in before.items() if found} == set(before)
    assert {kind: found for kind, found in after.items() if found} == {"tables": [second.outputs["JournalTable"]]}
    with pytest.raises(second.client("cloudformation").exceptions.ClientError, match="does not exist"):
        second.client("cloudformation").describe_stacks(StackName=STACK)


def test_stopping_leaves_no_process_and_no_folder(second: Box) -> None:
    processes = descendants(second.running.process.pid)

    status = second.running.stop()

    assert status in {0, 130}
    until(lambda: not [pid for pid in processes if is_running(pid)], what="the end of every process", within=10)
    assert list(second.directory.iterdir()) == []


def run(box: Box, *command: str | Path) -> str:
    """Run a tool of the project against a sandbox; what it says on stdout."""
    nothing = str(box.directory / "nothing")
    ended = subprocess.run(
        command,
        cwd=box.directory,
        env={
            "PATH": os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]]),
            "HOME": str(box.directory),
            "AWS_CONFIG_FILE": nothing,
            "AWS_SHARED_CREDENTIALS_FILE": nothing,
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.1",
            "__SAM_CLI_APP_DIR": str(box.directory / "sam"),
            **box.running.environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.strip() + ended.stderr.strip()


def watch_regions(box: Box, action: str) -> list[str | Path]:
    tool = ROOT / "tools" / "watch_regions.py"
    endpoint = ["--endpoint-url", box.running.endpoint, "--poll-seconds", "0.1"]
    return [tool, action, "--stack", STACK, "--region", HOME, *endpoint]


def listed_functions(box: Box) -> list[Untyped]:
    functions: list[Untyped] = box.client("lambda").list_functions()["Functions"]
    return functions


def left(box: Box) -> dict[str, list[str]]:
    """Everything that carries the stack's name, or that only the stack makes."""
    sqs, sns, events = box.client("sqs"), box.client("sns"), [box.client("events", region) for region in WATCHED]
    return {
        "functions": [each["FunctionName"] for each in listed_functions(box)],
        "layers": [each["LayerName"] for each in box.client("lambda").list_layers()["Layers"]],
        "mappings": [each["UUID"] for each in box.client("lambda").list_event_source_mappings()["EventSourceMappings"]],
        "queues": sqs.list_queues(QueueNamePrefix=STACK).get("QueueUrls", []),
        "topics": [each["TopicArn"] for each in sns.list_topics()["Topics"] if STACK in each["TopicArn"]],
        "tables": box.client("dynamodb").list_tables()["TableNames"],
        "roles": [each["RoleName"] for each in box.client("iam").list_roles()["Roles"] if STACK in each["RoleName"]],
        "policies": [each["PolicyName"] for each in box.client("iam").list_policies(Scope="Local")["Policies"]],
        "logs": [
            each["logGroupName"]
            for each in box.client("logs").describe_log_groups()["logGroups"]
            if STACK in each["logGroupName"]
        ],
        "alarms": [each["AlarmName"] for each in box.client("cloudwatch").describe_alarms()["MetricAlarms"]],
        "buses": [each["Name"] for each in events[0].list_event_buses()["EventBuses"] if each["Name"] != "default"],
        "rules": [rule["Name"] for each in events for rule in each.list_rules()["Rules"]],
    }


def descendants(pid: int) -> set[int]:
    """A process and all that it started, and they started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listening(processes: set[int]) -> set[str]:
    """The local addresses, in the notation of the kernel, on which these processes accept connections."""
    sockets = set()
    for pid in processes:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(str(descriptor.readlink()))
            except FileNotFoundError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == LISTENING and f"socket:[{columns[9]}]" in sockets:
                found.add(columns[1])
    return found


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
