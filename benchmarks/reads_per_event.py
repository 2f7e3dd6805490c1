"""Measures the AWS reads of ``inspect`` for one event, in accounts of several sizes, and its memory.

Everything runs in the sandbox, which counts the calls. The alternative is to page through the account, as Cloud
Custodian does: one ListUserPools call per sixty pools and one DescribeUserPool call per pool.
"""

import math
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Figure
from sandbox.running import ROOT, RunningSandbox
from tests.e2e.box import HOME, WATCHED, Box, unique
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB

PYTHON = ROOT / ".venv-sandbox" / "bin" / "python"
LIMIT_READS = 7.0
LIMIT_MEGABYTES = 256 * 2 / 3
BURST = 10
_READ = frozenset({"cognito-idp", "ses", "sesv2", "email", "iam"})
_PAGE = 60


def figures(sizes: list[int]) -> list[Figure]:
    """Reads for an event about one pool at each size, for a burst of events, and the peak memory of the function."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        with (directory / "sandbox.log").open("w") as progress:
            arguments = ["up", "--json", "--port", "0", "--directory", folder]
            with RunningSandbox.start(PYTHON, arguments, progress=progress) as running:
                return list(_measured(Box(running=running, directory=directory), sizes))


def _measured(box: Box, sizes: list[int]) -> list[Figure]:
    found: list[Figure] = []
    _as_if_swept(box)
    pools: list[str] = []
    identity = _identity(box)
    for size in sizes:
        with box.without_events():
            while len(pools) < size:
                pools.append(_pool(box, identity))
        reads = _reads(box, pools[-1:])
        paging = math.ceil(size / _PAGE) + size
        found.append(
            Figure(
                what=f"reads for one event, {size:,} pools",
                value=sum(reads.values()),
                limit=LIMIT_READS,
                note=f"paging through the account: {paging:,}",
            ),
        )
    burst = _reads(box, pools[:BURST])
    events = min(BURST, len(pools))
    per_event = sum(burst.values()) / events
    found.append(Figure(what=f"reads for each of {events} events at once", value=per_event, limit=LIMIT_READS))
    memory = _peak_megabytes(box)
    if memory is not None:
        found.append(Figure(what="peak memory of inspect", value=memory, limit=LIMIT_MEGABYTES, unit="MB"))
    return found


def _as_if_swept(box: Box) -> None:
    """Mark the regions as swept: a first sweep would read every pool during the measurement."""
    ledger = LedgerInDynamoDB(box.client("dynamodb"), box.outputs["LedgerTable"], channels=())
    for region in WATCHED:
        ledger.known_pools.mark_swept(region, at=datetime.now(tz=UTC))


def _identity(box: Box) -> str:
    """A verified domain with a configuration set, and the role: everything that a sound DEVELOPER pool needs."""
    ses, name = box.client("sesv2"), f"{unique('shop')}.example"
    ses.create_configuration_set(ConfigurationSetName="mail")
    ses.create_email_identity(EmailIdentity=name, ConfigurationSetName="mail")
    box.control("POST", f"ses/{HOME}/identities/{name}", {"verification_status": "SUCCESS"})
    box.client("iam").create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")
    return name


def _pool(box: Box, identity: str) -> str:
    pool = box.client("cognito-idp").create_user_pool(
        PoolName=unique("pool"),
        EmailConfiguration={
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:{HOME}:{box.account}:identity/{identity}",
            "From": f"no-reply@{identity}",
        },
    )
    return str(pool["UserPool"]["Id"])


def _reads(box: Box, pools: list[str]) -> Counter[str]:
    """The calls of inspect to Cognito, SES and IAM after a change of these pools, until the queues are empty."""
    box.quiet()
    since = box.mark()
    for pool in pools:
        arn = f"arn:aws:cognito-idp:{HOME}:{box.account}:userpool/{pool}"
        box.client("cognito-idp").tag_resource(ResourceArn=arn, Tags={"touched": unique("at")})
    box.quiet()
    calls = box.calls(since=since, role=box.role("inspect"))
    return Counter(call["action"] for call in calls if call["service"] in _READ)


def _peak_megabytes(box: Box) -> float | None:
    """The peak memory of an inspect process; None where the system does not report it."""
    peaks = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            status = (process / "status").read_text(encoding="utf-8")
        except OSError:
            continue
        ours = {b"AWS_LAMBDA_FUNCTION_NAME=mailwarden-inspect", f"AWS_ENDPOINT_URL={box.running.endpoint}".encode()}
        if ours <= set(environment):
            peaks += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")]
    return max(peaks, default=None)
