"""Records of findings from flat members, as a test wants to vary them."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypedDict, Unpack

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.record import (
    FindingRecord,
    FindingState,
    Handling,
    LastWrite,
    Lifecycle,
    ProposedWrite,
    Sighting,
)
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.message import Argument, Message


class RecordMembers(TypedDict, total=False):
    """What a test may say of a record; every name is a member of one of its parts."""

    subject: Subject
    rule_id: str
    rule_name: str
    link: Link
    severity: Severity
    effect: Effect
    message: Message
    why: Message
    remediation: Message
    unknown_reason: Message | None
    evidence: Mapping[str, Argument]
    pool: PoolRef | None
    pool_name: str
    verdict: Answer
    deciding: Link | None
    cause: Cause | None
    handling: Handling
    reason: Message | None
    proposed: ProposedWrite | None
    undo_id: str | None
    by_order: bool
    state: FindingState
    version: int
    revision: int
    affected: Mapping[str, datetime]
    opened_at: datetime
    changed_at: datetime
    looked_at: datetime
    announce_after: datetime
    opened_version: int
    exempt: frozenset[str]
    announced: Mapping[str, int]


def record_of(**members: Unpack[RecordMembers]) -> FindingRecord:
    """The record with these members; those without a default must be there."""
    given: dict[str, Any] = {**members}
    return FindingRecord(
        finding=Finding(**_of(Finding, given)),
        seen=Sighting(**_of(Sighting, given)),
        lifecycle=Lifecycle(**_of(Lifecycle, given)),
        write=LastWrite(**_of(LastWrite, given)),
    )


def changed(record: FindingRecord, **members: Unpack[RecordMembers]) -> FindingRecord:
    """*record* with these members in place of its own."""
    given: dict[str, Any] = {**members}
    return FindingRecord(
        finding=replace(record.finding, **_of(Finding, given)),
        seen=replace(record.seen, **_of(Sighting, given)),
        lifecycle=replace(record.lifecycle, **_of(Lifecycle, given)),
        write=replace(record.write, **_of(LastWrite, given)),
    )


def _of(part: type[Finding | Sighting | Lifecycle | LastWrite], members: Mapping[str, Any]) -> dict[str, Any]:
    # A rule's word on whom else it affects is not recorded: the lifecycle has the pools.
    names = {field.name for field in fields(part)} - ({"affected"} if part is Finding else set())
    return {name: value for name, value in members.items() if name in names}
