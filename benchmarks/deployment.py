"""The stack in a sandbox of its own, with the pools that the benchmarks look at."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sandbox.running import ROOT, RunningSandbox
from tests.e2e.box import HOME, WATCHED, Box, unique
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB

PYTHON = ROOT / ".venv-sandbox" / "bin" / "python"


@contextmanager
def deployed() -> Iterator[Box]:
    """Start a sandbox with the stack, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        with (directory / "sandbox.log").open("w") as progress:
            arguments = ["up", "--json", "--port", "0", "--directory", folder]
            with RunningSandbox.start(PYTHON, arguments, progress=progress) as running:
                yield Box(running=running, directory=directory)


def as_if_swept(box: Box) -> None:
    """Mark the regions as swept: a first sweep would read every pool during the measurement."""
    ledger = LedgerInDynamoDB(box.client("dynamodb"), box.outputs["LedgerTable"], channels=())
    for region in WATCHED:
        ledger.known_pools.mark_swept(region, at=datetime.now(tz=UTC))


def sound_identity(box: Box) -> str:
    """A verified domain with a configuration set, and the role: everything that a sound DEVELOPER pool needs."""
    ses, name = box.client("sesv2"), f"{unique('shop')}.example"
    ses.create_configuration_set(ConfigurationSetName="mail")
    ses.create_email_identity(EmailIdentity=name, ConfigurationSetName="mail")
    box.control("POST", f"ses/{HOME}/identities/{name}", {"verification_status": "SUCCESS"})
    box.client("iam").create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")
    return name


def developer_pool(box: Box, identity: str) -> str:
    """The id of a new DEVELOPER pool that sends as the identity."""
    pool = box.client("cognito-idp").create_user_pool(
        PoolName=unique("pool"),
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{HOME}:{box.account}:identity/{identity}",
            "From": f"no-reply@{identity}",
        },
    )
    return str(pool["UserPool"]["Id"])
