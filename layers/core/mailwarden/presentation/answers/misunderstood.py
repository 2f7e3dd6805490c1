"""The answer to what is no question and no order: a caller waits for it."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.masking import masked
from mailwarden.message import Message
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

_VERSION = 1
_SENTENCE = 800


def misunderstood(kind: str, problem: Message, *, member: str = "text") -> JsonDocument:
    """The document of a *kind* that has the sentence of *problem* in a *member*; its ``code`` is for programs."""
    return {
        "mailwarden": kind,
        "version": _VERSION,
        "answer": "not understood",
        "code": problem.id,
        member: one_line(masked(spoken().text(problem)), _SENTENCE),
    }
