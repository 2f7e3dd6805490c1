"""The answer to "why?" as a person reads it at three in the morning: plain text, no wider than asked, no colors.

It reads the document that ``docs/why.schema.json`` describes, in which every text is on one line and masked already.
"""

import textwrap
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

WIDTH = 100
_WIDTH = ContextVar("width", default=WIDTH)
_LABEL = 13
_MARKS = {"sound": "✔", "broken": "✘", "at risk": "!", "unknown": "?", "not used": "·"}
_FATES = {"sent": "✔", "not sent": "✘", "unknown": "?"}
_ANSWERS = {
    "yes": "Yes, it can send mail",
    "at risk": "Yes, it can send mail, but that is at risk",
    "no": "NO, its mail is lost",
    "unknown": "Not known whether it can send mail",
}

# What the document gives as the reason of a finding that repeats another's refused read.
_ECHO = "diagnosis.same-refusal"

type Document = Mapping[str, Any]


def why_text(document: Document, *, width: int = WIDTH) -> str:
    """The whole text, in lines of at most *width* columns where words let it be."""
    token = _WIDTH.set(width)
    try:
        return _whole(document)
    finally:
        _WIDTH.reset(token)


def _whole(document: Document) -> str:
    match document["answer"]:
        case "explained":
            paragraphs = [
                _head(document),
                _chain(document),
                *_findings(document),
                *_feedback(document),
                _mail(document),
                _address(document),
            ]
        case "not understood":
            paragraphs = [[_wrapped(f"The question was not understood: {document['problem']}.")]]
        case _:
            paragraphs = [_not_seen(document)]
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs if paragraph) + "\n"


def _head(document: Document) -> list[str]:
    pool, verdict = document["pool"], document["verdict"]
    deciding = verdict["deciding_link"]
    decided = "" if deciding is None else f": the first link that decides it is the {deciding}"
    last = document["last_look"]
    recorded = (
        "no look is on record"
        if last is None
        else f"the last look on record, of {_moment(last['at'])}, said {last['can_send']}"
    )
    return [
        _wrapped(f"Pool {pool['name']} ({pool['id']}) in {pool['region']}, account {pool['account']}"),
        _wrapped(f"{_ANSWERS[verdict['can_send']]}{decided}."),
        *_not_sent(document["address"]),
        _wrapped(f"Looked at {_moment(document['at'])}, and nothing was written; {recorded}."),
    ]


def _not_sent(address: Document | None) -> Iterator[str]:
    """A pool that can send may still not reach one person, and that is what was asked."""
    if address is not None and any(ses_state["fate"] == "not sent" for ses_state in address["sides"]):
        yield _wrapped(f"Mail to {address['address']} is taken and NOT SENT: see below.")


def _chain(document: Document) -> list[str]:
    return ["The way of a mail:", *(_link(link) for link in document["links"])]


def _link(link: Document) -> str:
    rules = ", ".join(finding["rule"]["id"] for finding in link["findings"] if not _is_echo(finding))
    state = link["state"]
    said = f"{state}, see {rules}" if rules else state
    line = _filled(said, first=f"  {_MARKS[state]} {link['link']:<19}", then=" " * 23)
    return f"{line}   <== this decides" if link["decides"] else line


def _findings(document: Document) -> Iterator[list[str]]:
    """The deciding link's first, then the others in the order of the path."""
    links = sorted(document["links"], key=lambda link: not link["decides"])
    echoes = []
    for link in links:
        for finding in link["findings"]:
            if _is_echo(finding):
                echoes.append(finding["rule"]["id"])
            else:
                yield _finding(link["link"], finding)
    if echoes:
        yield [_wrapped(f"The same refused reads leave undecided, too: {', '.join(echoes)}.")]


def _is_echo(finding: Document) -> bool:
    """Whether it says no more than that the read was refused of which another finding tells."""
    return bool(finding["mailwarden"]["code"] == _ECHO)


def _finding(link: str, finding: Document) -> list[str]:
    rule, fix, mailwarden = finding["rule"], finding["fix"], finding["mailwarden"]
    reason = finding["evidence"].get("reason") if finding["effect"] == "unknown" else None
    return [
        f"{rule['id']} {rule['name']} ({finding['severity']}, {link})",
        _labelled("  What", finding["message"]),
        *([] if reason is None else [_labelled("  Reason", reason)]),
        _labelled("  Why", finding["why"]),
        _labelled("  To do", finding["to_do"]),
        _labelled("  Mailwarden", _done(fix, mailwarden)),
    ]


def _done(fix: Document | None, mailwarden: Document) -> str:
    will, because = mailwarden["will"], mailwarden["because"]
    if fix is None:
        return f"writes nothing: {because}"
    told = f"{fix['title']} ({fix['applicability']})"
    return f"repairs it, {because}: {told}" if will == "repair" else f"writes nothing: {because}. It could: {told}"


def _feedback(document: Document) -> Iterator[list[str]]:
    for feedback in document["feedback"]:
        lines = [f"What came back of the mail through SES in {feedback['ses_region']}:"]
        lines += _rates("  account", feedback["rates"], feedback["window_days"])
        if feedback["configuration_set"] is not None:
            name = feedback["configuration_set"]["of"].rpartition("/")[2]
            lines += _rates(f"  set {name}", feedback["configuration_set"], feedback["window_days"])
        lines += _suppression(feedback["suppression"])
        lines += [
            _labelled("  SES says", f"{notice['text']} ({notice['kind']}, since {_moment(notice['at'])})")
            for notice in feedback["notices"]
        ]
        yield lines


def _rates(label: str, rates: Document | None, days: int) -> list[str]:
    if rates is None:
        return [_labelled(label, "no figures are on record")]
    told = (
        f"bounce rate {_percent(rates['bounce_rate'])} ({rates['bounce_level']}), "
        f"complaint rate {_percent(rates['complaint_rate'])} ({rates['complaint_level']}); "
        f"in {days} days {_number(rates['sends'])} sent, {_number(rates['bounces'])} bounced, "
        f"{_number(rates['complaints'])} complaints"
    )
    read = "never read" if rates["looked_at"] is None else f"as of {_moment(rates['looked_at'])}"
    refused = "" if rates["refused"] is None else f"; no newer figures: {rates['refused']}"
    return [_labelled(label, f"{told} ({read}{refused})")]


def _suppression(growth: Document | None) -> list[str]:
    if growth is None:
        return [_labelled("  list", "nothing of the suppression list is on record")]
    days = [f"{day} {_by_reason(reasons)}" for day, reasons in sorted(growth["added"].items(), reverse=True)]
    total = (
        "not counted yet"
        if growth["total"] is None
        else f"{_by_reason(growth['total'])} at {_moment(growth['total_at'])}"
    )
    refused = "" if growth["refused"] is None else f"; it could not be read since: {growth['refused']}"
    added = ", ".join(days) or "none in the last days"
    return [_labelled("  list", f"addresses on the suppression list: {total}; new: {added}{refused}")]


def _by_reason(reasons: Mapping[str, int]) -> str:
    told = " + ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
    return told or "none"


def _mail(document: Document) -> list[str]:
    mail = document["mail"]
    if mail is None or not mail["by_outcome"]:
        return []
    told = ", ".join(f"{number} {outcome}" for outcome, number in mail["by_outcome"].items())
    return [f"This pool's own mail that did not arrive, since {mail['since']}:", _wrapped(told, indent="  ")]


def _address(document: Document) -> list[str]:
    address = document["address"]
    if address is None:
        return []
    lines = [f"The address {address['address']}:"]
    if address["decided_by"] == "account-list":
        lines += [line for ses_state in address["sides"] for line in _ses_state(ses_state)]
    else:
        mark = "?" if address["decided_by"] == "cognito-list" else "·"
        lines.append(_marked(mark, address["sentence"]))
    lines.append(_marked("?", address["global_list"]))
    return lines


def _ses_state(ses_state: Document) -> list[str]:
    lines = [_marked(_FATES[ses_state["fate"]], ses_state["sentence"])]
    entry = ses_state["entry"]
    if entry is not None and entry["message_id"] is not None:
        lines.append(_wrapped(f"the mail that led to it: {entry['message_id']}", indent="    "))
    if ses_state["fate"] == "not sent":
        told = f"when the reason is gone: make unsuppress REGION={ses_state['ses_region']} ADDRESS=… REASON=…"
        lines.append(_wrapped(told, indent="    "))
    return lines


def _not_seen(document: Document) -> list[str]:
    pool, elsewhere = document["pool_id"], document["not_in"]
    lines = [f"Pool {pool} was not found."] if not document["refused"] else [f"Pool {pool}: not known where it is."]
    if elsewhere:
        lines.append(_wrapped(f"It is not in {', '.join(elsewhere)}.", indent="  "))
    lines += [_wrapped(f"Could not look: {refused}.", indent="  ") for refused in document["refused"]]
    told = "A pool in a region that is not watched has to be asked for with its region: POOL_REGION=…"
    lines.append(_wrapped(told, indent="  "))
    return lines


def _labelled(label: str, text: str) -> str:
    return _filled(text, first=f"{label:<{_LABEL}} ", then=" " * (_LABEL + 1))


def _marked(mark: str, text: str) -> str:
    return _filled(f"{text}.", first=f"  {mark} ", then="    ")


def _wrapped(text: str, *, indent: str = "") -> str:
    return _filled(text, first=indent, then=indent or "  ")


def _filled(text: str, *, first: str, then: str) -> str:
    """The text on as many lines as it takes; what has no gap, as a policy, is not cut, so that it can be copied."""
    return textwrap.fill(
        text,
        width=_WIDTH.get(),
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _percent(fraction: float | None) -> str:
    return "not known" if fraction is None else f"{fraction * 100:.2f} %"


def _number(number: float | None) -> str:
    return "not known" if number is None else f"{number:.0f}"
