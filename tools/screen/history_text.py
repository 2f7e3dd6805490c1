"""The history of a pool as text for a terminal: the state now, and the time line; no id or ARN is broken."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tools.screen.journal_text import labeled, moment
from tools.screen.terminal import WIDTH, as_sentence, laid_out
from tools.screen.why_figures import tags_of

type Document = Mapping[str, Any]

_ANSWERS = {"yes": "green", "at risk": "yellow", "no": "red", "unknown": "yellow"}
_MARKS = {
    "finding opened": ("✘", "red"),
    "finding over": ("✔", "green"),
    "call": ("→", "bold"),
    "write": ("✎", "cyan"),
    "sender found": ("✔", "green"),
    "fix held back": ("!", "yellow"),
}


def history_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer of ``make history``."""
    match document["answer"]:
        case "history":
            return _whole(document, width)
        case "not found":
            regions = " or ".join(document["not_in"])
            return laid_out(f"There is no record of pool {document['pool_id']} in {regions}.", width)
        case _:
            return laid_out(f"Mailwarden did not understand the question: {document['text']}.", width)


def _whole(document: Document, width: int) -> list[Text]:
    pool = document["pool"]
    name = f"{pool['name']} ({pool['id']})" if pool["name"] else pool["id"]
    lines = laid_out(Text(f"Pool {name} in {pool['region']}{tags_of(pool)}", "bold"), width, then="  ")
    for label, text in _known(document):
        lines += labeled(label, text, width=width)
    count = {0: "No event", 1: "1 event"}.get(document["count"], f"{document['count']} events")
    title = f"{count} since {moment(document['since'])}, the latest first"
    lines += [Text(), *laid_out(Text(title, "bold"), width, then="  ")]
    for event in document["events"]:
        lines += [Text(), *_event(event, width)]
    lines += [Text(), *laid_out(Text("Not shown:", "dim"), width)]
    for said in document["not_kept"]:
        lines += laid_out(Text(as_sentence(said), "dim"), width, first="  ", then="  ")
    return lines


def _known(document: Document) -> Iterator[tuple[str, str]]:
    """The facts of now."""
    now, good = document["now"], document["known_good"]
    if now is None:
        yield "Can send", "unknown: there is no record of an inspection"
    else:
        link = f", decided by {now['deciding_link']}" if now["deciding_link"] else ""
        rules = f"; {', '.join(now['rules'])}" if now["rules"] else ""
        yield "Can send", f"{now['can_send']}{link}, by the inspection at {moment(now['looked_at'])}{rules}"
    if good is not None:
        yield "Sender", _sender(good)
    for row in document["exemptions"]:
        subject = row["subject"]
        end = "" if row["until"] is None else f", until {row['until']}"
        said = row["problem"] or f"{row['word']}{end}" + (f" ({row['reason']})" if row["reason"] else "")
        yield "Exempt", f"{subject['kind']} {subject['name'] or subject['arn']}: {said}"
    for arn in document["consents"]:
        yield "Consent", f"settings, for {arn}"


def _sender(good: Document) -> str:
    standing = {"held": "last known good", "sound": "good, not yet for long", "seen": "not judged good yet"}
    return f"{standing[good['standing']]}, since {moment(good['since'])}: {_shown(good['sender'])}"


def _shown(sender: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sender.items())


def _event(event: Document, width: int) -> list[Text]:
    mark, style = _MARKS[event["kind"]]
    head = Text.assemble((f"{moment(event['at'])}  ", "bold"), (f"{mark} ", style), _head(event))
    lines = laid_out(head, width, then="  ")
    for label, text in _facts(event):
        lines += labeled(label, text, width=width)
    return lines


def _head(event: Document) -> str:
    match event["kind"]:
        case "finding opened":
            again = ", not for the first time" if event["returned"] else ""
            return f"{event['rule']} opened ({event['severity']}{again})"
        case "finding over":
            return f"{event['rule']} {event['state']}"
        case "call":
            rules = f" ({', '.join(event['rules'])})" if event["rules"] else ""
            return f"call {event['call']['call']}{rules}"
        case "write":
            return f"write {event['entry']['outcome']}  {event['entry']['id']}"
        case "sender found":
            return "sender first found"
        case _:
            return f"{event['rule']}: a fix was held back, RepairMode was off"


def _facts(event: Document) -> Iterator[tuple[str, str]]:
    match event["kind"]:
        case "finding opened":
            yield "What", as_sentence(event["text"])
            yield "About", event["subject"]
            if event["state"] == "open":
                yield from _handling(event)
        case "finding over":
            yield "What was", as_sentence(event["text"])
            yield "About", event["subject"]
            yield from _handling(event)
        case "call":
            call = event["call"]
            yield "By", f"{call['actor']} with {call['tool']}" if call["tool"] else call["actor"]
        case "write":
            yield from _entry(event["entry"])
        case "sender found":
            yield "Sender", _sender(event["known_good"])
        case _:
            yield "Fix", event["text"]
            if event["because"] is not None:
                yield "Safe mode", f"would not have written it either: {event['because']}"


def _handling(event: Document) -> Iterator[tuple[str, str]]:
    because = f": {event['because']}" if event["because"] else ""
    yield "Handling", f"{event['handling']}{because}"
    if event["undo_id"] is not None:
        yield "Entry", event["undo_id"]


def _entry(entry: Document) -> Iterator[tuple[str, str]]:
    yield "What", entry["title"]
    if entry["reason"] is not None:
        yield "Result", entry["reason"]
    yield "Resource", entry["resource"]
    cause = "" if entry["cause"] is None else f"; {entry['cause']['call']} by {entry['cause']['actor']}"
    yield "Cause", ("a person" if entry["by_a_person"] else ", ".join(entry["rules"])) + cause
    if entry["undoes"] is not None:
        yield "Undoes", f"entry {entry['undoes']}"
    if entry["undone_by"] is not None:
        yield "Undone by", f"entry {entry['undone_by']}"
    if entry["no_undo"] is None:
        yield "Undo", f"make undo ID={entry['id']}"
