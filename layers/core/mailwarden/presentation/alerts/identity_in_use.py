"""The identity that an alert has to do with: the one in use, never one that a write or its owner left behind."""

import json
from collections.abc import Iterable

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef
from mailwarden.message import Argument
from mailwarden.presentation.alerts.shown_write import took_effect


def identity_in_use(record: FindingRecord, evidence: Iterable[Argument]) -> IdentityRef | None:
    """The identity itself, the one that a write names, or the first one that was observed.

    None where a pool's finding is over without a write of ours: it may be over because the pool left that identity.
    """
    is_of_pool = isinstance(record.finding.subject, PoolRef)
    if is_of_pool and record.lifecycle.state in {FindingState.RESOLVED, FindingState.EXEMPT}:
        return None
    written = record.write.proposed
    arns: list[Argument] = [record.finding.subject.arn]
    if written is not None:
        arns.append(written.resource)
        if took_effect(record):
            arns.append(_source_arn(written.after))
    for arn in (*arns, *evidence):
        if isinstance(arn, str):
            try:
                return IdentityRef.from_arn(arn)
            except NotASubject:
                continue
    return None


def _source_arn(email_configuration: str) -> str:
    """The SourceArn of a written EmailConfiguration; empty if it has none or is another document."""
    try:
        document = json.loads(email_configuration)
    except ValueError:
        return ""
    source = document.get("SourceArn") if isinstance(document, dict) else None
    return source if isinstance(source, str) else ""
