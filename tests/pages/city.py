"""Reports about accounts that exist in memory only: breaks of many kinds, a thousand pools, and hostile names."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.operator.question import Explained, Said
from mailwarden.domain.readings import EmailConfiguration, Identity, Pool, Unreadable
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.decision import plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.domain.reputation.feedback import Figures, RateStatus, SesFeedback, SuppressionGrowth
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden_command.audit.days import DayFigures, DaysBySubject
from mailwarden_command.audit.report import AuditedAccount, AuditedRegion, AuditReport, UnreadPool, in_order
from tests import builders
from tests.builders import ACCOUNT, NOON, developer, identity, mail_path, pool, sending_policy, ses_account, unread

VIRGINIA, OREGON, DUBLIN, FRANKFURT, SEOUL = "us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-2"
OUTSIDER = "444455556666"
# Sends, bounces, complaints of seven days; messages in 24 hours; new entries of the suppression list a day.
TRAFFIC = {
    VIRGINIA: (91_200, 1_140, 21, 18_240, (31, 28, 40, 22, 35, 44, 29)),
    OREGON: (188_000, 13_300, 60, 44_800, (60, 80, 75, 190, 420, 610, 540)),
    DUBLIN: (40_300, 420, 31, 6_100, (12, 9, 14, 8, 11, 10, 13)),
    FRANKFURT: (2_210, 12, 0, 380, (0, 1, 0, 0, 2, 0, 1)),
}


def a_city(*, has_suppression: bool = False) -> AuditReport:
    """Pools that cannot send, cannot be judged, are at risk and can send; and a region whose pools cannot be listed."""
    paths = [*_sound(), *_senders(), *_identities()]
    return a_report(
        (with_figures(path, has_suppression=has_suppression) for path in paths),
        closed={SEOUL: unread("cognito-idp:ListUserPools", SEOUL)},
        unread_pools=[
            UnreadPool(
                ref=builders.pool_ref(VIRGINIA, pool_id=f"{VIRGINIA}_Vault6e"),
                name="vault-production",
                refusal=unread("cognito-idp:DescribeUserPool", VIRGINIA),
            )
        ],
        days={ses_account(region).ref: _week(sends) for region, (sends, *_) in TRAFFIC.items()},
    )


def many_pools(number: int) -> AuditReport:
    """So many pools, each with an identity of its own and findings of its own: nothing in the page can be shared."""
    return a_report(
        mail_path(
            pool(
                DUBLIN,
                pool_id=f"{DUBLIN}_Team{count:05}",
                name=f"team-{count:05}-production",
                email=developer(name.ref, from_address=f"Team <no-reply@elsewhere-{count:05}.example>"),
            ),
            name,
            accounts=[ses_account(DUBLIN)],
        )
        for count in range(number)
        for name in [identity(f"team-{count:05}.example", region=DUBLIN)]
    )


def with_hostile_names(text: str) -> AuditReport:
    """Everything that somebody else may name is named so."""
    source = identity(
        "shop.example",
        policies={text: sending_policy(builders.identity_ref("shop.example"), principal=text)},
        tags={"mailwarden:cognito": text, "mailwarden": text},
        configuration_set=text,
    )
    hostile = pool(
        pool_id=f"{VIRGINIA}_Hostile1",
        name=text,
        email=developer(source.ref, from_address=f"{text} <no-reply@shop.example>", reply_to=text),
        tags={"mailwarden": f"off reason={text}", text: text},
        unknown_members=(text,),
    )
    refused = Unreadable(action=text, region=VIRGINIA, reason=text, about=text)
    malformed = pool(pool_id=f"{VIRGINIA}_Hostile2", name=text, email=developer(text, from_address=text))
    custom = pool(pool_id=f"{VIRGINIA}_Hostile3", name=text, custom_sender_lambda=text)
    return a_report(
        [
            mail_path(hostile, source, accounts=[ses_account()]),
            mail_path(malformed),
            mail_path(custom),
            mail_path(
                replace(hostile, ref=builders.pool_ref(pool_id=f"{VIRGINIA}_Hostile4")),
                unreadable={source.ref: refused},
            ),
        ],
        closed={SEOUL: refused},
        unread_pools=[UnreadPool(ref=builders.pool_ref(pool_id=f"{VIRGINIA}_Hostile5"), name=text, refusal=refused)],
    )


def a_report(
    paths: Iterable[MailPath],
    *,
    closed: dict[str, Unreadable] | None = None,
    unread_pools: Iterable[UnreadPool] = (),
    days: DaysBySubject | None = None,
) -> AuditReport:
    """The report about the pools of these paths, which took eight seconds."""
    pools = in_order(explained(path) for path in paths)
    unread = tuple(unread_pools)
    counted = [each.path.pool.ref.region for each in pools] + [each.ref.region for each in unread]
    regions = [AuditedRegion(region=region, pools=counted.count(region)) for region in sorted({*counted})]
    regions += [AuditedRegion(region=region, pools=0, refusal=refusal) for region, refusal in (closed or {}).items()]
    account = AuditedAccount(
        partition="aws", account=ACCOUNT, caller=f"arn:aws:iam::{ACCOUNT}:user/auditor", regions=tuple(regions)
    )
    return AuditReport(
        version="0.1.0",
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=8.2),
        accounts=(account,),
        pools=pools,
        unread=unread,
        days=days or {},
    )


def _week(sends: float) -> tuple[DayFigures, ...]:
    """The sends of the last seven days, the most on the fourth; no figure for the first."""
    shares = (None, 0.11, 0.17, 0.24, 0.19, 0.16, 0.13)
    return tuple(
        DayFigures(day=NOON.date() - timedelta(days=6 - place), sends=None if share is None else round(sends * share))
        for place, share in enumerate(shares)
    )


def explained(path: MailPath) -> Explained:
    """The path, judged as an audit does."""
    judgment = judge(path, ALL)
    limits = Limits(repair_mode=RepairMode.SAFE)
    decisions = {each.finding.key: each for each in plan(judgment.findings, path, limits, today=NOON.date())}
    said = tuple(Said(finding=finding, decision=decisions.get(finding.key)) for finding in judgment.findings)
    return Explained(path=path, verdict=judgment.verdict, said=said, last_look=None, address=None)


def with_figures(path: MailPath, *, has_suppression: bool) -> MailPath:
    """The path with the figures of its SES accounts."""
    states = (_with_figures(state, has_suppression=has_suppression) for state in path.ses_states)
    return replace(path, ses_states=tuple(states))


def _with_figures(state: SesRegionState, *, has_suppression: bool) -> SesRegionState:
    if (traffic := TRAFFIC.get(state.account_ref.region)) is None:
        return state
    sends, bounces, complaints, _, added = traffic
    limits = Thresholds()
    rates = RateStatus(
        subject=state.account_ref,
        looked_at=NOON,
        tried_at=NOON,
        sends_since=NOON - timedelta(days=6),
        figures=Figures(
            sends=sends,
            bounces=bounces,
            complaints=complaints,
            bounce_rate=bounces / sends,
            complaint_rate=complaints / sends,
        ),
        bounce_level=limits.bounce_rates.of(bounces / sends),
        complaint_level=limits.complaint_rates.of(complaints / sends),
    )
    growth = SuppressionGrowth(
        counted_to=NOON,
        added={NOON.date() - timedelta(days=back): {"BOUNCE": number} for back, number in enumerate(reversed(added))},
        total={"BOUNCE": 40 * sum(added), "COMPLAINT": 12},
        total_at=NOON,
    )
    return replace(state, feedback=SesFeedback(rates=rates, suppression=growth if has_suppression else None))


def _path(of: Pool, source: IdentityRef, *identities: Identity, email: EmailConfiguration | None = None) -> MailPath:
    return mail_path(
        replace(of, email=email or developer(source)),
        *identities,
        accounts=[ses_account(region, sent_last_24_hours=sent) for region, (_, _, _, sent, _) in TRAFFIC.items()],
        configuration_sets=[builders.configuration_set("transactional", region=region) for region in TRAFFIC],
    )


def _pool(region: str, name: str, pool_id: str, **tags: str) -> Pool:
    return pool(region, pool_id=f"{region}_{pool_id}", name=name, tags=tags)


def _sound() -> Iterator[MailPath]:
    for region in (VIRGINIA, OREGON, DUBLIN, FRANKFURT):
        shop = identity("shop.example", region=region, configuration_set="transactional")
        for number, name in enumerate(("web", "mobile", "admin", "wholesale", "careers", "press")):
            yield _path(_pool(region, f"{name}-production", f"{name.title()}{number}a"), shop.ref, shop)


def _senders() -> Iterator[MailPath]:
    orders = identity("orders.example", region=DUBLIN)
    for name in ("checkout", "returns", "loyalty"):
        email = developer(orders.ref, from_address=f"Orders <hello@orders-{name}.example>")
        yield _path(_pool(DUBLIN, f"{name}-production", f"{name.title()}7f3"), orders.ref, orders, email=email)
    shop = identity("shop.example", region=VIRGINIA)
    signup = _pool(
        VIRGINIA,
        "signup-production",
        "Signup91c",
        mailwarden="report until=2099-01-01 reason=migration to a new domain",
    )
    yield _path(signup, shop.ref, shop, email=developer(shop.ref, from_address=""))
    yield mail_path(_pool(OREGON, "partner-portal", "Partner2b"))
    yield mail_path(_pool(OREGON, "legacy-internal", "Legacy5d", mailwarden="off reason=closes in May"))
    function = f"arn:aws:lambda:{VIRGINIA}:{ACCOUNT}:function:mailer"
    yield mail_path(replace(_pool(VIRGINIA, "kiosk", "Kiosk4a"), custom_sender_lambda=function))


def _identities() -> Iterator[MailPath]:
    members = builders.identity_ref("members.example", region=FRANKFURT)
    yield _path(_pool(FRANKFURT, "members-production", "Members3e"), members)
    news = identity("news.example", region=FRANKFURT, verified=False)
    yield _path(_pool(FRANKFURT, "newsletter", "News8a"), news.ref, news)
    desk = _pool(FRANKFURT, "support-desk", "Support4c")
    ref = builders.identity_ref("no-reply@support.example", region=FRANKFURT)
    granted = sending_policy(ref, desk.ref, principal="cognito-idp.amazonaws.com")
    support = identity(ref.name, region=FRANKFURT, policies={"Cognito": granted})
    yield _path(desk, ref, support, email=builders.custom_from(ref))
    club_ref = builders.identity_ref("club.example", region=DUBLIN)
    trusting = sending_policy(club_ref, conditions={})
    outside = trusting.replace('"Service": "email.cognito-idp.amazonaws.com"', f'"AWS": "arn:aws:iam::{OUTSIDER}:root"')
    club = identity(
        club_ref.name,
        region=DUBLIN,
        policies={"club": trusting, "partner": outside},
        tags={"mailwarden:cognito": "account"},
    )
    yield _path(_pool(DUBLIN, "club-members", "Club1f"), club_ref, club)
