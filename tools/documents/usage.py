"""Calculates a deployment's monthly usage and AWS's charges: one table of prices, one list of formulas.

Alarms and event source mappings are counted in the template, metrics in the code, so that a change there changes the
bill.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "layers" / "core"))

from mailwarden.adapters.metrics.own_metrics import OwnMetric  # noqa: E402 - the package is found only now
from tools.documents.prices import (  # noqa: E402 - found only now
    ALARM,
    ARCHIVE,
    COMPUTE,
    COPIES,
    DASHBOARD,
    EVENTS,
    FIGURES_READ,
    IMPORTS,
    INSIGHTS,
    LOGS,
    MAILS,
    METRICS,
    PUBLISHED,
    QUEUES,
    READS,
    RECOVERY,
    REQUESTS,
    SECRETS,
    STORAGE,
    WRITES,
    Price,
)

TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")

HOURS = 730
MINUTES = HOURS * 60
MEMORY_GB = 0.25
ALARMS = len(re.findall(r"^    Type: AWS::CloudWatch::Alarm$", TEMPLATE, re.MULTILINE))
CHAT_ALARMS = len(re.findall(r"^    Type: AWS::CloudWatch::Alarm\n    Condition: HasSlack$", TEMPLATE, re.MULTILINE))
MAPPINGS = len(re.findall(r"^          Type: SQS$", TEMPLATE, re.MULTILINE))
CHAT_MAPPINGS = len(re.findall(r"^            Enabled: !If \[HasSlack, true, false\]", TEMPLATE, re.MULTILINE))
# Sent only in hours with a write; the others are sent all the time.
SELDOM = frozenset({OwnMetric.REPAIRS, OwnMetric.EVENT_TO_REPAIR, OwnMetric.COMPARE_TO_WRITE})
ALWAYS = len(OwnMetric) - len(SELDOM)
# Lambda developer guide, "Using Lambda with Amazon SQS": at first five concurrent long polls, even for an idle
# queue; a long poll waits 20 seconds.
POLLERS = 5
POLLS_A_MINUTE = 3
LOOK_WRITES, LOOK_READS = 3, 7
# `adapters/aws/ses/metrics.py`: six message counts and two rates.
FIGURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The monthly usage of a deployment; ``target`` is the cost that the design promises."""

    pools: int
    regions: int
    sets: int
    sweeps_a_day: int
    calls: int
    came_back: int
    alerts: int
    busy_hours: int
    open_findings: int
    target: float

    @property
    def name(self) -> str:
        """The name on the page."""
        return f"{self.pools:,} pools in {self.regions} regions"

    @property
    def words_of_sets(self) -> str:
        """Configuration set or sets."""
        return "configuration set" if self.sets == 1 else "configuration sets"

    @property
    def looks(self) -> float:
        """Looks at pools, by sweeps and by events."""
        return self.pools * self.sweeps_a_day * HOURS / 24 + self.calls


SMALL = Deployment(
    pools=100, regions=3, sets=1, sweeps_a_day=24, calls=600, came_back=1_000, alerts=60, busy_hours=10,
    open_findings=10, target=3,
)  # fmt: skip
LARGE = Deployment(
    pools=5_000, regions=10, sets=5, sweeps_a_day=24, calls=30_000, came_back=20_000, alerts=1_000, busy_hours=100,
    open_findings=250, target=20,
)  # fmt: skip


IDLE = Deployment(
    pools=0, regions=1, sets=0, sweeps_a_day=24, calls=0, came_back=0, alerts=0, busy_hours=0, open_findings=0, target=0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of the bill: its name, its formula, and the number of units a month."""

    what: str
    how: str
    number: float
    price: Price

    @property
    def dollars(self) -> float:
        """At the list price."""
        return self.number * self.price.dollars / self.price.each


def lines(of: Deployment) -> Iterator[Line]:
    """Every monthly charge of a deployment."""
    looks, half = of.looks, of.looks / 2
    asked = HOURS * 4
    subjects = of.regions + of.sets
    yield Line(
        what="looking: inspect", how=f"{looks:,.0f} looks, two at a time", number=half, price=REQUESTS,
    )  # fmt: skip
    yield Line(
        what="looking: inspect", how=f"{looks:,.0f} looks * 0.25 s * 0.25 GB", number=looks * 0.25 * MEMORY_GB,
        price=COMPUTE,
    )  # fmt: skip
    yield Line(
        what="each minute: sweep, announce", how=f"2 * {MINUTES:,}", number=2 * MINUTES, price=REQUESTS,
    )  # fmt: skip
    yield Line(
        what="each minute: sweep, announce", how=f"2 * {MINUTES:,} * 0.15 s * 0.25 GB",
        number=2 * MINUTES * 0.15 * MEMORY_GB, price=COMPUTE,
    )  # fmt: skip
    yield Line(
        what="reading rates: reputation", how=f"{asked:,} times * {of.regions} regions * 1 s * 0.25 GB",
        number=asked * of.regions * MEMORY_GB, price=COMPUTE,
    )  # fmt: skip
    yield Line(
        what="idle queues",
        how=f"{MAPPINGS - CHAT_MAPPINGS} mappings * {POLLERS} pollers * {POLLS_A_MINUTE} a minute * {MINUTES:,}",
        number=(MAPPINGS - CHAT_MAPPINGS) * POLLERS * POLLS_A_MINUTE * MINUTES, price=QUEUES,
    )  # fmt: skip
    yield Line(
        what="hints", how=f"{looks:,.0f} sent by ten, received and deleted by two", number=looks * 1.1, price=QUEUES,
    )  # fmt: skip
    yield Line(
        what="bounces and complaints", how=f"{of.came_back:,} sent, received and deleted one by one",
        number=of.came_back * 3, price=QUEUES,
    )  # fmt: skip
    yield Line(
        what="calls and feedback of other regions", how=f"({of.calls:,} + {of.came_back:,}) * "
        f"{of.regions - 1} of {of.regions} regions",
        number=(of.calls + of.came_back) * (of.regions - 1) / of.regions, price=EVENTS,
    )  # fmt: skip
    # Measured in AWS in a box: the item of a look with its last known good sender has 2.0 KB, and 2 to 3 KB with the
    # long names of a real account; a look without news makes six or seven reads, of which none has more than 4 KB.
    # An incident and its members in transactions, at the opening and at the end; marks and a lease for each alert.
    written = looks * LOOK_WRITES + asked * subjects * 3 + of.came_back * 4 + of.alerts * 24
    yield Line(
        what="ledger and journal",
        how=f"{looks:,.0f} looks * {LOOK_WRITES} + {asked:,} * {subjects} accounts and sets * 3 + {of.came_back:,} * 4 "
        f"+ {of.alerts:,} alerts * 24",
        number=written, price=WRITES,
    )  # fmt: skip
    counted = 4 * 0.5 * max(1, of.open_findings / 80)
    yield Line(
        what="ledger",
        how=f"{looks:,.0f} looks * {LOOK_READS} + {MINUTES:,} * ({of.regions * 3} sweeps + {counted:.1f} to count "
        f"open findings + 0.5 for due incidents) + {of.alerts:,} alerts * 40",
        number=looks * LOOK_READS + MINUTES * (of.regions * 3 + counted + 0.5) + of.alerts * 40, price=READS,
    )  # fmt: skip
    kept = (of.pools * 12 + subjects * 700) / 1e6
    yield Line(
        what="ledger and journal", how=f"{of.pools:,} pools * 12 KB, {subjects} series * 700 KB", number=kept,
        price=STORAGE,
    )  # fmt: skip
    yield Line(what="ledger and journal", how="the same", number=kept, price=RECOVERY)
    yield Line(
        what="rates and message counts of SES",
        how=f"{asked:,} times * {FIGURES} metrics * ({of.regions} accounts + {of.sets} {of.words_of_sets})",
        number=asked * FIGURES * subjects, price=FIGURES_READ,
    )  # fmt: skip
    yield Line(
        what="Mailwarden's own metrics", how=f"{ALWAYS} always, {len(SELDOM)} in {of.busy_hours} of {HOURS} hours",
        number=ALWAYS + len(SELDOM) * of.busy_hours / HOURS, price=METRICS,
    )  # fmt: skip
    yield Line(what="alarms", how="one for each metric in an alarm", number=ALARMS - CHAT_ALARMS, price=ALARM)
    yield Line(what="dashboard", how="the account's first three are free", number=1, price=DASHBOARD)
    log = (looks * 450 + half * 700 + 2 * MINUTES * 1_300 + asked * of.regions * 900) / 1e9
    yield Line(
        what="logs",
        how=f"{looks:,.0f} looks * 450 B, {half:,.0f} runs * 700 B, {2 * MINUTES:,} runs * 1.3 KB",
        number=log, price=LOGS,
    )  # fmt: skip
    yield Line(what="logs", how="30 days, compressed to a sixth", number=log / 6, price=ARCHIVE)
    yield Line(
        what="three queries of the dashboard", how="100 times a day's logs", number=100 * 24 / HOURS * log,
        price=INSIGHTS,
    )  # fmt: skip
    yield Line(what="alerts by mail", how=f"{of.alerts:,} to one address", number=of.alerts, price=MAILS)


def chat() -> Iterator[Line]:
    """The charges of Slack if a webhook or a token is configured."""
    yield Line(what="Slack's secret", how="", number=1, price=SECRETS)
    yield Line(
        what="the idle chat queue", how="", number=CHAT_MAPPINGS * POLLERS * POLLS_A_MINUTE * MINUTES, price=QUEUES
    )
    yield Line(what="its alarms", how="", number=CHAT_ALARMS, price=ALARM)


def copies(of: Deployment) -> Iterator[Line]:
    """The charges of the channels beside the topic and Slack, if all are configured: each gets every alert.

    A mark of each in the item of the incident is three write units, and its reads are three.
    """
    yield Line(what="an event bus", how="", number=of.alerts, price=COPIES)
    yield Line(what="the topic of Amazon Q", how="", number=of.alerts, price=PUBLISHED)
    yield Line(what="Security Hub", how="", number=of.alerts, price=IMPORTS)
    yield Line(what="their marks", how="", number=3 * 3 * of.alerts, price=WRITES)
    yield Line(what="their marks", how="", number=3 * 3 * of.alerts, price=READS)


def bill(of: Deployment) -> tuple[float, float]:
    """Dollars a month at list prices, and with AWS's permanent allowances if nothing else uses them.

    Both count an account's first three dashboards as free.
    """
    used: dict[Price, float] = {}
    for line in lines(of):
        used[line.price] = used.get(line.price, 0) + line.number
    listed = sum(_dollars(price, number) for price, number in used.items() if price is not DASHBOARD)
    allowed = sum(_dollars(price, max(0.0, number - price.free)) for price, number in used.items())
    return listed, allowed


def _dollars(price: Price, number: float) -> float:
    return number * price.dollars / price.each
