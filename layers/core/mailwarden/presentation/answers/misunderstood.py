"""The answer to what is no question and no order: a caller waits for it."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.masking import masked
from mailwarden.presentation.masking import one_line

_VERSION = 1
_SENTENCE = 800


def misunderstood(kind: str, problem: str, *, member: str = "text") -> JsonDocument:
    """The document of a *kind* that has *problem*, which describes the error, in a *member*."""
    return {
        "mailwarden": kind,
        "version": _VERSION,
        "answer": "not understood",
        member: one_line(masked(problem), _SENTENCE),
    }
