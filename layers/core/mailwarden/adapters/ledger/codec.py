"""Looks and findings ⇄ items of the ledger table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import Item, StoredItem, item_of, members_of, sortable
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL, Effect, Link
from mailwarden.domain.findings.record import (
    FindingKey,
    FindingRecord,
    FindingState,
    Handling,
    LookRecord,
    ProposedWrite,
)
from mailwarden.domain.findings.verdict import Answer
from mailwarden.domain.refs.causes import cause_document, optional_cause_from
from mailwarden.domain.refs.references import reference_in, subject_in
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, SesAccountRef, Subject
from mailwarden.message import Message, argument_document

AWAITING = "yes"
LOOK = "LOOK"
_FINDING = "FINDING#"
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
            "changed_by": None if look.changed_by is None else cause_document(look.changed_by),
            "heard": look.announced_digest,
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
    )


def finding_item(record: FindingRecord, *, announced: Mapping[str, int], channels: Sequence[str]) -> Item:
    """A record as an item; ``finding_from`` reads it back.

    *announced* is stored in place of the record's own. ``awaiting`` is there only while one of *channels* was not told
    the record's version, and ``open`` (the severity) only while the finding is open: this is what keeps the indexes of
    these names small.
    """
    return item_of(
        finding_key(record.subject.arn),
        record.rule_id,
        {
            "subject": record.subject.arn,
            "rule_id": record.rule_id,
            "rule_name": record.rule_name,
            "link": record.link.value,
            "severity": record.severity.label,
            "effect": record.effect.value,
            "state": record.state.value,
            "version": record.version,
            "revision": record.revision,
            "message": argument_document(record.message),
            "why": argument_document(record.why),
            "to_do": argument_document(record.remediation),
            "unknown_reason": _optional_document(record.unknown_reason),
            "evidence": {name: argument_document(value) for name, value in record.evidence.items()},
            "affected": {_short(arn, record.subject): _number(at) for arn, at in record.affected.items()},
            "pool_name": record.pool_name,
            "verdict": record.verdict.value,
            "deciding": None if record.deciding is None else record.deciding.value,
            "handling": record.handling.value,
            "reason": _optional_document(record.reason),
            "proposed": None if record.proposed is None else _proposed(record.proposed),
            "cause": None if record.cause is None else cause_document(record.cause),
            "opened_at": sortable(record.opened_at),
            "changed_at": sortable(record.changed_at),
            "looked_at": sortable(record.looked_at),
            "announce_after": sortable(record.announce_after),
            "undo_id": record.undo_id,
            "opened_version": record.opened_version,
            "exempt": sorted(_short(arn, record.subject) for arn in record.exempt),
            "announced": dict(announced),
            "awaiting": AWAITING if awaits(record.version, announced, channels) else None,
            "open": record.severity.label if record.state is FindingState.OPEN else None,
        },
    )


def finding_from(members: Members) -> FindingRecord:
    """Read a record back; raises MalformedDocument."""
    subject = subject_in(members, "subject")
    return FindingRecord(
        subject=subject,
        rule_id=members.text("rule_id"),
        rule_name=members.text("rule_name"),
        link=members.choice("link", Link),
        severity=members.one_of("severity", SEVERITY_BY_LABEL),
        effect=members.choice("effect", Effect),
        state=members.choice("state", FindingState),
        version=members.number("version"),
        revision=members.number("revision"),
        message=members.message("message"),
        why=members.message("why"),
        remediation=members.message("to_do"),
        unknown_reason=members.optional_message("unknown_reason"),
        evidence=members.arguments_by_name("evidence"),
        affected=_affected(members.members("affected"), subject),
        pool_name=members.text("pool_name"),
        verdict=members.choice("verdict", Answer),
        deciding=members.optional_choice("deciding", Link),
        handling=members.choice("handling", Handling),
        reason=members.optional_message("reason"),
        proposed=_proposed_from(members.optional_members("proposed")),
        cause=optional_cause_from(members, "cause"),
        opened_at=members.time("opened_at"),
        changed_at=members.time("changed_at"),
        looked_at=members.time("looked_at"),
        announce_after=members.time("announce_after"),
        undo_id=members.optional_text("undo_id"),
        opened_version=members.number("opened_version"),
        exempt=frozenset(_full(name, subject, members) for name in members.texts("exempt")),
        announced=members.numbers_by_name("announced"),
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


# A finding about an SES account affects every pool of a region, and an item holds 400 KB: region/pool id and a number
# (50 bytes) leave room for about 7,500 pools, where ARN and text (115 bytes) would leave it for 3,500.
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
        raise MalformedDocument(f"{members.where}: {name!r} names no pool")
    if ":" in region:
        return name
    return PoolRef(partition=subject.partition, region=region, account=subject.account, pool_id=pool_id).arn


def _optional_document(said: Message | None) -> object:
    return None if said is None else argument_document(said)


def _proposed(proposed: ProposedWrite) -> dict[str, object]:
    return {
        "title": argument_document(proposed.title),
        "applicability": proposed.applicability,
        "resource": proposed.resource,
        "before": proposed.before,
        "after": proposed.after,
    }


def _proposed_from(members: Members | None) -> ProposedWrite | None:
    if members is None:
        return None
    return ProposedWrite(
        title=members.message("title"),
        applicability=members.text("applicability"),
        resource=members.text("resource"),
        before=members.text("before"),
        after=members.text("after"),
    )
