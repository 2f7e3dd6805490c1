"""The output of `python -m sandbox up`: for a terminal, or for the program that started it."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox.running import RunningSandbox
from sandbox.terminal import Passage, Screen, Tone, Waiting, on_standard_output
from tools.stack.home_stack import HomeStack

_COMMAND = 38

PHASES: Mapping[str, str] = {
    "start": "AWS in a box, on 127.0.0.1",
    "build": "sam build",
    "prepare": "a bucket, the secret of Slack, the settings",
    "deploy": "sam deploy: stack mailwarden, home region ap-northeast-2",
    "regions": "regions.yaml in every other watched region",
}


class Steps(Protocol):
    """Takes note of what begins and ends."""

    def begin(self, name: str) -> None:
        """A phase begins."""

    def end(self, name: str, seconds: float) -> None:
        """A phase has ended."""


class _Lines:
    """For a program: one line on stderr for each beginning and end."""

    def begin(self, name: str) -> None:
        print(f"{name} ...", file=sys.stderr, flush=True)

    def end(self, name: str, seconds: float) -> None:
        print(f"{name}: {seconds} s", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moving:
    """For a terminal: a line that moves, and one for what is done."""

    waiting: Waiting

    def begin(self, name: str) -> None:
        self.waiting.now(PHASES[name])

    def end(self, name: str, seconds: float) -> None:
        self.waiting.done(PHASES[name], seconds)


@contextmanager
def steps_for(*, as_json: bool) -> Iterator[Steps]:
    """The one for a program or the one for a terminal."""
    if as_json:
        yield _Lines()
        return
    with on_standard_output().waiting(PHASES["start"]) as waiting:
        yield _Moving(waiting=waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A box that is ready to be used."""

    box: RunningSandbox
    home: HomeStack
    directory: Path
    seconds: Mapping[str, float]

    def document(self) -> dict[str, object]:
        """The output for a program."""
        return {
            "endpoint": self.box.endpoint,
            "account": self.box.account,
            "region": self.box.region,
            "accessKeyId": self.box.access_key_id,
            "secretAccessKey": self.box.secret_access_key,
            "outputs": dict(self.home.outputs),
            "directory": str(self.directory),
            "seconds": dict(self.seconds),
        }

    def text(self, *, width: int | None = None) -> str:
        """The output for a terminal: the chosen values, and the next steps."""
        out = io.StringIO()
        screen = Screen.on(out, width=width)
        given = self.home.parameters
        settings = given.get("SettingsParameterName") or "none"
        env = os.path.relpath(self.directory / "env")
        screen.line()
        screen.line(f"Mailwarden runs in AWS in a box at {self.box.endpoint}.", Tone.STRONG)
        for label, text in (
            ("account", f"{self.box.account}, home region {self.box.region}"),
            ("watched", given.get("WatchedRegions", "").replace(",", ", ")),
            ("RepairMode", f"{given.get('RepairMode')}   (SettleSeconds {given.get('SettleSeconds')})"),
            ("settings", f"SSM parameter {settings}"),
            ("outputs", os.path.relpath(self.directory / "outputs.json")),
        ):
            screen.entry(label, Passage(text=text))
        screen.line()
        screen.paragraph("In another shell, from this folder:")
        for command, purpose in (
            (f". {env}", "use the box in that shell; leave_box leaves it again"),
            ("aws cognito-idp create-user-pool --pool-name first", "with any AWS client"),
            ("make why POOL=…", "can this pool send mail, and why not?"),
            ('curl "$AWS_ENDPOINT_URL/_sandbox/chat"', "alerts that Slack received"),
            ('curl "$AWS_ENDPOINT_URL/_sandbox/mail"', "mail that arrived; mail/lost: mail that was lost"),
            ('curl "$AWS_ENDPOINT_URL/_sandbox/"', "all control routes, such as to verify an identity"),
        ):
            line = f"    {command:<{_COMMAND}}  {purpose}"
            if len(command) <= _COMMAND and len(line) <= screen.width:
                screen.line(line)
            else:
                screen.line(f"    {command}")
                screen.line(f"      {purpose}")
        screen.line()
        screen.paragraph(
            "Other parameters: make sandbox ARGS='--parameter RepairMode=off --parameter SettleSeconds=30'. More: "
            "docs/sandbox.md. Ctrl-C stops the box and removes everything in it."
        )
        return out.getvalue()
