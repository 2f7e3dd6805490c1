"""Writes docs/cost.md from the prices and the usage in ``tools/usage.py``; ``--check`` only compares."""

import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools.generated import keep  # noqa: E402 - found only now
from tools.usage import (  # noqa: E402 - found only now, as the package it reads is
    ALARM,
    ALARMS,
    ALWAYS,
    CHAT_ALARMS,
    CHAT_MAPPINGS,
    DASHBOARD,
    FIGURES,
    FIGURES_READ,
    HOURS,
    IDLE,
    LARGE,
    MAPPINGS,
    POLLERS,
    PRICES,
    QUEUES,
    SMALL,
    Deployment,
    Price,
    bill,
    chat,
    lines,
)

PAGE = ROOT / "docs" / "cost.md"


def page() -> str:
    """The whole page."""
    return "\n".join([*_opening(), *_summary(), *_down(), *_table(SMALL), *_table(LARGE), *_prices(), ""])


def _opening() -> Iterator[str]:
    yield "# What it costs"
    yield ""
    yield from _filled(
        "Written by `python tools/cost.py` from one table of prices and the template: change those, not the page. "
        "Prices "
        "are list prices of us-east-1, on demand, without tax, as known in November 2026; your region and contract "
        "differ.",
    )


def _summary() -> Iterator[str]:
    yield "| a month | list prices | with the allowances | target | |"
    yield "|---|---|---|---|---|"
    for each in (SMALL, LARGE):
        listed, allowed = bill(each)
        yield f"| {each.name} | ${listed:.2f} | ${allowed:.2f} | < ${each.target:.0f} | {_verdict(each)} |"
    yield ""
    yield from _filled(
        "*Allowances*: what AWS gives every account for ever (a million requests to Lambda and to SQS, ten "
        "metrics, ten "
        "alarms, 5 GB of logs …), as far as nothing else in the account uses it up. Without Slack; with it "
        f"${sum(line.dollars for line in chat()):.2f} more (a secret, {CHAT_ALARMS} alarms, and a queue that is "
        "polled).",
    )
    yield from _filled(
        "At list prices a deployment that does nothing at all costs "
        f"${sum(line.dollars for line in lines(IDLE) if line.price is not DASHBOARD):.2f}, so the smaller target "
        "cannot "
        f"be met there: {ALARMS - CHAT_ALARMS} alarms, {ALWAYS} metrics that are always sent and "
        f"{MAPPINGS - CHAT_MAPPINGS} polled queues are most of it.",
    )


def _verdict(of: Deployment) -> str:
    listed, allowed = bill(of)
    if listed < of.target:
        return "met"
    if allowed < of.target:
        return f"**missed by ${listed - of.target:.2f} at list prices**; met with the allowances"
    return f"**missed by ${listed - of.target:.2f}**, with the allowances by ${allowed - of.target:.2f}"


def _down() -> Iterator[str]:
    small = {line.price: line.dollars for line in lines(SMALL) if line.what == "idle queues"}
    large, slower = bill(LARGE)[0], bill(replace(LARGE, sweeps_a_day=12))[0]
    rates = sum(line.dollars for line in lines(LARGE) if line.price is FIGURES_READ)
    one_set = HOURS * 4 * FIGURES * FIGURES_READ.dollars / FIGURES_READ.each
    yield "## What can be turned down"
    yield ""
    yield from _item(
        f"**The sweep.** `SweepSchedule=rate(2 hours)` halves the looks: ${large:.2f} becomes ${slower:.2f} for "
        f"{LARGE.pools:,} pools. Changes are heard as before; what makes no event is seen up to two hours late.",
    )
    yield from _item(
        f"**Alarms**, ${ALARM.dollars:.2f} each. One alarm over the sum of several metrics is not cheaper: CloudWatch "
        "charges for every metric an alarm watches, and it would say less. `AskErrorsAlarm` and "
        "`OperateErrorsAlarm` tell "
        "what whoever asked has seen already: take them out of `template.yaml` and its dashboard.",
    )
    yield from _item(
        f"**Idle queues**, ${small[QUEUES]:.2f} whatever the size: Lambda polls each mapping all the time. Where "
        "nothing "
        "is to be written, `make stop` disables the one of `repair`; without Slack its own is disabled already.",
    )
    yield from _item(
        f"**Rates**, ${rates:.2f} for {LARGE.regions} accounts and {LARGE.sets} sets: each is asked for {FIGURES} "
        "metrics "
        f"every 15 minutes, ${one_set:.2f} a month, and only if pools use it. One configuration set for many "
        "identities "
        "is cheaper than many.",
    )
    yield from _item(
        "**Logs.** `LogLevel=WARN` leaves out the line of each look, and with it the dashboard's pools by verdict.",
    )
    yield ""


def _filled(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, 120, break_on_hyphens=False)
    yield ""


def _item(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, 120, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _table(of: Deployment) -> Iterator[str]:
    yield f"## {of.name}"
    yield ""
    yield from _filled(
        f"{of.sweeps_a_day} sweeps a day, {of.calls:,} calls heard, {of.came_back:,} mails that came back, "
        f"{of.sets} {of.words_of_sets}, writes in {of.busy_hours} hours, {of.open_findings} open findings.",
    )
    yield "| what | how many a month | | unit | price | $ |"
    yield "|---|---|---:|---|---|---:|"
    for line in lines(of):
        how = line.how.replace("*", "\N{MULTIPLICATION SIGN}")
        dollars = "free" if line.price is DASHBOARD else f"{line.dollars:.2f}"
        unit = f"{line.price.service}: {line.price.unit}"
        yield f"| {line.what} | {how} | {_amount(line.number)} | {unit} | {_each(line.price)} | {dollars} |"
    listed, allowed = bill(of)
    yield f"| **in all** | | | | | **{listed:.2f}** |"
    yield f"| with the allowances | | | | | {allowed:.2f} |"
    yield ""


def _prices() -> Iterator[str]:
    yield "## Prices and assumptions"
    yield ""
    yield "| service | unit | price | free for ever | source |"
    yield "|---|---|---|---|---|"
    for price in PRICES:
        free = _amount(price.free) if price.free else ""
        yield f"| {price.service} | {price.unit} | {_each(price)} | {free} | {price.source} |"
    yield ""
    yield from _filled(
        "Nothing is charged for: events of AWS services on the default bus and rules on them (EventBridge), the "
        "reading of "
        "a stream by Lambda (DynamoDB), a first trail of management events (CloudTrail), messages from SNS to SQS.",
    )
    yield from _item(
        f"A month has {HOURS} hours. Functions have 256 MB. A look of a sweep takes a quarter of a second, because the "
        "looks of a batch share what they read of identities, sets and accounts; a function that finds nothing to do "
        "takes 0.15 s. Both are assumptions.",
    )
    yield from _item(
        f'An idle mapping is polled by {POLLERS} pollers with long polls of 20 seconds (Lambda developer guide, "Using '
        'Lambda with Amazon SQS"); FIFO queues are counted likewise.',
    )
    yield from _item(
        "A look that finds nothing new writes one item of up to 2 KB and reads eight: counted in the second look of a "
        "sweep at a pool with one finding that is known.",
    )
    yield from _item("A mail that came back is a mark, a count and at most one hint in ten minutes.")
    yield from _item("A metric is paid by the hour in which it is sent.")


def _amount(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _each(price: Price) -> str:
    names = {1: "", 1e3: " for 1,000", 1e5: " for 100,000", 1e6: " a million"}
    dollars = f"${price.dollars:.10f}".rstrip("0")
    whole, _, rest = dollars.partition(".")
    return f"{whole}.{rest:0<2}{names[price.each]}"


def main() -> int:
    """Write the page, or report that it is out of date."""
    return keep(PAGE, page(), description=__doc__)


if __name__ == "__main__":
    sys.exit(main())
