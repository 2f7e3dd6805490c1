"""The snippets of a change, and of a write as the ledger keeps it."""

import json
from collections.abc import Mapping

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.domain.findings.set_options import wanted_options
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef
from mailwarden.domain.repair.change_documents import email_from_document
from mailwarden.domain.repair.source import Source
from mailwarden.presentation.snippets.configuration_set import set_snippets
from mailwarden.presentation.snippets.email_configuration import email_snippets
from mailwarden.presentation.snippets.sending_policy import policy_snippets
from mailwarden.presentation.snippets.snippet import Snippet

# In characters: a longer FROM is a fault that no source should have.
_LONGEST = 12_000


def snippets_of_change(change: Change, source: Source) -> tuple[Snippet, ...]:
    """The code that makes the source set what *change* would write; none where there is nothing to set."""
    match change:
        case ReplaceEmailConfiguration(pool=pool, after=after):
            return _bounded(email_snippets(pool, after, source))
        case GrantSending(identity=identity, before=before, after=after):
            return _of_policies(identity, _parsed(before), _parsed(after), source)
        case CreateServiceLinkedRole():
            return ()


def snippets_of_finding(finding: Finding, source: Source) -> tuple[Snippet, ...]:
    """The code for the fix of a finding, or for the options of a configuration set that it is about."""
    if finding.fix is not None:
        return snippets_of_change(finding.fix.change, source)
    options = wanted_options(finding)
    return () if options is None else set_snippets(options, source)


def snippets_of_write(write: ProposedWrite, source: Source) -> tuple[Snippet, ...]:
    """The same of a recorded write; none of a write that was cut when it was recorded, or that has none."""
    try:
        before, after = json.loads(write.before), json.loads(write.after)
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            return ()
        if ":userpool/" in write.resource:
            return _bounded(email_snippets(PoolRef.from_arn(write.resource), email_from_document(after), source))
        return _of_policies(IdentityRef.from_arn(write.resource), _present(before), _present(after), source)
    except (ValueError, NotASubject, MalformedDocument):
        return ()


def _of_policies(
    identity: IdentityRef, before: Mapping[str, object], after: Mapping[str, object], source: Source
) -> tuple[Snippet, ...]:
    try:
        return _bounded(policy_snippets(identity, before, after, source))
    except MalformedDocument:
        # Only the form that Mailwarden writes can be told apart from what was there before.
        return ()


def _parsed(policies: Mapping[str, str | None]) -> dict[str, object]:
    return {name: json.loads(text) for name, text in policies.items() if text is not None}


def _present(policies: Mapping[str, object]) -> dict[str, object]:
    return {name: document for name, document in policies.items() if document is not None}


def _bounded(snippets: tuple[Snippet, ...]) -> tuple[Snippet, ...]:
    return tuple(snippet for snippet in snippets if len(snippet.code) <= _LONGEST)
