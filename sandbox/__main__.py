"""The command line of AWS in a box: `serve` runs it empty, `up` also builds and deploys Mailwarden into it."""

import argparse
import sys
from pathlib import Path

from sandbox import deploy
from sandbox.running import ROOT, SandboxFailed


def main() -> int:
    """Parse the command line and run the chosen program in the foreground."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    serve_command = commands.add_parser("serve", help="run the box, empty")
    serve_command.add_argument("--state", type=Path, help="where to make its working folder (removed at the end)")
    serve_command.add_argument("--while-stdin-is-open", action="store_true", help="end when stdin is closed")
    up_command = commands.add_parser("up", help="run the box with Mailwarden deployed in it")
    up_command.add_argument("--directory", type=Path, default=ROOT / ".sandbox", help="for env and outputs.json")
    up_command.add_argument("--project", type=Path, default=ROOT, help="the folder with the templates")
    up_command.add_argument(
        "--watched", default=",".join(deploy.WATCHED_REGIONS), help="the watched regions, comma separated"
    )
    up_command.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="a stack parameter (repeatable), see the README",
    )
    up_command.add_argument(
        "--slack",
        choices=deploy.SLACK_WAYS,
        default=deploy.SLACK_WAYS[0],
        help="how alerts reach the Slack of the box: each by a webhook, or as threads with a bot token",
    )
    up_command.add_argument(
        "--json",
        action="store_true",
        help="for programs: one JSON line when ready; ends when stdin is closed; no settings document",
    )
    for command in (serve_command, up_command):
        command.add_argument(
            "--port", type=int, default=4566, help="the port on 127.0.0.1 (default 4566); 0 takes any free port"
        )
    arguments = parser.parse_args()
    if arguments.command == "serve":
        return _serve(arguments)
    plan = deploy.Plan(
        port=arguments.port,
        directory=arguments.directory.resolve(),
        project=arguments.project.resolve(),
        parameters=dict(arguments.parameter),
        watched=tuple(arguments.watched.split(",")),
        slack=arguments.slack,
        as_json=arguments.json,
    )
    try:
        deploy.up(plan)
    except (deploy.DeploymentFailed, SandboxFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _serve(arguments: argparse.Namespace) -> int:
    from sandbox.platform.isolation import PortUnavailable
    from sandbox.server import serve

    try:
        serve(port=arguments.port, state=arguments.state, while_stdin_is_open=arguments.while_stdin_is_open)
    except PortUnavailable as error:
        print(error, file=sys.stderr)
        return 1


sys.exit(main())
