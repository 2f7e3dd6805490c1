"""The sandbox's command line: `serve` runs AWS in a box, `up` also builds and deploys Mailwarden into it."""

import argparse
from pathlib import Path


def main() -> None:
    """Parse the command line and run the chosen program in the foreground."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    serve_command = commands.add_parser("serve", help="run the sandbox, empty")
    serve_command.add_argument("--port", type=int, default=4566, help="0 takes any free port")
    serve_command.add_argument("--state", type=Path, help="where its working folder is made (and removed again)")
    arguments = parser.parse_args()
    from sandbox.server import serve

    serve(port=arguments.port, state=arguments.state)


main()
