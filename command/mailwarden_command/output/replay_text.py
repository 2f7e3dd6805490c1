"""A replayed event for a terminal, and as JSON: the inspected pools, their findings, the decisions and the writes."""

import json
from collections.abc import Iterator

from rich.text import Text

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.operator.question import Explained
from mailwarden.domain.refs.causes import Cause, cause_document
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.presentation.answers.change_rows import change_rows
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.masking import masked_argument, one_line
from mailwarden_command.audit.replay import Replay
from mailwarden_command.output.documents import name_of, needs_attention, pool_document
from mailwarden_command.screen import (
    NO_HINT,
    NO_WRITE,
    SOUND,
    not_readable,
    replayed,
    would_drop,
    would_inspect,
    would_write,
)
from tools.screen.journal_text import diff_text
from tools.screen.terminal import laid_out
from tools.screen.why_text import why_text

VERSION = 1
_TEXT = 300


def replay_lines(replay: Replay, *, width: int) -> Iterator[Text]:
    """The lines for a terminal."""
    if replay.cause is not None:
        call = _call(replay.cause)
        said = replayed(call["event_name"], call["actor"], call["region"], call["at"])
        yield from laid_out(Text(said, "bold"), width, then="  ")
    if replay.audit is None:
        reason = "" if replay.dropped is None else _sentence(replay)
        yield from laid_out(would_drop(reason) if reason else NO_HINT, width, then="  ")
        return
    for hint in replay.hints:
        yield from laid_out(f"  hint: {_subject(hint)}", width, then="    ")
    yield from laid_out(would_inspect(len(replay.audit.pools)), width, then="  ")
    for line in not_readable(replay.audit):
        yield from laid_out(line, width, first="  ", then="    ")
    for explained in replay.audit.pools:
        if needs_attention(explained):
            yield Text()
            yield from why_text(pool_document(explained), width=width)
    sound = [explained.path.pool for explained in replay.audit.pools if not needs_attention(explained)]
    if sound:
        yield Text()
        names = ", ".join(f"{name_of(pool.name)} ({pool.ref.pool_id})" for pool in sound)
        yield from laid_out(f"{SOUND}: {names}", width, then="  ")
    writes = list(replay.writes())
    yield Text()
    yield Text(would_write(len(writes)) if writes else NO_WRITE, "bold")
    for explained, finding, fix in writes:
        yield Text()
        yield from laid_out(
            f"{finding.rule_id} {explained.path.pool.ref.pool_id}: {fix.change.resource}", width, then="  "
        )
        yield from diff_text(change_rows(fix.change), width=width)


def replay_json(replay: Replay) -> Iterator[str]:
    """The lines of the JSON document."""
    audit = replay.audit
    document: JsonDocument = {
        "mailwarden": "replay",
        "version": VERSION,
        "call": None if replay.cause is None else _call(replay.cause),
        "dropped": None if replay.dropped is None else _sentence(replay),
        "hints": [_subject(hint) for hint in replay.hints],
        "pools": [] if audit is None else [pool_document(explained) for explained in audit.pools],
        "not_readable": [] if audit is None else list(not_readable(audit)),
        "writes": [_write(*each) for each in replay.writes()],
    }
    yield json.dumps(document, ensure_ascii=False, indent=1)


def _write(explained: Explained, finding: Finding, fix: Fix) -> JsonDocument:
    return {
        "pool": explained.path.pool.ref.arn,
        "rule": finding.rule_id,
        "resource": fix.change.resource,
        "diff": change_rows(fix.change),
    }


def _call(cause: Cause) -> dict[str, str]:
    """Every text of a call comes from outside."""
    return {name: one_line(str(masked_argument(value)), _TEXT) for name, value in cause_document(cause).items()}


def _sentence(replay: Replay) -> str:
    return "" if replay.dropped is None else one_line(ENGLISH.text(masked_argument(replay.dropped)), _TEXT)


def _subject(hint: Hint) -> str:
    match hint:
        case PoolHint():
            return f"pool {hint.pool.arn}"
        case IdentityHint(identity=subject):
            return f"identity {subject.arn}"
        case ConfigurationSetHint(configuration_set=subject):
            return f"configuration set {subject.arn}"
        case SesAccountHint(account=subject):
            return f"SES account {subject.account} in {subject.region}"
        case RegionHint():
            return f"every pool in {hint.region}"
        case EverywhereHint():
            return "every pool in every region"
