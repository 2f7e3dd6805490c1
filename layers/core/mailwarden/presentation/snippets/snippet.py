"""A snippet: code for a source in one language."""

from dataclasses import dataclass

from mailwarden.domain.repair.source import SourceForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Code for a source. ``code`` has several lines, without a line break at the end."""

    form: SourceForm
    code: str
