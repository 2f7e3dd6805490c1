"""The answer to "why?" as an operator reads it at three in the morning, in lines for a terminal.

It reads the document that ``docs/why.schema.json`` describes, in which every text is on one line and masked already.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.text import Text

sys.path.insert(0, str(Path(__file__).parents[2] / "layers" / "core"))

from mailwarden.presentation.steps import steps_of
from tools.screen.json_text import compact
from tools.screen.terminal import WIDTH, as_sentence, laid_out
from tools.screen.why_figures import feedback_lines, tags_of
from tools.screen.why_source import source_lines

_WIDTH = ContextVar("width", default=WIDTH)
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_HELD = "\ue001"
_LABEL = 13
_LINK = 19
_GOOD, _BAD, _WARN, _STRONG, _DIM = "green", "red", "yellow", "bold", "dim"
_MARKS = {"sound": ("✔", _GOOD), "broken": ("✘", _BAD), "at risk": ("!", _WARN), "unknown": ("?", _WARN)}
_FATES = {"sent": ("✔", _GOOD), "not sent": ("✘", _BAD), "unknown": ("?", _WARN)}
_NOT_CHECKED = "not used"
_ANSWERS = {
    "yes": ("Yes, it can send mail", "", _GOOD),
    "at risk": ("Yes, it can send mail, but this is at risk", " because of: ", _WARN),
    "no": ("No, it cannot send mail", "; the mail path is broken at: ", _BAD),
    "unknown": ("Unknown whether it can send mail", "; this could not be determined: ", _WARN),
}

_HANDLED = {
    "pending": "a repair was ordered",
    "withheld": "nothing was written",
    "writing": "a write began",
    "written": "Mailwarden wrote",
    "failed": "the repair failed",
}
# The code of the decision about a finding that repeats the refused read of another one.
_ECHO = "diagnosis.same-refusal"
_ADVICE = "decision.note"

type Document = Mapping[str, Any]


def why_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer, in lines of at most *width* cells; only a single long word makes a longer line."""
    token = _WIDTH.set(width)
    try:
        paragraphs = [paragraph for paragraph in _paragraphs(document) if paragraph]
    finally:
        _WIDTH.reset(token)
    return [line for number, paragraph in enumerate(paragraphs) for line in [*([Text()] if number else []), *paragraph]]


def _paragraphs(document: Document) -> list[list[Text]]:
    match document["answer"]:
        case "explained":
            return [
                _head(document),
                _chain(document),
                *_findings(document),
                *feedback_lines(document, width=_WIDTH.get()),
                _mail(document),
                _address(document),
            ]
        case "not understood":
            return [_not_understood(document)]
        case _:
            return [_not_seen(document)]


def _head(document: Document) -> list[Text]:
    pool, verdict = document["pool"], document["verdict"]
    answer, because, style = _ANSWERS[verdict["can_send"]]
    deciding = verdict["deciding_link"]
    decided = f"{answer}{because}{deciding}." if deciding is not None and because else f"{answer}."
    last = document["last_look"]
    recorded = (
        "No earlier inspection is on record."
        if last is None
        else f"The last inspection on record, at {_moment(last['at'])}, found: {last['can_send']}."
    )
    return [
        *_filled(f"Pool {pool['name']} ({pool['id']}) in {pool['region']}, account {pool['account']}{tags_of(pool)}"),
        *_filled(Text(decided, f"{_STRONG} {style}")),
        *_not_sent(document["address"]),
        *_filled(f"Inspected at {_moment(document['at'])}; nothing was changed. {recorded}"),
    ]


def _not_sent(address: Document | None) -> Iterator[Text]:
    """A pool that can send may still not reach one recipient, which is what was asked."""
    if address is not None and any(side["fate"] == "not sent" for side in address["sides"]):
        text = f"SES accepts mail to {address['address']} but does NOT SEND it: see below."
        yield from _filled(Text(text, f"{_STRONG} {_BAD}"))


def _chain(document: Document) -> list[Text]:
    """The links that are used by this pool; nothing is known of the others, and nothing needs to be."""
    used = [link for link in document["links"] if link["state"] != _NOT_CHECKED]
    return [Text("Mail path:", _STRONG), *(line for link in used for line in _link(link))]


def _link(link: Document) -> list[Text]:
    rules = ", ".join(finding["rule"]["id"] for finding in link["findings"] if not _is_echo(finding))
    state = link["state"]
    said = f"{state}, see {rules}" if rules else state
    decides = "   <== decides the answer" if link["decides"] else ""
    first = Text.assemble("  ", _MARKS[state], f" {link['link']:<{_LINK}}")
    return laid_out(said + decides, _WIDTH.get(), first=first, then=" " * (_LINK + 4))


def _findings(document: Document) -> Iterator[list[Text]]:
    """The deciding link's first, then the others in the order of the path; advice comes last."""
    links = sorted(document["links"], key=lambda link: not link["decides"])
    found = [(link["link"], finding) for link in links for finding in link["findings"]]
    for link, finding in found:
        if not _is_echo(finding) and not _is_advice(finding):
            yield _finding(link, finding)
    for link, finding in found:
        if not _is_echo(finding) and _is_advice(finding):
            yield _advice(link, finding)
    if echoes := [finding["rule"]["id"] for _, finding in found if _is_echo(finding)]:
        yield _filled(f"The same refused reads also leave these rules undecided: {', '.join(echoes)}.")


def _is_echo(finding: Document) -> bool:
    """Whether it only repeats the refused read of another finding."""
    return bool(finding["mailwarden"]["code"] == _ECHO)


def _is_advice(finding: Document) -> bool:
    """Whether it is about no lost mail, so that no alert is ever sent."""
    return bool(finding["mailwarden"]["code"] == _ADVICE)


def _finding(link: str, finding: Document) -> list[Text]:
    rule = finding["rule"]
    reason = finding["evidence"].get("reason") if finding["effect"] == "unknown" else None
    return [
        Text(f"{rule['id']} {rule['name']} ({finding['severity']}, {link})", _STRONG),
        *_labeled("What", finding["message"]),
        *([] if reason is None else _labeled("Reason", reason)),
        *_labeled("Why", finding["why"]),
        *_to_do(finding["to_do"]),
        *_labeled("Mailwarden", _done(finding["fix"], finding["mailwarden"], finding["evidence"].get("not_safe"))),
        *_on_record(finding["on_record"], finding["mailwarden"]),
        *source_lines(finding["source"], finding["mailwarden"], width=_WIDTH.get()),
    ]


def _on_record(record: Document | None, mailwarden: Document) -> list[Text]:
    """The handling that the alerts show; its reason only where it is another one than now."""
    if record is None:
        return []
    alerted = "" if record["alerted"] else ", no alert was sent"
    because = record["because"]
    reason = "" if because is None or because == mailwarden["because"] else f": {because}"
    undo = "" if record["undo_id"] is None else f"; journal entry {record['undo_id']}"
    said = f"{record['state']} since {_moment(record['since'])}{alerted}; {_HANDLED[record['handling']]}{reason}{undo}."
    return _labeled("On record", said)


def _advice(link: str, finding: Document) -> list[Text]:
    rule = finding["rule"]
    return [
        Text(f"{rule['id']} {rule['name']} (advice, {link})", _STRONG),
        *_labeled("What", finding["message"]),
        *_to_do(finding["to_do"]),
        *source_lines(finding["source"], finding["mailwarden"], width=_WIDTH.get()),
    ]


def _to_do(text: str) -> list[Text]:
    """Each step; a policy or a command in it is set apart, so that it can be copied."""
    lines: list[Text] = []
    for step in steps_of(text):
        lines += _labeled("To do", step.sentence)
        if step.document is None:
            lines += [Text(f"    {row}") for row in step.pasted.splitlines()]
        else:
            lines += [line for row in compact(step.document, width=_WIDTH.get() - 4).splitlines() for line in _row(row)]
    return lines


def _row(row: str) -> list[Text]:
    """A row of JSON, which may be broken between strings only: a line break within one is no JSON."""
    held = _JSON_STRING.sub(lambda found: found[0].replace(" ", _HELD), row)
    lines = _indented(held)
    for line in lines:
        line.plain = line.plain.replace(_HELD, " ")
    return lines


def _indented(row: str) -> list[Text]:
    return laid_out(row, _WIDTH.get(), first="    ", then="    ")


def _done(fix: Document | None, mailwarden: Document, not_safe: str | None) -> str:
    will, because = mailwarden["will"], mailwarden["because"]
    if fix is None:
        return f"No repair: {because}."
    # Under RepairMode safe the reason why nothing is written holds it already.
    known = not_safe is None or not_safe in because
    change = f"{fix['title']} ({fix['applicability']}{'' if known else f': {not_safe}'})"
    if will == "repair":
        return f"Repairs it, {because}. The repair: {change}."
    return f"No repair: {because}. The repair would be: {change}."


def _mail(document: Document) -> list[Text]:
    mail = document["mail"]
    if mail is None or not mail["by_outcome"]:
        return []
    counts = ", ".join(f"{number} {outcome}" for outcome, number in mail["by_outcome"].items())
    return [
        Text(f"Mail of this pool that did not arrive, since {mail['since']}:", _STRONG),
        *laid_out(counts, _WIDTH.get(), first="  ", then="  "),
    ]


def _address(document: Document) -> list[Text]:
    address = document["address"]
    if address is None:
        return []
    lines = [Text(f"Address {address['address']}:", _STRONG)]
    if address["decided_by"] == "account-list":
        lines += [line for side in address["sides"] for line in _side(side)]
    else:
        mark = ("?", _WARN) if address["decided_by"] == "cognito-list" else ("·", _DIM)
        lines += _marked(mark, address["sentence"])
    return [*lines, *_marked(("?", _WARN), address["global_list"])]


def _side(side: Document) -> Iterator[Text]:
    yield from _marked(_FATES[side["fate"]], side["sentence"])
    entry = side["entry"]
    if entry is not None and entry["message_id"] is not None:
        yield from _indented(f"The mail that led to it: {entry['message_id']}")
    if side["fate"] == "not sent":
        yield from _indented("When the cause is gone, remove the address with:")
        command = f"    make unsuppress REGION={side['ses_region']} ADDRESS=… REASON=…"
        complained = entry is not None and entry["reason"] == "COMPLAINT"
        yield Text(f"{command} ALTHOUGH_COMPLAINT=yes" if complained else command)
        if complained:
            yield from _indented("Its owner marked a mail as spam: do it only if the owner asks for mail again.")


def _not_understood(document: Document) -> list[Text]:
    lines = _filled(f"Mailwarden did not understand the question: {document['problem']}.")
    if document["code"] == "question.no-pool":
        lines += _filled("The id of a user pool looks like eu-west-1_AbCdEf123. To list the ids of a region, run:")
        lines.append(Text("  aws cognito-idp list-user-pools --max-results 60 --region …"))
    return lines


def _not_seen(document: Document) -> list[Text]:
    pool, elsewhere = document["pool_id"], document["not_in"]
    is_known = not document["refused"] and not document["not_watched"]
    first = f"Pool {pool} was not found." if is_known else f"Could not determine where pool {pool} is."
    lines = _filled(Text(first, _STRONG))
    if elsewhere:
        lines += laid_out(f"It is not in {', '.join(elsewhere)}.", _WIDTH.get(), first="  ", then="  ")
    for refused in document["refused"]:
        lines += laid_out(f"Could not read: {refused}.", _WIDTH.get(), first="  ", then="  ")
    hint = "Mailwarden reads user pools only in the regions of the stack parameter WatchedRegions."
    if document["not_watched"]:
        regions = " and ".join(document["not_watched"])
        hint = (
            f"{regions} is not watched: {hint} To watch it, deploy with {regions} among them: "
            'make deploy ARGS="--set WatchedRegions=…"'
        )
    return [*lines, *laid_out(hint, _WIDTH.get(), first="  ", then="  ")]


def _labeled(label: str, text: str) -> list[Text]:
    first = Text.assemble((f"  {label}".ljust(_LABEL + 1), _DIM))
    return laid_out(text, _WIDTH.get(), first=first, then=" " * (_LABEL + 1))


def _marked(mark: tuple[str, str], text: str) -> list[Text]:
    first = Text.assemble("  ", mark, " ")
    return laid_out(as_sentence(text), _WIDTH.get(), first=first, then="    ")


def _filled(text: Text | str) -> list[Text]:
    return laid_out(text, _WIDTH.get(), then="  ")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
