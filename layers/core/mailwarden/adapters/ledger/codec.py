"""Looks and findings ⇄ items of the ledger table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import (
    Item,
    StoredItem,
    expiry,
    item_of,
    members_of,
    optional_document,
    sortable,
)
from mailwarden.adapters.ledger.inspection.exemptions import exemption_documents, exemptions_from
from mailwarden.adapters.ledger.inspection.known_good import known_good_document, known_good_from
from mailwarden.adapters.ledger.inspection.known_notices import notices_document, notices_from
from mailwarden.adapters.ledger.inspection.known_verification import verification_document, verification_from
from mailwarden.adapters.ledger.repair.last_writes import last_write_document, last_write_from
from mailwarden.adapters.ledger.repair.open_fixes import fix_members
from mailwarden.adapters.ledger.repair.shadow_cases import case_documents, cases_from
from mailwarden.adapters.ledger.repair.undone_repairs import undone_documents, undone_from
from mailwarden.documents.faults import at, shown
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL, Effect, Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Lifecycle, Sighting
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import causes_document, optional_cause_from
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.references import reference_in, root_cause_in, subject_in
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, SesAccountRef, Subject
from mailwarden.domain.refs.root_causes import key_of_cause
from mailwarden.message import argument_document, message

AWAITING = "yes"
LOOK = "LOOK"
_FINDING = "FINDING#"
_OVER_FOR = timedelta(days=90)
_START = datetime(1970, 1, 1, tzinfo=UTC)


def pool_key(pool: PoolRef) -> str:
    """How a pool is named in the keys of the table."""
    return f"POOL#{pool.arn}"


def finding_key(subject_arn: str) -> str:
    """The partition of all findings about one subject."""
    return f"{_FINDING}{subject_arn}"


def feedback_key(subject: SesAccountRef | ConfigurationSetRef) -> str:
    """The partition of everything that came back through an account or a set."""
    return f"FEEDBACK#{subject.arn}"


def look_item(look: LookRecord) -> Item:
    """A look as an item; ``look_from`` reads it back."""
    return item_of(
        pool_key(look.pool),
        LOOK,
        {
            "pool": look.pool.arn,
            "pool_name": look.pool_name,
            "looked_at": sortable(look.looked_at),
            "answer": look.answer.value,
            "deciding": None if look.deciding is None else look.deciding.value,
            "findings": [{"subject": key.subject_arn, "rule": key.rule_id} for key in look.findings],
            "uses": list(look.uses),
            "changed_by": None if look.changed_by is None else causes_document(look.changed_by),
            "heard": look.announced_digest,
            "undecided": list(look.undecided),
            "undone": undone_documents(look.undone),
            "known_good": known_good_document(look.known_good),
            "verification": verification_document(look.verification),
            "notices": notices_document(look.notices),
            "exemptions": exemption_documents(look.exemptions),
            "shadow": case_documents(look.shadow),
            "application": dict(look.application) or None,
        },
    )


def look_from(members: Members) -> LookRecord:
    """Read a look back; raises MalformedDocument."""
    return LookRecord(
        pool=reference_in(members, "pool", PoolRef),
        pool_name=members.text("pool_name"),
        looked_at=members.time("looked_at"),
        answer=members.choice("answer", Answer),
        deciding=members.optional_choice("deciding", Link),
        findings=tuple(
            FindingKey(subject_arn=key.text("subject"), rule_id=key.text("rule"))
            for key in members.list_of_members("findings")
        ),
        uses=members.texts("uses"),
        changed_by=optional_cause_from(members, "changed_by"),
        announced_digest=members.optional_text("heard"),
        undecided=members.texts("undecided") if members.has("undecided") else (),
        undone=undone_from(members),
        known_good=known_good_from(members.optional_members("known_good")),
        verification=verification_from(members.optional_members("verification")),
        notices=notices_from(members.optional_members("notices")),
        exemptions=exemptions_from(members),
        shadow=cases_from(members),
        application=members.texts_by_name("application") if members.has("application") else {},
    )


def finding_item(record: FindingRecord, *, channels: Sequence[str]) -> Item:
    """A record as an item; ``finding_from`` reads it back.

    ``awaiting`` is present only while the record's version was not sent to one of *channels*; ``open`` (the severity)
    and ``fix_resource`` (what its fix writes) only while the finding is open: this keeps the indexes small.
    """
    lifecycle = record.lifecycle
    return item_of(
        finding_key(record.key.subject_arn),
        record.key.rule_id,
        {
            **_finding_members(record.finding),
            **_sighting_members(record.seen),
            **last_write_document(record.write),
            **_lifecycle_members(lifecycle, record.finding.subject),
            "expires_at": expiry(lifecycle.changed_at, after=_OVER_FOR) if lifecycle.is_over else None,
            "awaiting": AWAITING if awaits(lifecycle.version, lifecycle.announced, channels) else None,
            "open": record.finding.severity.label if lifecycle.state is FindingState.OPEN else None,
            **fix_members(record),
        },
    )


def finding_from(members: Members) -> FindingRecord:
    """Read a record back; raises MalformedDocument."""
    finding = _finding_from(members)
    return FindingRecord(
        finding=finding,
        seen=_sighting_from(members),
        write=last_write_from(members),
        lifecycle=_lifecycle_from(members, finding.subject),
    )


def _finding_members(finding: Finding) -> dict[str, object]:
    return {
        "subject": finding.subject.arn,
        "rule_id": finding.rule_id,
        "rule_name": finding.rule_name,
        "link": finding.link.value,
        "severity": finding.severity.label,
        "effect": finding.effect.value,
        "message": argument_document(finding.message),
        "why": argument_document(finding.why),
        "to_do": argument_document(finding.remediation),
        "unknown_reason": optional_document(finding.unknown_reason),
        "evidence": {name: argument_document(value) for name, value in finding.evidence.items()},
        "root_cause": None if finding.root_cause is None else key_of_cause(finding.root_cause),
    }


def _finding_from(members: Members) -> Finding:
    return Finding(
        subject=subject_in(members, "subject"),
        rule_id=members.text("rule_id"),
        rule_name=members.text("rule_name"),
        link=members.choice("link", Link),
        severity=members.one_of("severity", SEVERITY_BY_LABEL),
        effect=members.choice("effect", Effect),
        message=members.message("message"),
        why=members.message("why"),
        remediation=members.message("to_do"),
        unknown_reason=members.optional_message("unknown_reason"),
        evidence=members.arguments_by_name("evidence"),
        root_cause=root_cause_in(members, "root_cause") if members.has("root_cause") else None,
    )


def _sighting_members(seen: Sighting) -> dict[str, object]:
    return {
        "seen_from": None if seen.pool is None else seen.pool.arn,
        "pool_name": seen.pool_name,
        "pool_is_gone": seen.pool_is_gone or None,
        "application": dict(seen.application) or None,
        "verdict": seen.verdict.value,
        "deciding": None if seen.deciding is None else seen.deciding.value,
        "cause": None if seen.cause is None else causes_document(seen.cause),
    }


def _sighting_from(members: Members) -> Sighting:
    return Sighting(
        pool=reference_in(members, "seen_from", PoolRef) if members.has("seen_from") else None,
        pool_name=members.text("pool_name"),
        verdict=members.choice("verdict", Answer),
        deciding=members.optional_choice("deciding", Link),
        cause=optional_cause_from(members, "cause"),
        pool_is_gone=members.flag("pool_is_gone"),
        application=members.texts_by_name("application") if members.has("application") else {},
    )


def _lifecycle_members(lifecycle: Lifecycle, subject: Subject) -> dict[str, object]:
    return {
        "state": lifecycle.state.value,
        "version": lifecycle.version,
        "revision": lifecycle.revision,
        "affected": {_short(arn, subject): _number(at) for arn, at in lifecycle.affected.items()},
        "opened_at": sortable(lifecycle.opened_at),
        "changed_at": sortable(lifecycle.changed_at),
        "looked_at": sortable(lifecycle.looked_at),
        "announce_after": sortable(lifecycle.announce_after),
        "opened_version": lifecycle.opened_version,
        "exempt": sorted(_short(arn, subject) for arn in lifecycle.exempt),
        "others": lifecycle.others,
        "others_exempt": lifecycle.others_exempt,
        "announced": dict(lifecycle.announced),
    }


def _lifecycle_from(members: Members, subject: Subject) -> Lifecycle:
    return Lifecycle(
        state=members.choice("state", FindingState),
        version=members.number("version"),
        revision=members.number("revision"),
        affected=_affected(members.members("affected"), subject),
        opened_at=members.time("opened_at"),
        changed_at=members.time("changed_at"),
        looked_at=members.time("looked_at"),
        announce_after=members.time("announce_after"),
        opened_version=members.number("opened_version"),
        exempt=frozenset(_full(name, subject, members) for name in members.texts("exempt")),
        announced=members.numbers_by_name("announced"),
        others=members.number("others") if members.has("others") else 0,
        others_exempt=members.number("others_exempt") if members.has("others_exempt") else 0,
    )


def finding_from_image(image: StoredItem) -> FindingRecord | None:
    """The finding in the NEW_IMAGE of a stream record; None for every other item of the table.

    The image is in the notation of DynamoDB, as Lambda hands it over. Raises MalformedDocument for a garbled finding.
    """
    if not str(image.get("pk", {}).get("S", "")).startswith(_FINDING):
        return None
    return finding_from(members_of(image))


def newest(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    """Per channel, the newer of two announced versions: what was told cannot be untold."""
    return {channel: max(left.get(channel, 0), right.get(channel, 0)) for channel in {**left, **right}}


def awaits(version: int, announced: Mapping[str, int], channels: Iterable[str]) -> bool:
    """Whether some channel was not told *version* yet."""
    return any(announced.get(channel, 0) < version for channel in channels)


def _short(arn: str, subject: Subject) -> str:
    if arn == subject.arn:
        return arn
    pool = PoolRef.from_arn(arn)
    at_home = (pool.partition, pool.account) == (subject.partition, subject.account)
    return f"{pool.region}/{pool.pool_id}" if at_home else arn


def _number(at: datetime) -> int:
    return (at - _START) // timedelta(microseconds=1)


def _affected(members: Members, subject: Subject) -> dict[str, datetime]:
    return {
        _full(name, subject, members): _START + timedelta(microseconds=members.number(name)) for name in members.values
    }


def _full(name: str, subject: Subject, members: Members) -> str:
    region, slash, pool_id = name.partition("/")
    if not slash:
        raise MalformedDocument(at(members.where, message("item.no-pool", name=shown(name))))
    if ":" in region:
        return name
    return PoolRef(partition=subject.partition, region=region, account=subject.account, pool_id=pool_id).arn
