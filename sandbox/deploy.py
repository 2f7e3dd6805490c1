"""Brings up AWS in a box with Mailwarden in it: serve, build, deploy home and the watched regions, stay."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from sandbox import shell
from sandbox.mail.slack.workspace import CHANNEL, TOKEN
from sandbox.platform.isolation import HOME_REGION
from sandbox.progress import Ready, steps_for
from sandbox.running import ROOT, RunningSandbox
from tools.stack.home_stack import HomeStack, find_home_stack

STACK = "mailwarden"
WATCHED_REGIONS = (
    "ap-northeast-2", "us-east-1", "us-west-2", "eu-west-1", "eu-west-3", "eu-central-1", "me-central-1",
)  # fmt: skip
SLACK_SECRET = "mailwarden/slack-{way}"  # noqa: S105 - the secret's name
SLACK_WAYS = ("webhook", "token")
SETTINGS = "/mailwarden/settings"
WEBHOOK_PATH = "/_sandbox/webhook/alerts"
ARTIFACTS = "mailwarden-sandbox-artifacts"

_BRIEF_PAUSE = "0.1"
# Outputs that had another name before: programs that read them by it go on doing so.
_FORMER_OUTPUTS = {
    "SignalsQueueUrl": "DeliveryFailuresQueueUrl",
    "SignalsDeadLettersUrl": "DeliveryFailuresDeadLettersUrl",
    "UndeliveredQueueUrl": "EventBridgeDeadLettersUrl",
    "FailedQueueUrl": "FunctionFailuresUrl",
}
_SHOWN_LINES = 60


class DeploymentFailed(Exception):
    """A tool of the deployment failed; the message holds the last lines that it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The parts to start, and the place of their output."""

    port: int
    directory: Path
    project: Path = ROOT
    """The folder with template.yaml, regions.yaml and samconfig.toml."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Stack parameters that replace the box's own choices."""
    watched: tuple[str, ...] = WATCHED_REGIONS
    slack: str = SLACK_WAYS[0]
    """How alerts reach the box's Slack."""
    as_json: bool = False
    """Whether a program reads the output: then its lines are easy to parse, and there are no settings."""

    @property
    def has_settings(self) -> bool:
        """Whether there is a settings document to try; a program brings its own."""
        return not self.as_json and "SettingsParameterName" not in self.parameters

    @property
    def log(self) -> Path:
        """The file with everything that the tools print."""
        return self.directory / "deploy.log"


def up(plan: Plan) -> None:
    """Bring it up, then stay until SIGINT, SIGTERM or the end of the program that started this.

    Raises:
        DeploymentFailed: A build or deployment failed; the box has ended by then.
    """
    plan.directory.mkdir(parents=True, exist_ok=True)
    plan.log.unlink(missing_ok=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with ExitStack() as stack:
        stack.callback(_forget, plan)
        started = time.monotonic()
        seconds: dict[str, float] = {}
        with steps_for(as_json=plan.as_json) as steps:

            @contextmanager
            def phase(name: str) -> Iterator[None]:
                steps.begin(name)
                begun = time.monotonic()
                yield
                seconds[name] = round(time.monotonic() - begun, 1)
                steps.end(name, seconds[name])

            with phase("start"):
                arguments = ["serve", "--port", str(plan.port), "--state", str(plan.directory), "--while-stdin-is-open"]
                box = stack.enter_context(RunningSandbox.start(sys.executable, arguments))
            environment = _environment(plan, box)
            with phase("build"):
                artifacts = _build(plan, environment)
            with phase("prepare"):
                slack = _prepare(plan, box)
            with phase("deploy"):
                _deploy(plan, box, environment, artifacts, slack)
            with phase("regions"):
                _watch(plan, box, environment)
        plan.log.unlink(missing_ok=True)
        deployed = _deployed(box)
        seconds["total"] = round(time.monotonic() - started, 1)
        _write(plan, box, deployed.outputs)
        ready = Ready(box=box, home=deployed, directory=plan.directory, seconds=seconds)
        print(json.dumps(ready.document()) if plan.as_json else ready.text(), flush=True)
        _stay(plan, box)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _environment(plan: Plan, box: RunningSandbox) -> dict[str, str]:
    """The environment of the tools: without the user's AWS configuration, and without checks for updates."""
    tools = plan.directory / "sam"
    tools.mkdir(exist_ok=True)
    (tools / "metadata.json").write_text(json.dumps({"telemetryEnabled": False, "lastVersionCheck": time.time()}))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_CLI_", "PYTHON"))}
    nothing = str(plan.directory / "nothing")
    return {
        **kept,
        **box.environment,
        "AWS_CONFIG_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")]),
        "SAM_CLI_POLL_DELAY": _BRIEF_PAUSE,
        "SAM_CLI_TELEMETRY": "0",
        # sam leaves an empty folder there for everything it packs.
        "TMPDIR": str(tools),
        "__SAM_CLI_APP_DIR": str(tools),
    }


def _run(plan: Plan, environment: Mapping[str, str], *command: str) -> None:
    """Run a tool in the project's folder; its output goes to the log, and the last lines are shown if it fails.

    Raises:
        DeploymentFailed: It ended with another status than 0.
    """
    with plan.log.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        status = subprocess.call(
            command, cwd=plan.project, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    if status != 0:
        lines = plan.log.read_text(errors="replace").splitlines()[-_SHOWN_LINES:]
        raise DeploymentFailed(
            "\n".join([*lines, f"{' '.join(command[:3])} ended with status {status}; the whole log: {plan.log}"])
        )


def _build(plan: Plan, environment: Mapping[str, str]) -> Path:
    """Build with the checkout's cache, one at a time, and link the result into our own folder.

    Another sandbox of the same checkout may build again while we deploy.
    """
    shared = plan.project / ".aws-sam"
    shared.mkdir(exist_ok=True)
    artifacts = plan.directory / "build"
    with (shared / "sandbox.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run(plan, environment, "sam", "build", "--cached", "--parallel", "--config-env", "sandbox")
        shutil.rmtree(artifacts, ignore_errors=True)
        shutil.copytree(shared / "build", artifacts, copy_function=_link)
    return artifacts


def _link(source: str, target: str) -> str:
    """Link a file, or copy it where the two folders are on different file systems."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _prepare(plan: Plan, box: RunningSandbox) -> Mapping[str, str]:
    """Create the bucket for artifacts, the settings and the secret of Slack; the stack's parameters for Slack."""
    import boto3

    session = boto3.session.Session(
        aws_access_key_id=box.access_key_id,
        aws_secret_access_key=box.secret_access_key,
        region_name=box.region,
    )
    session.client("s3", endpoint_url=box.endpoint).create_bucket(
        Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": HOME_REGION}
    )
    if plan.has_settings:
        session.client("ssm", endpoint_url=box.endpoint).put_parameter(Name=SETTINGS, Type="String", Value="{}")
    by_token = plan.slack == "token"
    secret = session.client("secretsmanager", endpoint_url=box.endpoint).create_secret(
        Name=SLACK_SECRET.format(way=plan.slack), SecretString=TOKEN if by_token else box.endpoint + WEBHOOK_PATH
    )
    arn = str(secret["ARN"])
    if by_token:
        return {"SlackTokenSecretArn": arn, "SlackChannel": CHANNEL, "SlackApiOrigin": box.endpoint}
    return {"SlackWebhookSecretArn": arn, "AllowedWebhookOrigins": box.endpoint}


def _deploy(
    plan: Plan, box: RunningSandbox, environment: Mapping[str, str], artifacts: Path, slack: Mapping[str, str]
) -> None:
    parameters = {
        "RepairMode": "safe",
        "SettleSeconds": "0",
        "RestoreAfterSeconds": "0",
        "WatchedRegions": ",".join(plan.watched),
        **slack,
        **({"SettingsParameterName": SETTINGS} if plan.has_settings else {}),
        **plan.parameters,
    }
    # The managed bucket would be a stack of its own, waited for with long pauses.
    bucket = () if _resolves_bucket(plan) else ("--s3-bucket", ARTIFACTS)
    _run(
        plan, environment, "sam", "deploy", "--config-env", "sandbox",
        "--config-file", str(plan.project / "samconfig.toml"),
        "--template-file", str(artifacts / "template.yaml"), "--stack-name", STACK, "--region", box.region,
        "--no-confirm-changeset", "--no-progressbar", *bucket,
        "--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items()),
    )  # fmt: skip


def _resolves_bucket(plan: Plan) -> bool:
    with (plan.project / "samconfig.toml").open("rb") as file:
        settings = tomllib.load(file)
    return bool(settings.get("sandbox", {}).get("deploy", {}).get("parameters", {}).get("resolve_s3"))


def _watch(plan: Plan, box: RunningSandbox, environment: Mapping[str, str]) -> None:
    _run(
        plan, environment, sys.executable, str(ROOT / "tools" / "watch_regions.py"), "deploy",
        "--stack", STACK, "--region", box.region, "--endpoint-url", box.endpoint,
        "--project", str(plan.project), "--poll-seconds", _BRIEF_PAUSE,
    )  # fmt: skip


def _deployed(box: RunningSandbox) -> HomeStack:
    import boto3

    cloudformation = boto3.client(
        "cloudformation",
        endpoint_url=box.endpoint,
        region_name=box.region,
        aws_access_key_id=box.access_key_id,
        aws_secret_access_key=box.secret_access_key,
    )
    found = find_home_stack(cloudformation, STACK)
    former = {name: found.outputs[now] for name, now in _FORMER_OUTPUTS.items() if now in found.outputs}
    return replace(found, outputs={**found.outputs, **former})


def _write(plan: Plan, box: RunningSandbox, outputs: Mapping[str, str]) -> None:
    """Write what other shells need."""
    shell.write(plan.directory / "env", box.environment)
    (plan.directory / "outputs.json").write_text(json.dumps(outputs, indent=2, sort_keys=True) + "\n")


def _forget(plan: Plan) -> None:
    """Remove what only a running box is good for."""
    (plan.directory / "env").unlink(missing_ok=True)
    (plan.directory / "outputs.json").unlink(missing_ok=True)
    for folder in ("build", "sam"):
        shutil.rmtree(plan.directory / folder, ignore_errors=True)


def _stay(plan: Plan, box: RunningSandbox) -> None:
    """Wait for the sandbox to end, or for the end of our own program's reason to run."""
    if plan.as_json:
        threading.Thread(target=_until_left_alone, daemon=True).start()
    try:
        box.process.wait()
    except KeyboardInterrupt:
        print("stopping ...", file=sys.stderr, flush=True)


def _until_left_alone() -> None:
    """Interrupt ourselves when stdin is closed: the parent has ended."""
    while sys.stdin.buffer.read(1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
