"""Deploys, changes and removes Mailwarden.

    mailwarden deploy|plan|status|rollback|delete

The place and the parameters of the deployment are in the operator's file, deployment.toml. Without it, `deploy` asks
for what it needs and writes it; with --yes it asks nothing. Exit status: 0 if everything is as it was asked to be.
"""

import argparse
import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from mailwarden.region_names import is_region  # noqa: E402 - the path is set above
from tools.deployment.command import Actions  # noqa: E402 - as above
from tools.deployment.dialog import Ask, Dialog  # noqa: E402 - as above
from tools.deployment.home import Home, Run, run_program  # noqa: E402 - as above
from tools.deployment.region_stacks import RegionStacks  # noqa: E402 - as above
from tools.deployment.regions import Connect, connect_to, enabled_regions, used_regions  # noqa: E402 - as above
from tools.deployment.settings import (  # noqa: E402 - as above
    Deployment,
    MalformedDeployment,
    deployment_file,
    load,
    save,
)
from tools.deployment.stacks import StackFailed  # noqa: E402 - as above
from tools.deployment.template import Parameter, WrongParameter, complete, parameters_of  # noqa: E402 - as above
from tools.screen.terminal import run  # noqa: E402 - as above
from tools.stack.home_stack import NO_REGION, default_region  # noqa: E402 - as above
from tools.stack.refusals import reason_of  # noqa: E402 - as above


class Refused(Exception):
    """The command is not carried out; the message has the reason and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The means of the program: SAM CLI, AWS, and the terminal's answers."""

    run_sam: Run = run_program
    connect: Connect | None = None
    """None for AWS, or the endpoint of the command line."""
    ask: Ask = input


def main(given: Sequence[str] | None = None, around: Surroundings | None = None) -> int:
    """Run with the arguments of the command line, or with those that are given."""
    arguments = _parser().parse_args(given)
    try:
        return _act(arguments, around or Surroundings())
    except (Refused, MalformedDeployment, WrongParameter, StackFailed) as error:
        print(error, file=sys.stderr)
    except EOFError:
        print("Nothing was deployed: an answer is missing. Where there is no terminal, use --yes.", file=sys.stderr)
    except (ClientError, BotoCoreError) as error:
        print(f"AWS could not be asked: {reason_of(error)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("deploy", "plan", "status", "rollback", "delete"), help=argparse.SUPPRESS)
    parser.add_argument("--deployment", type=Path, default=deployment_file(), help="the operator's file")
    parser.add_argument("--stack", help="the name of the stack (default: that of the file, or mailwarden)")
    parser.add_argument("--region", help="the home region (default: that of the file)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set a parameter in the file")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--guided", action="store_true", help="ask again, with the file's values as the answers")
    parser.add_argument("--s3-bucket", help="the bucket for the code (default: the one that sam manages)")
    parser.add_argument("--project", type=Path, default=ROOT, help="the folder with the templates")
    parser.add_argument("--template", type=Path, help="the built template (default: .aws-sam/build/template.yaml)")
    parser.add_argument("--endpoint-url", help="an endpoint other than AWS")
    parser.add_argument("--poll-seconds", type=float, default=2.0, help="the time between two looks at a stack")
    return parser


def _act(arguments: argparse.Namespace, around: Surroundings) -> int:
    file = arguments.deployment
    known = load(file)
    place = _place(arguments, known, around.ask)
    connect = around.connect or connect_to(arguments.endpoint_url)
    account = connect("sts", place.region).get_caller_identity()["Account"]
    if place.account not in {None, account}:
        raise Refused(f"{file} is about account {place.account}, and your credentials are of account {account}")
    place = dataclasses.replace(place, account=str(account))
    actions = Actions(
        home=Home(
            name=place.stack,
            region=place.region,
            connect=connect,
            poll_seconds=arguments.poll_seconds,
            template=arguments.template or arguments.project / ".aws-sam" / "build" / "template.yaml",
            bucket=arguments.s3_bucket,
            run=around.run_sam,
        ),
        regions=RegionStacks(
            stack=place.stack,
            home=place.region,
            connect=connect,
            poll_seconds=arguments.poll_seconds,
            project=arguments.project,
        ),
    )
    match arguments.action:
        case "status":
            return actions.status()
        case "rollback":
            return actions.rollback()
        case "delete":
            if not arguments.yes:
                _confirm(place, around.ask)
            return actions.delete()
        case _:
            return _deploy(arguments, actions, place, known, around.ask)


def _deploy(
    arguments: argparse.Namespace, actions: Actions, place: Deployment, known: Deployment | None, ask: Ask
) -> int:
    declared = parameters_of(arguments.project / "template.yaml")
    place = _with_parameters(place, arguments, known, actions, declared, ask)
    whole = complete(place.parameters, declared)
    _check_regions(actions, whole["WatchedRegions"])
    if arguments.action == "plan":
        return actions.plan(whole)
    save(arguments.deployment, place)
    print(f"The deployment is described in {arguments.deployment}", flush=True)
    return actions.deploy(whole, ask=not arguments.yes)


def _place(arguments: argparse.Namespace, known: Deployment | None, ask: Ask) -> Deployment:
    """The place by the command line, by the file, or by the AWS environment, in this order."""
    stack = arguments.stack or (known.stack if known else "mailwarden")
    if known is not None and (stack != known.stack or arguments.region not in {None, known.region}):
        raise Refused(
            f"{arguments.deployment} is about stack {known.stack} in {known.region}. Another one has another file: "
            f"DEPLOYMENT={stack}.deployment.toml"
        )
    region = arguments.region or (known.region if known else default_region())
    if region is None and arguments.action == "deploy" and not arguments.yes:
        region = ask("Home region, where the stack is deployed (such as eu-west-1): ").strip()
    if not region or not is_region(region):
        raise Refused(NO_REGION if not region else f"{region} is no region")
    return dataclasses.replace(known, stack=stack) if known else Deployment(stack=stack, region=region)


def _with_parameters(
    place: Deployment,
    arguments: argparse.Namespace,
    known: Deployment | None,
    actions: Actions,
    declared: Mapping[str, Parameter],
    ask: Ask,
) -> Deployment:
    """The parameters of the file, or of a stack that was deployed without one; then the dialog; then --set."""
    parameters = dict(place.parameters)
    if known is None and (there := actions.home.find()) is not None:
        parameters = {
            name: value
            for name, value in there.parameters.items()
            if name in declared and value != declared[name].default
        }
    given = dict(each.partition("=")[::2] for each in arguments.set)
    asks = arguments.action == "deploy" and not arguments.yes
    if arguments.guided or (asks and known is None):
        used = used_regions(actions.home.connect, enabled_regions(actions.home.connect, place.region), place.region)
        parameters = dict(
            Dialog(ask=ask, say=print, declared=declared).parameters({**parameters, **given}, used, place.region)
        )
    return dataclasses.replace(place, parameters={**parameters, **given})


def _check_regions(actions: Actions, watched: str) -> None:
    enabled = enabled_regions(actions.home.connect, actions.home.region)
    if off := sorted(set(watched.split(",")) - set(enabled)):
        raise Refused(f"{', '.join(off)}: not turned on for this account, or no region. Take it out of WatchedRegions")


def _confirm(place: Deployment, ask: Ask) -> None:
    typed = ask(f"Delete stack {place.stack} in {place.region} and its stacks in every region? Type its name: ")
    if typed.strip() != place.stack:
        raise Refused("Nothing was deleted.")


if __name__ == "__main__":
    run(main)
