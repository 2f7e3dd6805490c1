"""Findings by cause: the message, its reason, the evidence, and the advice step by step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.operator.question import Explained
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.presentation.steps import AdviceStep, steps_of
from mailwarden.settings.environment import RULE_PAGES
from mailwarden_command.audit.causes import Cause, causes_of, of_one_rule
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import Document, finding_of, name_of
from mailwarden_command.output.html.paths import anchors_of
from mailwarden_command.output.html.wording import evidence_name, key_of, say
from mailwarden_command.screen import READ_IT

# A page of a thousand pools stays below a megabyte: causes beyond this many characters are shown without evidence and
# advice, and beyond the second number they are only counted. The worst are first; the other formats have all of them.
_ROOM, _ROOM_FOR_SHORT = 150_000, 150_000
_MOST_POOLS = 60
# About the markup of a cause, in full and in short.
_FULL, _SHORT = 600, 100
# Further causes of the same rule are folded; of mere advice, one is enough to see what it is about.
_UNFOLDED, _UNFOLDED_NOTES = 5, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLink:
    """A pool of a cause, by its place in the page."""

    anchor: str
    name: str
    pool_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCard:
    """One cause. ``more`` is the number of pools that are not listed; ``is_short``: without evidence and advice."""

    anchor: str
    message: str
    reason: str
    why: str
    subject: str
    evidence: tuple[tuple[str, str], ...]
    steps: tuple[AdviceStep, ...]
    would: str
    undecided: tuple[str, ...]
    pools: tuple[PoolLink, ...]
    more: int
    answers: tuple[str, ...]
    regions: tuple[str, ...]
    rules: tuple[str, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """The causes of one rule and effect; ``why`` and ``steps`` are here if they are the same for all of them."""

    anchor: str
    rule_id: str
    rule_name: str
    page: str
    severity: str
    effect: str
    is_note: bool
    pools: int
    why: str
    steps: tuple[AdviceStep, ...]
    cards: tuple[CauseCard, ...]
    left_out: int

    @property
    def unfolded(self) -> int:
        """How many causes are shown at once."""
        return _UNFOLDED_NOTES if self.is_note else _UNFOLDED

    @property
    def is_unknown(self) -> bool:
        """Whether it is about what could not be judged, of any rule."""
        return self.effect == Effect.UNKNOWN.value


def rule_groups_of(report: AuditReport) -> tuple[RuleGroup, ...]:
    """The groups, lost mail first."""
    anchors = anchors_of(report)
    pools = {explained.path.pool.ref: explained for explained in report.pools}
    room = _Room()
    groups: list[RuleGroup] = []
    for causes in of_one_rule(causes_of(report)):
        cards = [
            card
            for place, cause in enumerate(causes)
            # The first of each group explains the rule, whatever room is left.
            if (card := room.fitted(_card(cause, anchors, pools), is_first=place == 0)) is not None
        ]
        groups.append(_shared(_group(causes, cards)))
    return tuple(groups)


@dataclass(slots=True)
class _Room:
    """The characters that are left for causes, and for those that are shown in short; the number of causes so far."""

    full: int = _ROOM
    short: int = _ROOM_FOR_SHORT
    number: int = 0

    def fitted(self, card: CauseCard, *, is_first: bool) -> CauseCard | None:
        """The card as far as there is room for it; None if there is none."""
        self.number += 1
        named = replace(card, anchor=f"c{self.number}")
        if is_first or self.full > 0:
            self.full -= _length(named)
            return named
        self.short -= _SHORT + len(named.message) + sum(60 + len(pool.name) for pool in named.pools)
        return _shortened(named) if self.short > 0 else None


def _group(causes: tuple[Cause, ...], cards: list[CauseCard]) -> RuleGroup:
    finding = causes[0].finding
    return RuleGroup(
        anchor=f"r-{finding.rule_id}-{finding.effect.value.replace(' ', '-')}",
        rule_id=finding.rule_id,
        rule_name=finding.rule_name,
        page=f"{RULE_PAGES}{finding.rule_id}.md",
        severity=finding.severity.label,
        effect=finding.effect.value,
        is_note=finding.is_note,
        pools=len({pool for cause in causes for pool in cause.pools}),
        why="",
        steps=(),
        cards=tuple(cards),
        left_out=len(causes) - len(cards),
    )


def _shared(group: RuleGroup) -> RuleGroup:
    """The group with the texts that all its causes have in common, once."""
    first, *others = group.cards
    if not others:
        return group
    if all(card.why == first.why for card in others if not card.is_short):
        group = replace(group, why=first.why, cards=tuple(replace(card, why="") for card in group.cards))
    if all(card.steps == first.steps for card in others if not card.is_short):
        group = replace(group, steps=first.steps, cards=tuple(replace(card, steps=()) for card in group.cards))
    return group


def _card(cause: Cause, anchors: Mapping[PoolRef, str], pools: Mapping[PoolRef, Explained]) -> CauseCard:
    document = finding_of(cause)
    is_unknown = cause.finding.effect is Effect.UNKNOWN
    evidence = [
        (evidence_name(name), value)
        for name, value in document["evidence"].items()
        if not (is_unknown and name == "reason")
    ]
    return CauseCard(
        anchor="",
        message=document["message"],
        reason=document["evidence"].get("reason", "") if is_unknown else "",
        why=document["why"],
        subject=document["subject"],
        evidence=tuple(evidence),
        steps=steps_of(say("cause.read-it") if document["to_do"] == READ_IT else document["to_do"]),
        would="" if cause.finding.is_note or is_unknown else _would(document),
        undecided=cause.rules if is_unknown else (),
        pools=tuple(_links(cause.pools[:_MOST_POOLS], anchors, pools)),
        more=max(0, len(cause.pools) - _MOST_POOLS),
        answers=tuple(sorted({key_of(pools[pool].verdict.answer) for pool in cause.pools})),
        regions=tuple(sorted({pool.region for pool in cause.pools})),
        rules=cause.rules,
    )


def _would(document: Document) -> str:
    """The part of a deployment with ``RepairMode`` safe: an audit changes nothing."""
    fix, mailwarden = document["fix"], document["mailwarden"]
    if fix is None:
        return say("would.nothing", because=mailwarden["because"])
    change = {"change": fix["title"], "applicability": fix["applicability"]}
    if mailwarden["will"] == "repair":
        return say("would.repair", **change)
    return say("would.report", because=mailwarden["because"], **change)


def _links(
    refs: tuple[PoolRef, ...], anchors: Mapping[PoolRef, str], pools: Mapping[PoolRef, Explained]
) -> Iterator[PoolLink]:
    for ref in refs:
        yield PoolLink(anchor=anchors[ref], name=name_of(pools[ref].path.pool.name), pool_id=ref.pool_id)


def _length(card: CauseCard) -> int:
    """About how many characters a cause takes in the page."""
    evidence = sum(len(name) + len(value) + 40 for name, value in card.evidence)
    steps = sum(len(step.sentence) + len(step.pasted) + 60 for step in card.steps)
    return len(card.message) + len(card.reason) + len(card.why) + evidence + steps + len(card.would) + _FULL


def _shortened(card: CauseCard) -> CauseCard:
    return replace(card, why="", evidence=(), steps=(), would="", is_short=True)
