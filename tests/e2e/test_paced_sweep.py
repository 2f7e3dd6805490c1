"""A sweep of sound pools with an identity each keeps to our share of SES's rate, and raises no false alert.

``SWEPT_POOLS=400`` is the region of the acceptance; it takes three seconds for each pool.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.e2e.box import Json
from tests.e2e.people import developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

FRANKFURT = "eu-central-1"
POOLS = int(os.environ.get("SWEPT_POOLS", "6"))
# A third of one call a second, and what the other looks of the sweep take.
EACH = 3.0
WINDOW = 60
# A third of the rate, and none, on an idle machine. On a slow one looks come late, several in a second: a refused one
# is made again and alerts nobody.
MOST_IN_A_WINDOW, MOST_REFUSED = WINDOW // 2, max(2, POOLS // 10)
SERIOUS = {"critical", "high"}


@pytest.mark.timeout(300 + 8 * POOLS)
def test_sound_pools_with_an_identity_each_are_swept_at_our_share_and_raise_no_false_alert(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    with stage.box.without_events():
        identities = [stage.people.identity(FRANKFURT) for _ in range(POOLS)]
        pools = [stage.people.pool(FRANKFURT, developer(identity)) for identity in identities]
    # Quotas begin with a full bucket: the sweep of an hour ago is long past.
    stage.box.control("POST", "quotas", {"on": True})
    began = time.monotonic()
    try:
        stage.box.invoke("sweep", {"sweep": "all"})
        until(
            lambda: all(stage.records.looks(pool.arn) for pool in pools),
            what="a look at every pool",
            within=120 + 2 * EACH * POOLS,
        )
        took = time.monotonic() - began
        stage.box.quiet(within=120 + 2 * EACH * POOLS)
    finally:
        counted: list[Json] = stage.box.control("POST", "quotas", {"on": False})["counted"]
    ours = [line for line in counted if str(line["role"]).startswith("mailwarden-")]
    refused = Counter[str]()
    for line in ours:
        refused[f"{line['service']}:{line['action']} {line['region']}"] += int(line["refused"])
    of_identities = [line for line in ours if (line["action"], line["region"]) == ("GetEmailIdentity", FRANKFURT)]
    reads, busiest = sum(int(line["calls"]) for line in of_identities), most_in_a_window(of_identities)
    answers = Counter(str(stage.records.looks(pool.arn)[-1].answer) for pool in pools)
    serious = [
        (alert.told, alert.document["headline"])
        for alert in stage.alerts.reports("alert")
        if alert.document["severity"] in SERIOUS
        and {alert.document["subject"]["arn"], *alert.document["affected"]["pools"]}
        & {*(pool.arn for pool in pools), *(identity.arn for identity in identities)}
    ]
    measured = (
        f"{POOLS} sound pools with an identity each, swept under quotas: {took:.0f} s, {reads} reads of identities, "
        f"most in {WINDOW} s {busiest}, refused {dict(+refused)}, answers {dict(answers)}, "
        f"{len(serious)} critical or high alerts"
    )
    record_property("measured", measured)
    sys.stdout.write(f"{measured}\n")
    assert sum(refused.values()) <= MOST_REFUSED
    assert answers == Counter({"yes": POOLS})
    assert serious == []
    assert reads >= POOLS
    assert busiest <= MOST_IN_A_WINDOW


def most_in_a_window(lines: list[Json]) -> int:
    of_second = Counter[int]()
    for line in lines:
        of_second[int(line["second"])] += int(line["calls"])
    return max((sum(of_second[start + each] for each in range(WINDOW)) for start in of_second), default=0)
