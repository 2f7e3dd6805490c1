"""The write that a finding proposes ⇄ a member of the finding's item."""

from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.message import argument_document


def proposed_document(proposed: ProposedWrite) -> dict[str, object]:
    """A write as a member of a finding's item."""
    return {
        "title": argument_document(proposed.title),
        "applicability": proposed.applicability,
        "resource": proposed.resource,
        "before": proposed.before,
        "after": proposed.after,
        "before_cut": proposed.before_cut,
        "after_cut": proposed.after_cut,
    }


def proposed_from(members: Members | None) -> ProposedWrite | None:
    """Read a write back; raises MalformedDocument."""
    if members is None:
        return None
    return ProposedWrite(
        title=members.message("title"),
        applicability=members.text("applicability"),
        resource=members.text("resource"),
        before=members.text("before"),
        after=members.text("after"),
        before_cut=members.optional_number("before_cut") or 0,
        after_cut=members.optional_number("after_cut") or 0,
    )
