"""Measures what many pools on one identity cost: reads of a repair, and a lost policy that 300 pools need.

Time is simulated, and AWS is in memory: the figures count calls.
"""

from benchmarks.figures import Figure
from mailwarden.domain.findings.record import FindingState
from tests.fakes.deployment import SETTLE
from tests.fakes.passing import most_in_a_second, passing
from tests.unit.service.test_joint_repairs import reads_of_a_repair
from tests.unit.service.test_storms import storm

USERS = (10, 1_000, 5_000)
BROKEN = 300
# A policy of 4 KB has room for about 45 pools.
MOST_WRITES = 7
# A third of the 15 requests a second that Cognito allows; a second on a border holds the calls of two.
MOST_IN_A_SECOND = 2 * 5


def figures() -> list[Figure]:
    """The reads of one repair by the number of pools, and the calls of one storm."""
    return [*_one_repair(), *_one_lost_policy()]


def _one_repair() -> list[Figure]:
    read = {users: reads_of_a_repair(users) for users in USERS}
    pools, identities = read[USERS[0]]
    return [
        figure
        for users, (of_pools, of_identities) in read.items()
        for figure in (
            Figure(what=f"pools read by a repair, {users:,} pools on the identity", value=of_pools, limit=pools),
            Figure(what=f"identities read by it, {users:,} pools", value=of_identities, limit=identities),
        )
    ]


def _one_lost_policy() -> list[Figure]:
    mailwarden, pools = storm(BROKEN)
    orders = len(mailwarden.repairs.waiting)
    _, read = passing(mailwarden)
    began, done = mailwarden.clock.at, 0
    mailwarden.clock.at += SETTLE
    while mailwarden.repairs.waiting:
        done += sum(len(mailwarden.run(order)) for order in mailwarden.repairs.take_all())
    repaired = {mailwarden.finding("MW401", each.ref.arn).lifecycle.state for each in pools}
    if repaired != {FindingState.REPAIRED}:
        raise RuntimeError(f"the storm left findings {sorted(repaired)}")
    what = f"a lost policy that {BROKEN} pools need"
    return [
        Figure(what=f"{what}: orders", value=orders, limit=1),
        Figure(what="  policy writes", value=len(mailwarden.written), limit=MOST_WRITES),
        Figure(what="  attempts that wrote nothing", value=done - len(mailwarden.written), limit=0),
        Figure(what="  pools read by repair", value=len(read.read_at), limit=BROKEN),
        Figure(what="  most of them in a second", value=most_in_a_second(read.read_at), limit=MOST_IN_A_SECOND),
        Figure(
            what="  until all can send",
            value=(mailwarden.clock.at - began).total_seconds(),
            limit=150,
            unit="s",
            note="from the last look, with the settle time; time is simulated",
        ),
    ]
