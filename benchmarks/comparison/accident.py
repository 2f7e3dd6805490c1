"""The accident: one ``UpdateUserPool`` call that names no ``EmailConfiguration`` resets a pool's sender."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.comparison.contenders import Contender
from benchmarks.comparison.town import REGIONS
from benchmarks.deployment import deployed
from tests.e2e.alerts import Alerts
from tests.e2e.box import Box
from tests.e2e.people import People, Pool, developer
from tests.e2e.waiting import until

HOME = "eu-west-1"
# A little more than Cognito's default sender sends in a day.
SIGN_UPS = 60


def accident_lines(contenders: Sequence[Contender], folder: Path) -> Iterator[str]:
    """The fate of 60 sign-ups, and the report of each tool."""
    with deployed() as box:
        people = People(box=box, pools=[], identities=[])
        pool = people.pool(HOME, developer(people.identity(HOME)))
        alerts = Alerts.of(box)
        box.quiet()
        before = reports_of(contenders, box, folder / "before", pool)
        box.quiet()
        # Like the command line: aws cognito-idp update-user-pool --auto-verified-attributes email
        began = time.monotonic()
        box.client("cognito-idp", HOME).update_user_pool(UserPoolId=pool.pool_id, AutoVerifiedAttributes=["email"])
        until(lambda: any(each.told[0] == "MW108" for each in alerts.about(pool.arn)), what="an alert of the reset")
        told = time.monotonic() - began
        (alert,) = [each for each in alerts.about(pool.arn) if each.told[0] == "MW108"]
        after = reports_of(contenders, box, folder / "after", pool)
        results = [people.sign_up(pool) for _ in range(SIGN_UPS)]
    arrived = sum(1 for each in results if each.arrived)
    yield "A pool sent through its own identity until a call of `UpdateUserPool` that names `AutoVerifiedAttributes`"
    yield "alone."
    yield f"Nothing else done: of the next {SIGN_UPS} sign-ups, {arrived} get their code, from Cognito's sender;"
    yield f"{SIGN_UPS - arrived} fail."
    yield ""
    yield "| tool | reports after the call, and not before |"
    yield "|---|---|"
    yield f"| Mailwarden, deployed | after {told:.1f} s: “{alert.document['headline']}” |"
    for each in contenders:
        new = sorted(after[each.name] - before[each.name])
        yield f"| {each.name}, run again | {', '.join(f'`{word}`' for word in new) or 'nothing'} |"


def reports_of(contenders: Sequence[Contender], box: Box, folder: Path, pool: Pool) -> dict[str, frozenset[str]]:
    """The report of each tool about the pool."""
    folder.mkdir()
    reports: dict[str, frozenset[str]] = {}
    for each in contenders:
        run = each.run(box, REGIONS, folder)
        reports[each.name] = run.reports.get(pool.arn, frozenset())
    return reports
