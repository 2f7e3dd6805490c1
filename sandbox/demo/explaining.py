"""Plays the scene in which a person asks why one user gets no mail: the real `make why`, then `make unsuppress`."""

import subprocess
import sys
from urllib.parse import quote

from sandbox.demo.pools import Pool
from sandbox.demo.result import Result
from sandbox.demo.scene import Explained, Setting
from sandbox.demo.stage import Stage
from sandbox.demo.terminal import Screen, Text, Tone
from sandbox.demo.waiting import until
from sandbox.running import ROOT


def explain(outcome: Explained, pool: Pool, setting: Setting, result: Result, stage: Stage, screen: Screen) -> None:
    """Ask, show the answer, have the address removed, and let the user ask for a code once more. Raises NotSeen."""
    user = setting.user or ""
    lost = until(lambda: _mails(stage, user, "mail/lost")[-1:] or None, what=f"a lost mail to {user}")[0]
    screen.entry("her mail", Text(lead="✘ lost:", text=f"success for the app; {lost['reason']}", tone=Tone.BAD))
    result.mail.append("lost")
    answer = _run(stage, "why.py", "--pool", pool.arn, "--address", user)
    screen.entry("make why", Text(text=f"POOL={pool.pool_id} ADDRESS={user}", tone=Tone.STRONG))
    screen.block([Text(text=line, verbatim=True) for line in answer.splitlines()], gutter="│ ")
    for words in outcome.says:
        result.checks.hold("the answer", words in answer, f"{words!r} is not in it")
    result.checks.hold("the answer masks her", user not in answer, "it shows the address")
    result.verdict, result.link = "yes", "none"
    done = _run(
        stage, "unsuppress.py", "--region", pool.region, "--address", user,
        "--reason", "her provider takes our mail again", "--yes",
    )  # fmt: skip
    screen.entry("make unsuppress", Text(text=f"REGION={pool.region} ADDRESS={user} REASON=…", tone=Tone.STRONG))
    screen.block([Text(text=line, verbatim=True) for line in done.splitlines()], gutter="│ ")
    result.done = "explained, address removed"
    arrived = len(_mails(stage, user, "mail"))
    app = stage.public_client("cognito-idp", pool.region)
    app.resend_confirmation_code(ClientId=pool.client_id, Username=user.partition("@")[0])
    until(lambda: len(_mails(stage, user, "mail")) > arrived or None, what=f"a mail to {user}")
    screen.entry("her mail", Text(lead="✔ arrived", text=f"at {user}", tone=Tone.GOOD))


def _mails(stage: Stage, address: str, box: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = stage.box.control("GET", f"{box}?to={quote(address)}")
    return found


def _run(stage: Stage, tool: str, *arguments: str) -> str:
    """What the tool behind a make target prints. Raises CalledProcessError."""
    command = [
        sys.executable, str(ROOT / "tools" / tool), "--stack", "mailwarden", "--region", stage.box.region,
        "--endpoint-url", stage.box.endpoint, *arguments,
    ]  # fmt: skip
    ended = subprocess.run(
        command, env={**stage.box.environment, "COLUMNS": "96"}, capture_output=True, text=True, check=False
    )
    return ended.stdout + ended.stderr
