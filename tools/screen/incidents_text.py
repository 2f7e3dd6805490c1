"""The incidents as text for a terminal: a headline each, and a line for each of its facts; no id or ARN is broken."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tools.screen.journal_text import labeled, moment
from tools.screen.terminal import WIDTH, as_sentence, laid_out

type Document = Mapping[str, Any]

_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
_NAMED = 5


def incidents_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer of ``make incidents``."""
    if document["answer"] != "listed":
        return laid_out(f"Mailwarden did not understand the question: {document['text']}.", width)
    rows = document["incidents"]
    lines = laid_out(Text(_title(document), "bold"), width, then="  ")
    for row in rows:
        lines += [Text(), *_incident(row, width)]
    more = document["count"] - len(rows)
    if document["has_more"] and more > 0:
        lines += [Text(), *laid_out(f"{more} more are not shown: ask with --most.", width)]
    if not document["is_complete"]:
        lines += [Text(), *laid_out("There are still more incidents than one question reads.", width)]
    if document["unread"]:
        lines += [
            Text(),
            *laid_out(f"{document['unread']} incidents cannot be read; the log of ask names them.", width),
        ]
    return lines


def _title(document: Document) -> str:
    number, ended = document["open"], document["count"] - document["open"]
    text = {0: "No open incident", 1: "1 open incident"}.get(number, f"{number} open incidents")
    if document["with_ended"]:
        text += {0: ", none that ended", 1: ", 1 that ended"}.get(ended, f", {ended} that ended")
    return f"{text}, at {moment(document['at'])}"


def _incident(row: Document, width: int) -> list[Text]:
    style = _STYLES.get(row["severity"], "green")
    headline = row["headline"] or f"{row['state']}: {row['cause']['key']}"
    lines = laid_out(Text(headline, style), width, then="  ")
    for label, text in _facts(row):
        lines += labeled(label, text, width=width)
    return lines


def _facts(row: Document) -> Iterator[tuple[str, str]]:
    yield "Cause", _cause(row["cause"])
    if row["headline"] is None:
        yield "Findings", "no record of them is left"
    yield "Pools", _pools(row)
    yield ("Since" if row["state"] == "open" else "Open"), _times(row)
    for call in row["calls"]:
        yield "Call", f"{call['call']} by {call['actor']} at {moment(call['at'])}"
    if row["done"] is not None:
        yield "Done", as_sentence(row["done"])
    if row["undo_id"] is not None:
        yield "Undo", f"make undo ID={row['undo_id']}"
    yield "Messages", _messages(row)


def _cause(cause: Document) -> str:
    return f"{cause['kind']}" + (f" {cause['subject']}" if cause["subject"] else "")


def _pools(row: Document) -> str:
    pools = row["pools"]
    text = str(pools["found"])
    if pools["using"] is not None:
        text += f" of {pools['using']} that use it"
    if pools["since_it_opened"] > pools["found"]:
        text += f", {pools['since_it_opened']} since it opened"
    named = [f"{pool['name']} ({pool['id']})" if pool["name"] else pool["id"] for pool in pools["named"][:_NAMED]]
    if not named:
        return text
    more = pools["found"] - len(named)
    return f"{text}: {', '.join(named)}" + (f" and {more} more" if more > 0 else "")


def _times(row: Document) -> str:
    opened = moment(row["opened_at"])
    return opened if row["state"] == "open" else f"from {opened} to {moment(row['changed_at'])}, {row['state']}"


def _messages(row: Document) -> str:
    last, due = row["last_message"], row["next_message"]
    said = "none yet" if last is None else f"last at {moment(last['at'])} ({last['occasion']})"
    if due is None:
        return f"{said}; none is due unless it changes" if row["state"] == "open" else said
    return f"{said}; next at {moment(due['at'])} ({due['occasion']})"
