"""An alert as a message for Slack: blocks within Block Kit's limits, whatever the texts hold."""

from collections.abc import Callable, Iterable

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.message import Message, message
from mailwarden.presentation.alerts.actions import sentence_of, to_do, verify_lines
from mailwarden.presentation.alerts.lines import (
    WHOLE_WRITE,
    Line,
    call_lines,
    done_line,
    evidence_lines,
    place_lines,
    problem_lines,
    undo_lines,
    write_lines,
)
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.source import snippet_or_command
from mailwarden.presentation.alerts.wording import headline, is_gone, is_still_lost
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.console_links import console_links
from mailwarden.presentation.slack.mrkdwn import Json, code_block, escaped, literal, mrkdwn, plain

# https://docs.slack.dev/reference/block-kit/blocks: a header holds 150 characters, the text of a section 3,000, a field
# 2,000. All blocks together hold about 13,200, which is not documented (slackapi/bolt-js issue 2509): the bounds below
# add up to less than 12,000.
_HEADER = 150
_SECTION = 3000
_SENTENCE = 700
_FIELD = 300
# Ten names of pools and a count.
_POOLS = 700
_WORDS = 300
_AFFECTS = "label.affects"
_DOCUMENT = 1200
# Beside no write of two sides.
_DOCUMENTS = 2800
_LEAST = 100
_EVIDENCE = 900
_SNIPPET = 1400
_SIGNS = {
    Severity.CRITICAL: "\U0001f534",
    Severity.HIGH: "\U0001f7e0",
    Severity.MEDIUM: "\U0001f7e1",
    Severity.LOW: "\U0001f535",
}
_GONE = "\N{MEDIUM WHITE CIRCLE}"
_SIGNS_OVER = {FindingState.REPAIRED: "\U0001f6e0\ufe0f", FindingState.RESOLVED: "✅", FindingState.EXEMPT: "⏸️"}


def slack_message(notice: Notice, *, note: Message | None = None, catalogue: Catalogue | None = None) -> Json:
    """The contents of a message; ``text`` is what notifications show, and *note* is below the alert."""
    catalogue = catalogue or spoken()
    title = f"{sign(notice)} {catalogue.text(headline(notice))}"
    return {
        "text": escaped(title, _SENTENCE),
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {"type": "header", "text": plain(title if len(title) <= _HEADER else f"{title[: _HEADER - 1]}…")},
            *_section(_labeled(problem_lines(notice), catalogue, _SENTENCE)),
            {"type": "section", "fields": [mrkdwn(field) for field in _fields(notice, catalogue)]},
            *_section(_calls(notice, catalogue)),
            *_done(notice, catalogue),
            *_source(notice, catalogue),
            *_write(notice, catalogue),
            *_section(_evidence(notice, catalogue)),
            _context(_footer(notice, catalogue)),
            *([] if note is None else [_context(escaped(catalogue.text(note), _WORDS))]),
        ],
    }


def sign(notice: Notice) -> str:
    """A severity, or that it is over; not the sign of an end where the pool's mail is still lost."""
    if is_gone(notice):
        return _GONE
    over = None if is_still_lost(notice) else _SIGNS_OVER.get(notice.state)
    return over or _SIGNS[notice.severity]


def _labeled(lines: Iterable[Line], catalogue: Catalogue, longest: int) -> str:
    return "\n".join(
        f"*{catalogue.text(message(line.label))}* {escaped(catalogue.text(line.text), longest)}" for line in lines
    )


def _fields(notice: Notice, catalogue: Catalogue) -> list[str]:
    return [
        f"*{catalogue.text(message(line.label))}*\n{escaped(catalogue.text(line.text), _room_of(line))}"
        for line in place_lines(notice)
    ]


def _room_of(line: Line) -> int:
    return _POOLS if line.label == _AFFECTS else _FIELD


def _calls(notice: Notice, catalogue: Catalogue) -> str:
    """As code: what an actor and a tool call themselves is shown letter by letter."""
    return "\n".join(
        f"*{catalogue.text(message(line.label))}* {literal(catalogue.text(line.text), _SENTENCE)}"
        for line in call_lines(notice)
    )


def _done(notice: Notice, catalogue: Catalogue) -> list[Json]:
    """What was done and what to do, step by step; the documents as code, because Slack would read asterisks as bold."""
    done, steps = done_line(notice), to_do(notice)
    parts = [] if done is None else [_labeled([Line(label="label.done", text=done)], catalogue, _SENTENCE)]
    words, room = (_SENTENCE, _DOCUMENT) if write_lines(notice) else (2 * _SENTENCE, _DOCUMENTS)
    is_roomy = sum(len(step.pasted) for step in steps) < room
    for step in steps:
        pasted = step.pasted if is_roomy or step.document is None else step.document
        if words < 2 or (pasted and room < _LEAST):
            break
        line = _labeled([Line(label="label.to-do", text=sentence_of(step))], catalogue, min(words, _SENTENCE))
        parts.append(line)
        words -= len(line)
        if pasted:
            parts.append(code_block(pasted, room, more=_more(catalogue)))
            room -= len(parts[-1])
    return _sections([*parts, _labeled((*verify_lines(notice), *undo_lines(notice)), catalogue, _WORDS)])


def _sections(parts: Iterable[str]) -> list[Json]:
    """The parts, line by line, in as few sections as hold them."""
    texts = [""]
    for part in filter(None, parts):
        if len(texts[-1]) + len(part) >= _SECTION:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{part}".strip("\n")
    return [section for text in texts for section in _section(text)]


def _source(notice: Notice, catalogue: Catalogue) -> list[Json]:
    """The snippet whole or not at all: what is cut cannot be pasted."""
    shown = snippet_or_command(notice, lambda code: len(escaped(code, _SECTION)) <= _SNIPPET)
    if shown is None:
        return []
    line, code = shown
    block = code_block(code, _SECTION, more=_more(catalogue)) if code else ""
    return _sections([_labeled([line], catalogue, _WORDS), block])


def _write(notice: Notice, catalogue: Catalogue) -> list[Json]:
    write, lines = notice.proposed, write_lines(notice)
    if write is None or not lines:
        return []
    sides = (("label.before", write.before, write.before_cut), ("label.after", write.after, write.after_cut))
    return [
        *_section(_labeled(lines, catalogue, _WORDS)),
        *(
            block
            for label, document, cut in sides
            for block in _section(
                f"*{catalogue.text(message(label))}*\n"
                f"{code_block(document, WHOLE_WRITE, cut=cut, more=_more(catalogue))}"
            )
        ),
    ]


def _evidence(notice: Notice, catalogue: Catalogue) -> str:
    seen = evidence_lines(notice, catalogue)
    if not seen:
        return ""
    title = f"*{catalogue.text(message('label.seen'))}*"
    room, lines = _EVIDENCE, [title]
    for name, value in seen:
        line = f"• {escaped(name, _WORDS)}: {escaped(value, _WORDS)}"
        room -= len(line)
        if room < 0:
            return "\n".join([*lines, "…"])
        lines.append(line)
    return "\n".join(lines)


def _footer(notice: Notice, catalogue: Catalogue) -> str:
    pages = [f"<{link.url}|{catalogue.text(link.label)}>" for link in console_links(notice)]
    page, about = escaped(notice.rule_page, _WORDS), catalogue.text(message("page.rule", rule=notice.rule_id))
    pages.append(f"<{page}|{about}>" if page.startswith("https://") else f"{about}: {page}")
    return " · ".join(pages)


def _context(text: str) -> Json:
    return {"type": "context", "elements": [mrkdwn(text)]}


def _more(catalogue: Catalogue) -> Callable[[int], str]:
    return lambda count: catalogue.text(message("alert.more-in-topic", count=count))


def _section(text: str) -> list[Json]:
    return [{"type": "section", "text": mrkdwn(text)}] if text else []
