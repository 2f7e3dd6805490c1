"""Plays the scene in which an operator finds out why one user gets no mail: `make why`, then `make unsuppress`."""

import os
import shlex
import subprocess
from urllib.parse import quote

from sandbox.demo.result import Result
from sandbox.demo.scene import Explained, Setting
from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.stage import Stage
from sandbox.demo.stage.waiting import until
from sandbox.running import ROOT
from sandbox.terminal import Passage, Screen, Tone

_GUTTER = "│ "


def explain(outcome: Explained, pool: Pool, setting: Setting, result: Result, stage: Stage, screen: Screen) -> None:
    """Ask, show the answer, have the address removed, and let the user ask for a code once more. Raises NotSeen."""
    user = setting.user or ""
    lost = until(lambda: _mails(stage, user, "mail/lost")[-1:] or None, what=f"a lost mail to {user}")[0]
    screen.entry(
        "mail to minji", Passage(lead="✘ lost:", text=f"the app gets success, but {lost['reason']}", tone=Tone.BAD)
    )
    result.mail.append("lost")
    answer = make(stage, screen, "why", POOL=pool.pool_id, ADDRESS=user)
    for words in outcome.says[stage.language]:
        result.checks.hold("the answer", words in answer, f"{words!r} is not in it")
    result.checks.hold("the answer masks the address", user not in answer, "it shows the address")
    result.verdict, result.link = "yes", "none"
    told = make(
        stage, screen, "unsuppress",
        REGION=pool.region, ADDRESS=user, REASON="the mailbox accepts mail again", CONFIRM="yes",
    )  # fmt: skip
    result.checks.hold("the removal", "removed" in told.lower(), "it does not say so")
    result.done = "address removed"
    arrived = len(_mails(stage, user, "mail"))
    app = stage.public_client("cognito-idp", pool.region)
    app.resend_confirmation_code(ClientId=pool.client_id, Username=user.partition("@")[0])
    until(lambda: len(_mails(stage, user, "mail")) > arrived or None, what=f"a mail to {user}")
    screen.entry("mail to minji", Passage(lead="✔ arrived", text=f"at {user}", tone=Tone.GOOD))
    result.mail.append("arrived")


def _mails(stage: Stage, address: str, box: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = stage.box.control("GET", f"{box}?to={quote(address)}")
    return found


def make(stage: Stage, screen: Screen, target: str, **words: str) -> str:
    """Run a target of the Makefile as a person would, and show what it prints."""
    said = " ".join(f"{name}={shlex.quote(word)}" for name, word in words.items())
    screen.entry("operator", Passage(text=f"make {target} {said}", tone=Tone.STRONG))
    environment = {**os.environ, **stage.box.environment, **words, "COLUMNS": str(screen.block_width - len(_GUTTER))}
    ended = subprocess.run(["make", target], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    printed = ended.stdout + ended.stderr
    screen.block([Passage(text=line, verbatim=True) for line in printed.splitlines()], gutter=_GUTTER)
    return printed
