"""Pools that the same calls broke in the same way: a deployment is one cause, not three hundred."""

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.refs.root_causes import OwnState, RootCause, SameCalls

OF_SENDING_POLICIES = frozenset({"MW401", "MW402", "MW403", "MW407", "MW408"})
"""The rules that judge the sending policies for one pool: several may find something of the same pool."""
# So many pools have a message each: a person who breaks three pools reads of three pools.
ALONE = 5


def calls_of(record: FindingRecord, cause: RootCause) -> SameCalls | None:
    """The calls by which a finding about a pool alone may belong together with others; None for anything shared.

    Findings without a known call, as those of refused reads, belong together, too.
    """
    subject, call = record.finding.subject, record.seen.cause
    if not isinstance(cause, OwnState) or not isinstance(subject, PoolRef):
        return None
    return SameCalls(
        rule_id=record.finding.rule_id,
        account=subject.account,
        event_name="" if call is None else call.event_name,
        principal="" if call is None else call.principal,
    )
