"""Deploys, deletes or lists the stacks of the watched regions besides home: one small stack each, in parallel.

    python -m tools.watch_regions --stack mailwarden --region ap-northeast-2 [deploy|delete|list]

The regions are those of the home stack's parameter `WatchedRegions`, and always the one where the events of IAM are.
`delete` before the home stack is deleted; afterwards name the regions with --watched. Exit status: 0 if every region
succeeded.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from mailwarden.region_names import IAM_REGIONS  # noqa: E402 - the path is set above
from tools.region_table.ses_regions import configuration_set_regions  # noqa: E402 - as above
from tools.screen.terminal import run  # noqa: E402 - as above
from tools.stack.home_stack import NO_REGION, HomeStack, StackNotFound, default_region, find_home_stack  # noqa: E402 - as above

TEMPLATE = ROOT / "regions.yaml"

_FINAL = ("_COMPLETE", "_FAILED")
_GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"})
# CloudFormation's two messages for an update without changes.
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_LONGEST_WAIT_SECONDS = 900.0
_CONFIGURATION_SET = "CreateConfigurationSet"


class RegionFailed(Exception):
    """A region's stack did not reach its target state; the message gives the state and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The common inputs of every region: the home stack, its parameters, and access to CloudFormation."""

    stack: str
    home: str
    watched: str
    """The home stack's parameter `WatchedRegions`, comma separated; a parameter, so that it needs no output."""
    outputs: Mapping[str, str]
    template: str
    connect: Callable[[str], Any]
    poll_seconds: float

    @property
    def name(self) -> str:
        """The name of each region's stack."""
        return f"{self.stack}-watch"

    @property
    def regions(self) -> Sequence[str]:
        """The watched regions without home, whose rules are in the home stack itself."""
        watched = {region.strip() for region in self.watched.split(",")}
        return sorted((watched | {IAM_REGIONS.get(_partition(self.home), "")}) - {self.home, ""})

    def parameters(self, region: str) -> Mapping[str, str]:
        """The home stack's parameters; without a configuration set where CloudFormation has no such type."""
        if region in configuration_set_regions():
            return self.outputs
        return {**self.outputs, _CONFIGURATION_SET: "no"}


def deploy(watch: Watch, region: str) -> str:
    """Create or update one region's stack through a change set; reports when there is nothing to change.

    Raises:
        RegionFailed: The stack or its change set failed.
    """
    cloudformation = watch.connect(region)
    status = _status(cloudformation, watch.name)
    if status == "ROLLBACK_COMPLETE":
        # A stack whose creation failed cannot be updated, only removed.
        cloudformation.delete_stack(StackName=watch.name)
        status = _settled(watch, cloudformation, region)
    given = watch.parameters(region)
    is_new = status in {None, "DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}
    change_set = cloudformation.create_change_set(
        StackName=watch.name,
        ChangeSetName=f"watch-{time.time_ns()}",
        ChangeSetType="CREATE" if is_new else "UPDATE",
        TemplateBody=watch.template,
        Parameters=[
            {"ParameterKey": name, "ParameterValue": given[name]}
            for name in _parameters(cloudformation, watch.template)
            if name in given
        ],
        Capabilities=["CAPABILITY_IAM"],
        Tags=[{"Key": "application", "Value": watch.stack}],
    )["Id"]
    if not _has_changes(watch, cloudformation, change_set, region):
        cloudformation.delete_change_set(ChangeSetName=change_set)
        return "no changes" + _without_set(watch, region)
    cloudformation.execute_change_set(ChangeSetName=change_set)
    return str(_settled(watch, cloudformation, region)) + _without_set(watch, region)


def delete(watch: Watch, region: str) -> str:
    """Delete one region's stack; succeeds if there is none.

    Raises:
        RegionFailed: Some resources of the stack could not be deleted.
    """
    cloudformation = watch.connect(region)
    if _status(cloudformation, watch.name) is None:
        return "not there"
    cloudformation.delete_stack(StackName=watch.name)
    return _settled(watch, cloudformation, region) or "DELETE_COMPLETE"


def show(watch: Watch, region: str) -> str:
    """Print the state of one region's stack."""
    return _status(watch.connect(region), watch.name) or "not there"


def _parameters(cloudformation: Any, template: str) -> Iterator[str]:  # noqa: ANN401 - a boto3 client
    for parameter in cloudformation.validate_template(TemplateBody=template)["Parameters"]:
        yield parameter["ParameterKey"]


def _status(cloudformation: Any, name: str) -> str | None:  # noqa: ANN401
    try:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return str(stack["StackStatus"])


def _has_changes(watch: Watch, cloudformation: Any, change_set: str, region: str) -> bool:  # noqa: ANN401
    for _ in _moments(watch):
        described = cloudformation.describe_change_set(ChangeSetName=change_set)
        reason = described.get("StatusReason", "")
        if described["Status"] == "CREATE_COMPLETE":
            return True
        if described["Status"] == "FAILED":
            if any(words in reason for words in _NO_CHANGES):
                return False
            raise RegionFailed(f"{region}: {reason}")
    raise RegionFailed(f"{region}: the change set was not ready in time")


def _settled(watch: Watch, cloudformation: Any, region: str) -> str | None:  # noqa: ANN401
    for _ in _moments(watch):
        status = _status(cloudformation, watch.name)
        if status in _GOOD or status is None:
            return status
        if status.endswith(_FINAL) and not status.endswith("CLEANUP_IN_PROGRESS"):
            raise RegionFailed(f"{region}: {watch.name} is {status}")
    raise RegionFailed(f"{region}: {watch.name} did not settle in time")


def _without_set(watch: Watch, region: str) -> str:
    if watch.outputs.get(_CONFIGURATION_SET) != "yes" or watch.parameters(region)[_CONFIGURATION_SET] == "yes":
        return ""
    return "; without the configuration set: CloudFormation cannot create one there"


def _partition(region: str) -> str:
    return boto3.session.Session().get_partition_for_region(region)


def _moments(watch: Watch) -> Iterator[float]:
    end = time.monotonic() + _LONGEST_WAIT_SECONDS
    while (now := time.monotonic()) < end:
        yield now
        time.sleep(watch.poll_seconds)


def _opened(arguments: argparse.Namespace) -> Watch:
    def connect(region: str) -> Any:  # noqa: ANN401
        return boto3.session.Session().client(
            "cloudformation",
            region_name=region,
            endpoint_url=arguments.endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 6}),
        )

    home = _home(arguments, connect)
    return Watch(
        stack=arguments.stack,
        home=arguments.region,
        watched=home.parameters["WatchedRegions"],
        outputs=home.outputs,
        template=arguments.template.read_text(),
        connect=connect,
        poll_seconds=arguments.poll_seconds,
    )


def _home(arguments: argparse.Namespace, connect: Callable[[str], Any]) -> HomeStack:
    """The home stack; where it is gone and nothing is to be deployed, the watched regions of the command line."""
    if arguments.region is None:
        raise StackNotFound(NO_REGION)
    if arguments.watched and arguments.action != "deploy":
        parameters = {"WatchedRegions": arguments.watched}
        return HomeStack(stack=arguments.stack, region=arguments.region, outputs={}, parameters=parameters)
    return find_home_stack(connect(arguments.region), arguments.stack)


def main() -> int:
    """Do it in all regions at once; a region that fails is reported and does not stop the others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", nargs="?", choices=("deploy", "delete", "list"), default="deploy")
    parser.add_argument("--stack", default="mailwarden", help="the home stack")
    parser.add_argument("--region", default=default_region(), help="the home region")
    parser.add_argument("--watched", help="delete, list: the watched regions, if the home stack is gone")
    parser.add_argument("--endpoint-url", help="an endpoint other than AWS")
    parser.add_argument("--template", type=Path, default=TEMPLATE)
    parser.add_argument("--poll-seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    act = {"deploy": deploy, "delete": delete, "list": show}[arguments.action]
    try:
        watch = _opened(arguments)
    except (StackNotFound, ClientError, BotoCoreError) as error:
        print(f"The watched regions could not be read: {error}", file=sys.stderr)
        return 1
    failures = 0
    with ThreadPoolExecutor(max_workers=8) as pool:
        jobs = {region: pool.submit(act, watch, region) for region in watch.regions}
        for region, job in jobs.items():
            try:
                print(f"{region:<16} {watch.name}: {job.result()}")
            except (RegionFailed, ClientError, BotoCoreError) as error:
                failures += 1
                print(f"{region:<16} {watch.name}: {error}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    run(main)
