"""The part of the answer to "why?" that is about figures: rates, the suppression list, and notices of SES."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from tools.screen.terminal import laid_out

_LABEL = 13
# The rate is below every threshold: the figure alone is enough.
_UNREMARKABLE = frozenset({"calm", "normal"})

type Document = Mapping[str, Any]


def feedback_lines(document: Document, *, width: int) -> Iterator[list[Text]]:
    """A paragraph for each SES account through which the pool's mail leaves."""
    for feedback in document["feedback"]:
        entries = [("account", _rates(feedback["rates"], feedback["window_days"]))]
        if feedback["configuration_set"] is not None:
            name = feedback["configuration_set"]["of"].rpartition("/")[2]
            entries.append((f"set {name}", _rates(feedback["configuration_set"], feedback["window_days"])))
        entries.append(("suppressed", _suppression(feedback["suppression"])))
        entries += [
            ("SES says", f"{notice['text']} ({notice['kind']}, since {_moment(notice['at'])})")
            for notice in feedback["notices"]
        ]
        yield [
            Text(f"Bounces and complaints of SES in {feedback['ses_region']}:", "bold"),
            *(line for label, text in entries for line in _entry(label, text, width)),
        ]


def _entry(label: str, text: str, width: int) -> list[Text]:
    first = Text.assemble((f"  {label} ".ljust(_LABEL + 1), "dim"))
    return laid_out(text, width, first=first, then=" " * (_LABEL + 1))


def _rates(rates: Document | None, days: int) -> str:
    """The known figures; an unknown one is left out."""
    if rates is None:
        return "No figures yet."
    parts = [
        *_rate("bounce", rates["bounce_rate"], rates["bounce_level"]),
        *_rate("complaint", rates["complaint_rate"], rates["complaint_level"]),
    ]
    counts = [
        f"{rates[name]:.0f} {noun}"
        for name, noun in (("sends", "sent"), ("bounces", "bounced"), ("complaints", "complaints"))
        if rates[name] is not None
    ]
    if counts:
        parts.append(f"{', '.join(counts)} in {days} days")
    if rates["bounce_rate"] is None and rates["bounces"] is None:
        parts.insert(0, "no bounce figures yet")
    text = "; ".join(parts)
    read = "" if rates["looked_at"] is None else f" (as of {_moment(rates['looked_at'])})"
    refused = "" if rates["refused"] is None else f" No newer figures: {rates['refused']}."
    return f"{text[:1].upper()}{text[1:]}{read}.{refused}"


def _rate(name: str, rate: float | None, level: str) -> Iterator[str]:
    if rate is not None:
        yield f"{name} rate {rate * 100:.2f} %" + ("" if level in _UNREMARKABLE else f" ({level})")


def _suppression(growth: Document | None) -> str:
    if growth is None:
        return "The suppression list was not counted yet."
    days = [
        f"{day}: {_by_reason(reasons)}" for day, reasons in sorted(growth["added"].items(), reverse=True) if reasons
    ]
    total = (
        "The suppression list was not counted yet"
        if growth["total"] is None
        else f"{_addresses(sum(growth['total'].values()))} at {_moment(growth['total_at'])}"
        + (f" ({_by_reason(growth['total'])})" if growth["total"] else "")
    )
    added = f"; added on {', on '.join(days)}" if days else ""
    refused = "" if growth["refused"] is None else f" It could not be read since: {growth['refused']}."
    return f"{total}{added}.{refused}"


def _addresses(number: int) -> str:
    return "1 address" if number == 1 else f"{number} addresses"


def _by_reason(reasons: Mapping[str, int]) -> str:
    return " + ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()) if number)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def tags_of(pool: Document) -> str:
    """The tags of the pool, to be put behind its account."""
    return "".join(f", {name} {value}" for name, value in pool.get("tags", {}).items())
