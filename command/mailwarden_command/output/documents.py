"""The documents of which every format is made: those of ``why``, in which each text is on one line and masked."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.question import Explained, Question
from mailwarden.masking import masked
from mailwarden.presentation.answers.diagnosis import why_document
from mailwarden.presentation.masking import one_line
from mailwarden_command.audit.causes import Cause
from mailwarden_command.screen import READ_IT

type Document = Mapping[str, Any]

_NAME = 128
_UNDECIDED = "rule.undecided.remediation"


def pool_document(explained: Explained) -> Document:
    """The answer to "why?" about a pool (docs/why.schema.json)."""
    return why_document(explained, asked=Question(pool_id=explained.path.pool.ref.pool_id))


def findings_of(document: Document) -> Iterator[Document]:
    """The findings of a pool, that of the deciding link first."""
    for link in sorted(document["links"], key=lambda each: not each["decides"]):
        yield from link["findings"]


def finding_of(cause: Cause) -> Document:
    """The finding of a cause, as it is about its first pool; no deployment looks again at what could not be read."""
    key = cause.finding.rule_id, cause.finding.subject.arn
    document = next(
        found
        for found in findings_of(pool_document(cause.explained))
        if (found["rule"]["id"], cast("str", found["subject"])) == key
    )
    return {**document, "to_do": READ_IT} if cause.finding.remediation.id == _UNDECIDED else document


def rules_of(explained: Explained) -> tuple[str, ...]:
    """The rules with a finding that is no mere advice and no repetition of a refused read."""
    said = (each for each in explained.said if each.decision is not None and not each.finding.is_note)
    return tuple(dict.fromkeys(each.finding.rule_id for each in said))


def needs_attention(explained: Explained) -> bool:
    """Whether the pool is not sound, or has a finding that is no mere advice."""
    return explained.verdict.answer is not Answer.YES or any(not said.finding.is_note for said in explained.said)


def name_of(text: str) -> str:
    """The name of a pool, fit to be shown."""
    return one_line(masked(text), _NAME)
