"""Reads references from documents, written as ARNs."""

from mailwarden.documents.faults import at, shown
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.refs.resources import NotASubject, Subject, subject_from_arn
from mailwarden.domain.refs.root_causes import NotARootCause, RootCause, root_cause_from
from mailwarden.message import message

_LONGEST_SHOWN = 100


def subject_in(members: Members, name: str) -> Subject:
    """The subject whose ARN is the member *name*; raises MalformedDocument."""
    arn = members.text(name)
    try:
        return subject_from_arn(arn)
    except NotASubject as error:
        raise MalformedDocument(at(f"{members.where}.{name}", error.said)) from error


def reference_in[R](members: Members, name: str, kind: type[R]) -> R:
    """The subject of one kind whose ARN is the member *name*; raises MalformedDocument."""
    subject = subject_in(members, name)
    if not isinstance(subject, kind):
        raise MalformedDocument(
            message("document.other-kind", member=f"{members.where}.{name}", value=shown(subject.arn, _LONGEST_SHOWN))
        )
    return subject


def references_in[R](members: Members, name: str, kind: type[R]) -> tuple[R, ...]:
    """The subjects of one kind whose ARNs are listed in the member *name*; raises MalformedDocument."""
    listed = {arn: arn for arn in members.texts(name)}
    return tuple(reference_in(Members(where=f"{members.where}.{name}", values=listed), arn, kind) for arn in listed)


def root_cause_in(members: Members, name: str) -> RootCause:
    """The root cause whose key is the member *name*; raises MalformedDocument."""
    key = members.text(name)
    try:
        return root_cause_from(key)
    except NotARootCause as error:
        value = shown(key, _LONGEST_SHOWN)
        raise MalformedDocument(
            message("document.no-root-cause", member=f"{members.where}.{name}", value=value)
        ) from error
