"""The mail paths: pools whose path is in the same state are one group, with one picture of the chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.mail_path.path import MalformedSource, NoIdentity, UsesIdentity
from mailwarden.domain.mail_path.verdict import Link, LinkState, Verdict
from mailwarden.domain.operator.question import Explained
from mailwarden.domain.refs.resources import PoolRef
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import name_of, rules_of
from mailwarden_command.output.html.wording import configured, key_of, shown

_ADDRESS = 320
# A longer list of pools that can send mail is folded.
_UNFOLDED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """One link of a chain: keys of its name and its state, and whether it decides the verdict."""

    link: str
    state: str
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLine:
    """A pool in a group. ``sender`` is the key of its kind, ``notes`` are rules that only give advice."""

    anchor: str
    name: str
    pool_id: str
    account: str
    region: str
    sender: str
    from_address: str
    identity: str
    identity_region: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGroup:
    """Pools with the same verdict, states of links and rules."""

    answer: str
    deciding: str
    chain: tuple[ChainLink, ...]
    rules: tuple[str, ...]
    pools: tuple[PoolLine, ...]

    @property
    def is_folded(self) -> bool:
        """Whether the list of the pools is folded at first."""
        return self.answer == "yes" and len(self.pools) > _UNFOLDED


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A pool that could not be read at all."""

    name: str
    pool_id: str
    account: str
    region: str
    refusal: str


def anchors_of(report: AuditReport) -> Mapping[PoolRef, str]:
    """The place of each pool in the page."""
    return {explained.path.pool.ref: f"p{number}" for number, explained in enumerate(report.pools)}


def groups_of(report: AuditReport) -> tuple[PathGroup, ...]:
    """The groups in the order of their first pools, the worst first."""
    anchors = anchors_of(report)
    grouped: dict[tuple[Verdict, tuple[str, ...]], list[Explained]] = {}
    for explained in report.pools:
        grouped.setdefault((explained.verdict, rules_of(explained)), []).append(explained)
    return tuple(_group(verdict, rules, pools, anchors) for (verdict, rules), pools in grouped.items())


def unread_of(report: AuditReport) -> tuple[UnreadLine, ...]:
    """The pools that could not be read."""
    return tuple(
        UnreadLine(
            name=name_of(unread.name),
            pool_id=unread.ref.pool_id,
            account=unread.ref.account,
            region=unread.ref.region,
            refusal=shown(unread.refusal.message),
        )
        for unread in report.unread
    )


def _group(
    verdict: Verdict, rules: tuple[str, ...], pools: list[Explained], anchors: Mapping[PoolRef, str]
) -> PathGroup:
    return PathGroup(
        answer=key_of(verdict.answer),
        deciding="" if verdict.deciding is None else key_of(verdict.deciding),
        # An audit does not monitor: the link is shown only where a rule spoke of it.
        chain=tuple(
            ChainLink(link=key_of(link), state=key_of(state), decides=link is verdict.deciding)
            for link, state in verdict.links
            if link is not Link.MONITORING or state not in {LinkState.SOUND, LinkState.NOT_USED}
        ),
        rules=rules,
        pools=tuple(_line(explained, anchors) for explained in pools),
    )


def _line(explained: Explained, anchors: Mapping[PoolRef, str]) -> PoolLine:
    pool, sender = explained.path.pool, explained.path.sender
    kind, identity, region = "identity", "", ""
    match sender:
        case UsesIdentity(ref=ref):
            identity = configured(ref.name, _ADDRESS)
            region = "" if ref.region == pool.ref.region else ref.region
        case MalformedSource():
            kind = "malformed"
        case NoIdentity():
            kind = "default" if pool.custom_sender_lambda is None else "custom"
    written = configured(pool.email.from_address or "", _ADDRESS)
    notes = {said.finding.rule_id for said in explained.said} - set(rules_of(explained))
    return PoolLine(
        anchor=anchors[pool.ref],
        name=name_of(pool.name),
        pool_id=pool.ref.pool_id,
        account=pool.ref.account,
        region=pool.ref.region,
        sender=kind,
        from_address="" if written == identity or kind in {"default", "custom"} else written,
        identity=identity,
        identity_region=region,
        notes=tuple(sorted(notes)),
    )
