"""Measures the AWS reads of ``inspect`` for one event, in accounts of several sizes, and its memory.

Everything runs in the sandbox, which counts the calls. The alternative is to page through the account, as Cloud
Custodian does: one ListUserPools call per sixty pools and one DescribeUserPool call per pool.
"""

import math
from collections import Counter
from pathlib import Path

from benchmarks.deployment import as_if_swept, deployed, developer_pool, sound_identity
from benchmarks.figures import Figure
from tests.e2e.box import HOME, Box, unique

LIMIT_READS = 7.0
LIMIT_MEGABYTES = 256 * 2 / 3
BURST = 10
_READ = frozenset({"cognito-idp", "ses", "sesv2", "email", "iam"})
_PAGE = 60


def figures(sizes: list[int]) -> list[Figure]:
    """Reads for an event about one pool at each size, for a burst of events, and the peak memory of the function."""
    with deployed() as box:
        return list(_measured(box, sizes))


def _measured(box: Box, sizes: list[int]) -> list[Figure]:
    found: list[Figure] = []
    as_if_swept(box)
    pools: list[str] = []
    identity = sound_identity(box)
    for size in sizes:
        with box.without_events():
            while len(pools) < size:
                pools.append(developer_pool(box, identity))
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
