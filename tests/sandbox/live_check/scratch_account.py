"""A scratch account, and everything in it that a run could have left."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from sandbox.running import ROOT
from tests.sandbox.platform.box import SEOUL, Box

IAM_REGION = "us-east-1"
PREFIX = "mailwarden-live-check"
QUICK = ("--region", SEOUL, "--settle", "0", "--wait", "15", "--tiers", "LITE")


def receive_interruptions() -> None:
    """Whatever the tests were started with, or one of them left behind: the program receives SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchAccount:
    """An account and an operator at a shell."""

    box: Box

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start the program."""
        return subprocess.Popen(
            [sys.executable, "-m", "tools.live_check", *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **self.box.running.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=receive_interruptions,  # noqa: PLW1509 - nothing else of this process runs meanwhile
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run the program: status, report, and what it said meanwhile."""
        with self.begin(*words) as program:
            output, said = program.communicate(timeout=120)
        return program.returncode, output, said

    def left(self) -> dict[str, list[str]]:
        """Everything with the name of a run, and the role that it may have made."""
        ses = self.box.client("sesv2")
        found = {
            "pools": [each["Name"] for each in self.pools()],
            "sets": ses.list_configuration_sets()["ConfigurationSets"],
            "identities": [each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]],
            "roles": [each["RoleName"] for each in self.box.client("iam").list_roles()["Roles"]],
        }
        for region in (SEOUL, IAM_REGION):
            rules = self.box.client("events", region).list_rules()["Rules"]
            found[f"rules {region}"] = [each["Name"] for each in rules if each["Name"].startswith(PREFIX)]
            queues = self.box.client("sqs", region).list_queues(QueueNamePrefix=PREFIX)
            found[f"queues {region}"] = queues.get("QueueUrls", [])
        return {kind: names for kind, names in found.items() if names}

    def pools(self) -> list[dict[str, str]]:
        """The pools of the account in one region."""
        pools: list[dict[str, str]] = self.box.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        return pools
