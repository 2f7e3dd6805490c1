"""A change as rows: each member of a configuration, or part of a policy's statement, before and after."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, canonical_json
from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.known_good.risk_configuration import risk_parts
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.masking import identities_named_in, masked
from mailwarden.presentation.masking import SENDER_MEMBERS, address_of, one_line

_VALUE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One difference: ``before`` and ``after`` are None where there is nothing."""

    place: tuple[str, ...]
    before: str | None
    after: str | None

    def document(self, *, keep: frozenset[str]) -> JsonDocument:
        """Of the addresses, those in *keep* and the sender's are shown."""
        senders = {self.before, self.after} if SENDER_MEMBERS & set(self.place) else set()
        known = keep | {address_of(each) for each in senders if each is not None}
        return {
            "place": [one_line(part, _VALUE) for part in self.place],
            "before": _shown(self.before, known),
            "after": _shown(self.after, known),
        }


def change_rows(change: Change | OperatorChange) -> list[JsonDocument]:
    """Every difference, as documents with ``place``, ``before`` and ``after``; recipients are masked."""
    keep = frozenset[str]()
    match change:
        case ReplaceEmailConfiguration(before=before, after=after):
            rows = _differences(email_document(before), email_document(after), ("EmailConfiguration",))
        case GrantSending(identity=identity, before=before, after=after):
            keep = frozenset({identity.name})
            rows = (row for name in sorted(after) for row in _policy_rows(name, before.get(name), after[name]))
        case CreateServiceLinkedRole():
            rows = iter((_Row(place=("role",), before=None, after=change.resource),))
        case RemoveSuppression(reason=reason, since=since):
            listed = f"{reason}, {since.isoformat(timespec='seconds')}"
            rows = iter((_Row(place=("suppression list",), before=listed, after=None),))
        case ReplaceRiskConfiguration(before=before, after=after):
            rows = _member_rows(risk_parts(before), risk_parts(after), ())
    return [row.document(keep=keep) for row in rows]


def _member_rows(before: object, after: object, place: tuple[str, ...]) -> Iterator[_Row]:
    """Member by member also where a part is on one side only."""
    if isinstance(before or after, Mapping):
        old, new = (each if isinstance(each, Mapping) else {} for each in (before, after))
        for name in dict.fromkeys((*old, *new)):
            yield from _member_rows(old.get(name), new.get(name), (*place, str(name)))
        return
    yield from _differences(before, after, place)


def _policy_rows(name: str, before: str | None, after: str | None) -> Iterator[_Row]:
    """By statement: a statement that is only on one side is one row."""
    old, new = _statements(before), _statements(after)
    for sid in dict.fromkeys((*old, *new)):
        place = (name, sid)
        if sid in old and sid in new:
            yield from _differences(old[sid], new[sid], place)
        else:
            yield _Row(place=place, before=_text(old.get(sid)), after=_text(new.get(sid)))


def _statements(policy: str | None) -> dict[str, object]:
    """The statements by their Sid or their place; a policy that is not read so is one statement."""
    if policy is None:
        return {}
    try:
        document = json.loads(policy)
    except ValueError:
        return {"": policy}
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if not isinstance(statements, list):
        return {"": document}
    return {
        str(each.get("Sid", number)) if isinstance(each, Mapping) else str(number): each
        for number, each in enumerate(statements, start=1)
    }


def _differences(before: object, after: object, place: tuple[str, ...]) -> Iterator[_Row]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from _differences(before.get(name), after.get(name), (*place, str(name)))
        return
    if isinstance(before, list) and isinstance(after, list):
        gone = [each for each in before if each not in after]
        new = [each for each in after if each not in before]
        if gone or new:
            yield from (_Row(place=place, before=_text(each), after=None) for each in gone)
            yield from (_Row(place=place, before=None, after=_text(each)) for each in new)
            return
    yield _Row(place=place, before=_text(before), after=_text(after))


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical_json(value)


def _shown(text: str | None, keep: frozenset[str]) -> str | None:
    return None if text is None else one_line(masked(text, keep=keep | identities_named_in(text)), _VALUE)
