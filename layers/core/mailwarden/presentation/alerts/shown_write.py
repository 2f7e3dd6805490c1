"""The exact write of an alert as it may be shown: what would be written or was, with the senders in it unmasked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.masking import masked
from mailwarden.message import Message, message
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.masking import SENDER_MEMBERS, address_of, clipped, lines, masked_argument, one_line

_SENTENCE = 300
_APPLICABILITY = 128
_WRITE = 10_000
# AWS deletes the service-linked role only when no pool uses it: its creation is not undone.
_NOT_UNDONE = ":role/aws-service-role/"
_POOL = ":userpool/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWrite:
    """A write as it may be shown: a title in words, and what is there before and after, as JSON texts.

    ``before_cut`` and ``after_cut`` count the characters that are left out at the end of each. ``done`` is what
    Mailwarden wrote, in one sentence; None unless the write took effect. ``entry_id`` is the journal entry of a write
    that began.
    """

    title: str
    applicability: str
    resource: str
    before: str
    after: str
    before_cut: int = 0
    after_cut: int = 0
    done: str | None = None
    entry_id: str | None = None


def took_effect(record: FindingRecord) -> bool:
    """Whether what is recorded as written is live: AWS accepted it, or the finding is over by it."""
    return record.lifecycle.state is FindingState.REPAIRED or record.write.handling is Handling.WRITTEN


def can_be_undone(record: FindingRecord) -> bool:
    """Whether `make undo` can undo it: a write that took effect, and not the creation of a role.

    No undo makes mail worse: a pool whose mail was lost keeps its new configuration as long as its mail is not lost.
    """
    if record.write.undo_id is None or record.lifecycle.state is FindingState.EXEMPT or not took_effect(record):
        return False
    resource = "" if record.write.proposed is None else record.write.proposed.resource
    if _NOT_UNDONE in resource:
        return False
    is_better = record.finding.effect is Effect.LOST and record.seen.verdict is not Answer.NO
    return _POOL not in resource or not is_better


def shown_write(record: FindingRecord, *, keep: frozenset[str], catalogue: Catalogue) -> ShownWrite | None:
    """The exact write: the sender's addresses are in it as they are, any other address is masked."""
    proposed = record.write.proposed
    if proposed is None:
        return None
    known = keep | _senders(proposed.before) | _senders(proposed.after)

    def sentence(said: Message) -> str:
        return one_line(catalogue.text(masked_argument(said, keep=keep)), _SENTENCE)

    before, after = (lines(masked(side, keep=known)) for side in (proposed.before, proposed.after))
    return ShownWrite(
        title=sentence(proposed.title),
        applicability=one_line(proposed.applicability, _APPLICABILITY),
        resource=clipped(one_line(proposed.resource, _SENTENCE), _SENTENCE),
        before=before[:_WRITE],
        after=after[:_WRITE],
        before_cut=proposed.before_cut + len(before[_WRITE:]),
        after_cut=proposed.after_cut + len(after[_WRITE:]),
        done=sentence(_done(proposed, catalogue)) if took_effect(record) else None,
        entry_id=record.write.undo_id,
    )


def _done(proposed: ProposedWrite, catalogue: Catalogue) -> Message:
    """The title is an imperative; the text of the same id with ``.done`` is the statement that it was done."""
    done = Message(id=f"{proposed.title.id}.done", args=proposed.title.args)
    return done if done.id in catalogue.templates else message("done.title", title=proposed.title)


def texts_of_write(proposed: ProposedWrite) -> Iterator[str]:
    """Every text of both sides of a write."""
    for side in (proposed.before, proposed.after):
        yield from _texts_under(_document(side))


def _senders(write: str) -> frozenset[str]:
    return frozenset(_addresses_under(_document(write), within_sender=False))


def _document(write: str) -> object:
    try:
        return json.loads(write)
    except ValueError:
        return None


def _texts_under(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts_under(inner)
        case list():
            for inner in value:
                yield from _texts_under(inner)
        case _:
            return


def _addresses_under(value: object, *, within_sender: bool) -> list[str]:
    match value:
        case str() if within_sender:
            return [address_of(value)]
        case dict():
            return [
                address
                for name, inner in value.items()
                for address in _addresses_under(inner, within_sender=within_sender or name in SENDER_MEMBERS)
            ]
        case list():
            return [address for inner in value for address in _addresses_under(inner, within_sender=within_sender)]
        case _:
            return []
