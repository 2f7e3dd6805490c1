"""The identities on the mail paths: their state, who may send as them, and which pools their owners opened them to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.mail_path.consent import Consent, NotOpened, Opened
from mailwarden.domain.mail_path.exemption import NotExempt, Silent, exemption_of
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.readings import Identity, IdentityReading, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.policy import (
    Exposure,
    public_or_cross_account,
    statements_naming_pools,
    trusted_cognito_principals,
    unconditioned_cognito_trust,
)
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.html.paths import anchors_of
from mailwarden_command.output.html.wording import configured, shown

_NAME, _PRINCIPAL = 320, 200
_MOST_NAMED, _MOST_GRANTS = 12, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTo:
    """How an owner opened an identity, and to how many of the report's pools."""

    by: str
    pools: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsiders:
    """A statement that lets principals outside of the account send. ``kind`` is a key of the page's sentences."""

    kind: str
    statement: str
    whom: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCard:
    """An identity. ``state`` is the key of a sentence; ``named`` are pools that its policies name by their full ARN.

    ``users`` are the places in the page of the pools that send as it, ``is_candidate``: none does, one could.
    """

    anchor: str
    name: str
    account: str
    region: str
    state: str
    refusal: str
    is_domain: bool
    dkim: str
    mail_from: str
    users: tuple[str, ...]
    named: tuple[str, ...]
    more_named: int
    principals: tuple[str, ...]
    outsiders: tuple[Outsiders, ...]
    consents: tuple[OpenedTo, ...]
    closed: tuple[OpenedTo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptResource:
    """A pool or an identity whose owner keeps Mailwarden off; ``anchor`` is its place in the page, empty for none."""

    anchor: str
    name: str
    region: str
    is_silent: bool
    reason: str


@dataclass(slots=True)
class _Gathered:
    reading: IdentityReading
    users: list[PoolRef] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)


def identities_of(report: AuditReport) -> tuple[IdentityCard, ...]:
    """The identities in the order of the pools that use them, and after them those that could be used."""
    anchors = anchors_of(report)
    gathered = _gathered(report)
    cards = [_card(f"i{number}", ref, found, anchors) for number, (ref, found) in enumerate(gathered.items())]
    return tuple(sorted(cards, key=lambda card: not card.users))


def exemptions_of(report: AuditReport) -> tuple[ExemptResource, ...]:
    """The pools and identities with a tag that keeps Mailwarden off, or that cannot be read."""
    anchors = anchors_of(report)
    today = report.ended_at.date()
    pools = (
        (anchors[each.path.pool.ref], each.path.pool.name, each.path.pool.ref.region, each.path.pool.tags)
        for each in report.pools
    )
    identities = (
        ("", ref.name, ref.region, found.reading.tags)
        for ref, found in _gathered(report).items()
        if isinstance(found.reading, Identity)
    )
    found: list[ExemptResource] = []
    for anchor, name, region, tags in (*pools, *identities):
        wish = exemption_of(tags, today=today)
        if not isinstance(wish, NotExempt) and not isinstance(tags, Unreadable):
            found.append(
                ExemptResource(
                    anchor=anchor,
                    name=configured(name, _NAME),
                    region=region,
                    is_silent=isinstance(wish, Silent),
                    reason=shown(wish.reason),
                )
            )
    return tuple(found)


def _gathered(report: AuditReport) -> Mapping[IdentityRef, _Gathered]:
    gathered: dict[IdentityRef, _Gathered] = {}
    for explained in report.pools:
        path = explained.path
        for state, is_used in _states(path):
            found = gathered.setdefault(state.identity_ref, _Gathered(reading=state.identity))
            if is_used:
                found.users.append(path.pool.ref)
                found.consents.append(state.consent)
    return gathered


def _states(path: MailPath) -> Iterator[tuple[SesRegionState, bool]]:
    """The sides of a path, and whether the pool sends through them."""
    yield from ((state, True) for state in path.ses_states)
    yield from ((state, False) for state in path.candidates.values())
    if path.notices_state is not None:
        yield path.notices_state, True


def _card(anchor: str, ref: IdentityRef, found: _Gathered, anchors: Mapping[PoolRef, str]) -> IdentityCard:
    reading = found.reading
    identity = reading if isinstance(reading, Identity) else None
    policies = {} if identity is None else identity.policies
    named = sorted({arn for statement in statements_naming_pools(policies) for arn in statement.arns})
    principals = {trusted.name for trusted in trusted_cognito_principals(policies)}
    opened, closed = _counted(found.consents)
    return IdentityCard(
        anchor=anchor,
        name=configured(ref.name, _NAME),
        account=ref.account,
        region=ref.region,
        state=_state(reading),
        refusal=shown(reading.message) if isinstance(reading, Unreadable) else "",
        is_domain=identity is not None and identity.is_domain,
        dkim="" if identity is None or identity.dkim is None else shown(identity.dkim.status),
        mail_from="" if identity is None or identity.mail_from is None else shown(identity.mail_from.domain),
        users=tuple(anchors[pool] for pool in dict.fromkeys(found.users)),
        named=tuple(arn.rpartition("/")[2] for arn in named[:_MOST_NAMED]),
        more_named=max(0, len(named) - _MOST_NAMED),
        principals=tuple(shown(name, _PRINCIPAL) for name in sorted(principals)[:_MOST_GRANTS]),
        outsiders=() if identity is None else tuple(_outsiders(ref, policies))[:_MOST_GRANTS],
        consents=opened,
        closed=closed,
    )


def _state(reading: IdentityReading) -> str:
    match reading:
        case Identity(verified_for_sending=True):
            return "verified"
        case Identity():
            return "unverified"
        case Missing():
            return "missing"
        case Unreadable():
            return "unreadable"


def _outsiders(ref: IdentityRef, policies: Mapping[str, str]) -> Iterator[Outsiders]:
    for trust in unconditioned_cognito_trust(policies, identity_arn=ref.arn, account=ref.account):
        statement = shown(trust.ref.message)
        yield Outsiders(kind="customers", statement=statement, whom=(), is_certain=trust.certain)
    for grant in public_or_cross_account(policies, identity_arn=ref.arn, account=ref.account):
        yield Outsiders(
            kind="public" if grant.exposure is Exposure.PUBLIC else "accounts",
            statement=shown(grant.ref.message),
            whom=tuple(shown(whom, _PRINCIPAL) for whom in grant.whom[:_MOST_GRANTS]),
            is_certain=grant.certain,
        )


def _counted(consents: list[Consent]) -> tuple[tuple[OpenedTo, ...], tuple[OpenedTo, ...]]:
    opened: dict[str, int] = {}
    closed: dict[str, int] = {}
    for consent in consents:
        match consent:
            case Opened(by=said):
                opened[shown(said)] = opened.get(shown(said), 0) + 1
            case NotOpened(reason=said):
                closed[shown(said)] = closed.get(shown(said), 0) + 1
    return _rows(opened), _rows(closed)


def _rows(counted: Mapping[str, int]) -> tuple[OpenedTo, ...]:
    return tuple(OpenedTo(by=by, pools=pools) for by, pools in counted.items())
