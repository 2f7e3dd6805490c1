"""An alert as a message for Slack: blocks within Block Kit's limits, whatever the texts hold."""

import json

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import (
    affected_line,
    cause_line,
    console_links,
    done_line,
    headline,
    is_over,
    pool_line,
    since_line,
    to_do_line,
    verdict_line,
    write_line,
)
from mailwarden.presentation.slack.mrkdwn import Json, code_block, escaped, literal, mrkdwn, plain

# https://docs.slack.dev/reference/block-kit/blocks: a header holds 150 characters, the text of a section 3,000, a field
# 2,000. All blocks together hold about 13,200, which is not documented (slackapi/bolt-js issue 2509): the bounds below
# add up to less than 12,000.
_HEADER = 150
_SENTENCE = 700
_FIELD = 300
_WORDS = 300
_WRITE = 2200
_DOCUMENT = 1200
_SIGNS = {
    Severity.CRITICAL: "\U0001f534",
    Severity.HIGH: "\U0001f7e0",
    Severity.MEDIUM: "\U0001f7e1",
    Severity.LOW: "\U0001f535",
}
_SIGNS_OVER = {FindingState.REPAIRED: "\U0001f6e0\ufe0f", FindingState.RESOLVED: "✅", FindingState.EXEMPT: "⏸️"}


def slack_message(notice: Notice) -> Json:
    """The payload for the webhook; ``text`` is what notifications show."""
    title = f"{_SIGNS_OVER.get(notice.state) or _SIGNS[notice.severity]} {headline(notice)}"
    return {
        "text": escaped(title, _SENTENCE),
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {"type": "header", "text": plain(title if len(title) <= _HEADER else f"{title[: _HEADER - 1]}…")},
            _section(_what(notice)),
            {"type": "section", "fields": [mrkdwn(field) for field in _fields(notice)]},
            *_sections(_who(notice)),
            _section(_done(notice)),
            *_write(notice),
            {"type": "context", "elements": [mrkdwn(_footer(notice))]},
        ],
    }


def _what(notice: Notice) -> str:
    was = " was" if is_over(notice) else ""
    what = f"*What{was}* {escaped(notice.message, _SENTENCE)}"
    return what if is_over(notice) else f"{what}\n*Why* {escaped(notice.why, _SENTENCE)}"


def _fields(notice: Notice) -> list[str]:
    fields = {
        "Pool": pool_line(notice),
        "Can send": verdict_line(notice),
        "Since": since_line(notice),
        "Affects": affected_line(notice),
    }
    return [f"*{name}*\n{escaped(value, _FIELD)}" for name, value in fields.items() if value]


def _who(notice: Notice) -> str:
    if notice.cause is None:
        return ""
    who = f"*Change* {escaped(cause_line(notice) or '', _WORDS)}"
    by, using = literal(notice.cause.actor, _WORDS), literal(notice.cause.user_agent, _WORDS)
    return "\n".join([who, *([f"*By* {by}"] if by else []), *([f"*With* {using}"] if using else [])])


def _done(notice: Notice) -> str:
    done = f"*Done* {escaped(done_line(notice), _SENTENCE)}"
    remediation = to_do_line(notice)
    if remediation is not None:
        done += f"\n*To do* {_to_do(remediation, repeats=notice.proposed is not None)}"
    if notice.undo_id is not None:
        done += f"\n*Undo id* {literal(notice.undo_id, _WORDS)}"
    return done


def _to_do(remediation: str, *, repeats: bool) -> str:
    """What to do; a JSON document at its end as code, because Slack would read its asterisks as bold.

    Where the exact write is shown below, the document would only repeat it.
    """
    sentence, brace, rest = remediation.partition("{")
    try:
        document = json.loads(brace + rest)
    except ValueError:
        return escaped(remediation, _SENTENCE)
    if repeats:
        return f"{escaped(sentence.rstrip(' :'), _SENTENCE)} (the write below)"
    shown = json.dumps(document, indent=2, ensure_ascii=False)
    return f"{escaped(sentence.rstrip(), _SENTENCE)}\n{code_block(shown, _DOCUMENT)}"


def _write(notice: Notice) -> list[Json]:
    line = write_line(notice)
    if notice.proposed is None or line is None:
        return []
    return [
        _section(f"{escaped(notice.proposed.title, _WORDS)}: this {escaped(line, _SENTENCE)}"),
        _section(f"*before*\n{code_block(notice.proposed.before, _WRITE)}"),
        _section(f"*after*\n{code_block(notice.proposed.after, _WRITE)}"),
    ]


def _footer(notice: Notice) -> str:
    pages = [f"<{link.url}|{link.label}>" for link in console_links(notice)]
    page = escaped(notice.rule_page, _WORDS)
    pages.append(f"<{page}|rule {notice.rule_id}>" if page.startswith("https://") else f"rule {page}")
    return " · ".join([*pages, f"alert {escaped(notice.alert_id, _WORDS)} v{notice.version}"])


def _section(text: str) -> Json:
    return {"type": "section", "text": mrkdwn(text)}


def _sections(text: str) -> list[Json]:
    return [_section(text)] if text else []
