"""Generated mail paths: sound, broken, half read and odd, in every region of the table and some outside it.

A strategy that is built anew for each path costs more than all that is drawn from it: what can be is built once.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import strategies as st

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import (
    ConfigurationSet,
    DedicatedIpPool,
    Dkim,
    EmailConfiguration,
    Enforcement,
    Identity,
    LinkDomain,
    MailFrom,
    PoolReading,
    RoleReading,
    SenderMode,
    ServiceLinkedRole,
    SesAccount,
    ThreatNotices,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.domain.reputation.feedback import (
    Figures,
    MailCounts,
    NoticeKind,
    RateStatus,
    SesFeedback,
    SesNotice,
    SuppressionGrowth,
)
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.message import verbatim
from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, Grant, GrantPlan, grant_pools, regional_principal
from mailwarden.regions import RegionRow, built_in_table
from tests.builders import (
    ACCOUNT,
    LAMBDA,
    NOON,
    OTHER_ACCOUNT,
    configuration_set,
    configuration_set_ref,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
    unread,
)

TABLE = built_in_table()
TABLE_REGIONS = tuple(sorted(TABLE.rows))
POOL_REGIONS = (*TABLE_REGIONS, "ap-southeast-6", "us-gov-west-1", "xx-nowhere-1")
NEIGHBOR = pool_ref("us-east-1", pool_id="us-east-1_NEIGHBOR")
OTHERS: tuple[dict[PoolRef, PoolReading], ...] = (
    {},
    {NEIGHBOR: pool(pool_id=NEIGHBOR.pool_id)},
    {NEIGHBOR: unread("cognito-idp:DescribeUserPool")},
)

ODD_TEXTS = ("{", "[]", "null", '{"Statement": 7}', '{"Statement": [{"Effect": "Allow"}]}', "no JSON at all", "")


type Conditions = dict[str, dict[str, object]] | None


def _own(ref: IdentityRef, *pools: PoolRef, principal: str) -> str:
    plan = grant_pools(
        {},
        identity_arn=ref.arn,
        account=ACCOUNT,
        grants=[Grant(principal=principal, pool_arn=granted.arn) for granted in pools],
    )
    assert isinstance(plan, GrantPlan)
    return plan.writes[0].after or ""


type Document = Callable[[IdentityRef, PoolRef], str]
"""A sending policy, given the identity that it is attached to and the pool of the path."""

_NARROW: tuple[Callable[[IdentityRef, PoolRef], Conditions], ...] = (
    lambda _ref, _of: None,
    lambda _ref, _of: {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    lambda _ref, _of: {"StringLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*_NEIGHBOR"}},
    lambda _ref, of: {"StringEquals": {"AWS:SourceArn": of.arn}},
)
_WILD: tuple[Callable[[IdentityRef, PoolRef], Conditions], ...] = (
    lambda _ref, _of: {},
    lambda _ref, _of: {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
    lambda ref, _of: {"StringEquals": {"ses:FromAddress": ref.name}},
    lambda _ref, _of: {"NoSuchOperator": {"aws:SourceAccount": ACCOUNT}},
)


def documents(ref: IdentityRef, of: PoolRef, *, tame: bool = False) -> st.SearchStrategy[str]:
    """A sending policy that may be attached to *ref*: right, wrong, half or too wide; if not *tame* denying or odd."""
    return _documents(tame=tame).map(lambda document: document(ref, of))


@cache
def _documents(*, tame: bool) -> st.SearchStrategy[Document]:
    both = ("ses:SendEmail", "ses:SendRawEmail")
    written: st.SearchStrategy[Document] = st.builds(
        _written,
        st.sampled_from(
            [lambda _: GLOBAL_PRINCIPAL, lambda _: LEGACY_PRINCIPAL, lambda of: regional_principal(of.region)]
        ),
        st.sampled_from([lambda of: (of,), lambda _: (NEIGHBOR,), lambda of: (of, NEIGHBOR)]),
        st.sampled_from([both, both, both[:1], both[1:], ("SES:Send*",), ("s3:*",)]),
        st.just("Allow") if tame else st.sampled_from(["Allow", "Allow", "Deny"]),
        st.sampled_from(_NARROW if tame else _NARROW + _WILD),
    )
    odd: st.SearchStrategy[Document] = st.sampled_from(ODD_TEXTS).map(lambda text: lambda _ref, _of: text)
    everybody = st.sampled_from(["Allow", "Deny"]).map(_everybody)
    return written if tame else st.one_of(written, written, written, everybody, odd)


def _written(
    principal: Callable[[PoolRef], str],
    pools: Callable[[PoolRef], tuple[PoolRef, ...]],
    actions: tuple[str, ...],
    effect: str,
    conditions: Callable[[IdentityRef, PoolRef], Conditions],
) -> Document:
    return lambda ref, of: sending_policy(
        ref, *pools(of), principal=principal(of), actions=actions, effect=effect, conditions=conditions(ref, of)
    )


def _everybody(effect: str) -> Document:
    return lambda ref, _of: json.dumps(
        {"Statement": {"Effect": effect, "Principal": "*", "Action": "ses:*", "Resource": ref.arn}}
    )


@cache
def _few_documents(*, tame: bool) -> st.SearchStrategy[dict[str, Document]]:
    return st.dictionaries(st.sampled_from(["a", "b"]), _documents(tame=tame), max_size=2)


@cache
@st.composite
def _policies(draw: st.DrawFn, *, tame: bool) -> dict[str, Document]:
    """Policies by name, among them perhaps ones of our own, one of them perhaps edited."""
    found = dict(draw(_few_documents(tame=tame)))
    match draw(st.sampled_from(["none", "none", "ours", "edited"])):
        case "ours":
            found["mailwarden-cognito"] = lambda ref, _of: _own(ref, NEIGHBOR, principal=GLOBAL_PRINCIPAL)
        case "edited":
            found["mailwarden-cognito"] = draw(_documents(tame=tame))
        case _:
            pass
    return found


@st.composite
def mail_paths(draw: st.DrawFn, *, tame: bool = False) -> MailPath:
    """A whole path; a *tame* one is read completely, of a verified identity and a sound account."""
    of = pool_ref(draw(st.sampled_from(TABLE_REGIONS if tame else POOL_REGIONS)))
    row = TABLE.row(of.region)
    listed = (*row.developer, *row.default_custom_from) if isinstance(row, RegionRow) else ()
    region = draw(st.sampled_from([*listed, *listed, of.region, "us-east-1", "eu-south-1", "*"]))
    name = draw(st.sampled_from(["support@example.com", "example.com"]))
    email = draw(_email_configurations(identity_ref(name, region=region), tame=tame))
    identities: list[Identity] = []
    accounts: list[SesAccount] = []
    sets: list[ConfigurationSet] = []
    unreadable: dict[IdentityRef | ConfigurationSetRef | str, Unreadable] = {}
    for ses_region in dict.fromkeys([*listed, *([region] if region != "*" else [])]):
        ref = identity_ref(name, region=ses_region)
        fate = "there" if tame else draw(st.sampled_from(["there", "there", "there", "missing", "refused"]))
        if fate == "there":
            identities.append(draw(_identity_of(ref, of, tame=tame)))
        if fate == "refused":
            unreadable[ref] = unread("ses:GetEmailIdentity", ses_region)
        if not tame:
            accounts.append(draw(_account_of(ses_region)))
        fate = "there" if tame else draw(st.sampled_from(["there", "there", "there", "missing", "refused"]))
        if fate == "there":
            sets.append(draw(_set_in(ses_region, tame=tame)))
        if fate == "refused":
            unreadable[configuration_set_ref(region=ses_region)] = unread("ses:GetConfigurationSet", ses_region)
    path = mail_path(
        pool(
            of.region,
            name=draw(st.sampled_from(["shop", "주문", "<!channel>", ""])),
            email=email,
            custom_sender_lambda=None if tame else draw(st.sampled_from([None] * 9 + [LAMBDA])),
            second_factor=False if tame else draw(_second_factors()),
            first_factor=not tame and draw(st.sampled_from([False, False, True])),
            link_domain=None if tame else draw(_link_domains()),
            threat_notices=None if tame else draw(_threat_notices(region)),
        ),
        *identities,
        accounts=accounts,
        configuration_sets=sets,
        unreadable=unreadable,
        role=draw(_roles(tame=tame)),
        others=None if tame else draw(st.sampled_from([None, *OTHERS])),
    )
    if tame:
        return path
    ses_states = tuple(
        replace(
            ses_state,
            feedback=draw(_feedback_of(ses_state.account_ref)),
            mail_of_account=draw(_mail_counts()),
            mail_of_set=draw(_mail_counts()),
        )
        for ses_state in path.ses_states
    )
    return replace(path, ses_states=ses_states, ledger_facts=replace(path.ledger_facts, mail=draw(_mail_counts())))


@cache
def _feedback_of(account: SesAccountRef) -> st.SearchStrategy[SesFeedback]:
    numbers = st.sampled_from([None, 0.0, 13.0, 5200.0])
    fractions = st.sampled_from([None, 0.0, 0.03, 0.2])
    rate_statuses = st.builds(
        RateStatus,
        subject=st.just(account),
        looked_at=st.sampled_from([None, NOON, NOON - timedelta(hours=3)]),
        figures=st.builds(Figures, sends=numbers, bounces=numbers, bounce_rate=fractions, complaint_rate=fractions),
        bounce_level=st.sampled_from(RateLevel),
        complaint_level=st.sampled_from(RateLevel),
        refused=st.sampled_from([None, None, verbatim("AccessDenied: cloudwatch:GetMetricData")]),
    )
    growths = st.builds(
        SuppressionGrowth,
        counted_to=st.sampled_from([None, NOON, NOON - timedelta(days=2)]),
        added=st.dictionaries(
            st.integers(0, 9).map(lambda back: (NOON - timedelta(days=back)).date()),
            st.dictionaries(st.sampled_from(["BOUNCE", "COMPLAINT"]), st.integers(0, 500)),
        ),
        refused=st.sampled_from([None, None, verbatim("AccessDenied: ses:ListSuppressedDestinations")]),
    )
    notices = st.builds(
        SesNotice,
        account=st.just(account),
        kind=st.sampled_from(NoticeKind),
        about=st.sampled_from([account.arn, "arn:aws:ses:us-east-1:111122223333:tenant/a/b", "<!channel>", ""]),
        text=st.sampled_from(["", "<!here> *stop*"]),
        at=st.just(NOON),
    )
    return st.builds(
        SesFeedback,
        rates=st.none() | rate_statuses,
        suppression=st.none() | growths,
        notices=st.lists(notices, max_size=3).map(tuple),
    )


@cache
def _mail_counts() -> st.SearchStrategy[MailCounts | None]:
    outcomes = ["Bounce/Permanent/General", "Bounce/Transient/General", "Complaint", "Reject", "Odd"]
    return st.none() | st.builds(
        MailCounts,
        since=st.just(NOON.date()),
        by_outcome=st.dictionaries(st.sampled_from(outcomes), st.integers(0, 5000)),
    )


def _mail_from(status: str) -> MailFrom:
    return MailFrom(domain="bounce.example.com", status=status, rejects_on_failure=status != "FAILED")


_STATUSES = st.sampled_from([None, None, VerificationStatus.TEMPORARY_FAILURE, VerificationStatus.UNKNOWN])
_SIGNING = st.sampled_from([None, None, *(Dkim(signing_enabled=on, status="FAILED") for on in (True, False))])
_RETURNS = st.sampled_from([None, None, *(_mail_from(status) for status in ("SUCCESS", "FAILED", "ODD"))])
_TAGS: st.SearchStrategy[Callable[[PoolRef], dict[str, str]]] = st.sampled_from(
    [
        lambda _: {},
        lambda _: {"mailwarden:cognito": "account"},
        lambda of: {"mailwarden:cognito": of.pool_id},
    ]
)


@cache
@st.composite
def _identity_of(draw: st.DrawFn, ref: IdentityRef, of: PoolRef, *, tame: bool) -> Identity:
    policies = draw(_policies(tame=tame))
    return identity(
        ref.name,
        region=ref.region,
        verified=tame or draw(st.sampled_from([True, True, True, False])),
        status=None if tame else draw(_STATUSES),
        policies={name: document(ref, of) for name, document in policies.items()},
        tags=draw(_TAGS)(of),
        configuration_set=draw(st.sampled_from([None, None, "mail"])),
        dkim=None if tame else draw(_SIGNING),
        mail_from=None if tame else draw(_RETURNS),
        feedback_forwarding=draw(st.booleans()),
    )


@cache
def _second_factors() -> st.SearchStrategy[bool | Unreadable]:
    found: list[bool | Unreadable] = [False, False, True, unread("cognito-idp:GetUserPoolMfaConfig")]
    return st.sampled_from(found)


@cache
def _threat_notices(region: str) -> st.SearchStrategy[ThreatNotices | Unreadable | None]:
    refused = unread("cognito-idp:DescribeRiskConfiguration")
    names = st.sampled_from(["support@example.com", "example.com", "security@example.com"])
    regions = st.sampled_from([region, "us-east-1", "eu-west-1", "*"])
    arns = st.builds(lambda name, of: identity_ref(name, region=of).arn, names, regions) | st.sampled_from(["", "x"])
    written = st.builds(
        ThreatNotices,
        source_arn=arns,
        from_address=st.sampled_from([None, "support@example.com", "Shop <a@elsewhere.example>", "no mailbox"]),
        reply_to=st.sampled_from([None, "help@example.com"]),
    )
    return st.sampled_from([None, None, refused]) | written


@cache
def _link_domains() -> st.SearchStrategy[LinkDomain | None]:
    refused = unread("cognito-idp:DescribeUserPoolDomain")
    custom = st.sampled_from(["ACTIVE", "FAILED", "", refused])
    return st.sampled_from([None, None, LinkDomain(name="shop"), LinkDomain(name=None)]) | st.builds(
        LinkDomain, name=st.just("auth.example.com"), custom_status=custom
    )


@cache
def _set_in(region: str, *, tame: bool) -> st.SearchStrategy[ConfigurationSet]:
    refused = unread("ses:GetConfigurationSetEventDestinations", region)
    return st.builds(
        lambda enabled, tls, reasons, destinations, ip_pool: configuration_set(
            region=region,
            sending_enabled=enabled,
            tls_required=tls,
            suppressed_reasons=reasons,
            destinations=destinations,
            ip_pool=ip_pool,
        ),
        st.just(value=True) if tame else st.sampled_from([True, True, False]),
        st.booleans(),
        st.sampled_from([None, (), ("BOUNCE",)]),
        st.sampled_from([None, ()] if tame else [None, (), refused]),
        st.none() if tame else _ip_pools(region),
    )


@cache
def _ip_pools(region: str) -> st.SearchStrategy[DedicatedIpPool | None]:
    states: list[bool | Unreadable] = [True, False, unread("ses:GetDedicatedIpPool", region)]
    return st.none() | st.builds(DedicatedIpPool, name=st.just("transactional"), exists=st.sampled_from(states))


@cache
def _account_of(region: str) -> st.SearchStrategy[SesAccount]:
    return st.builds(
        lambda production, enabled, enforcement: ses_account(
            region, production_access=production, sending_enabled=enabled, enforcement=enforcement
        ),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([Enforcement.HEALTHY, Enforcement.HEALTHY, *Enforcement]),
    )


@cache
def _roles(*, tame: bool) -> st.SearchStrategy[RoleReading]:
    there: list[RoleReading] = [*[ServiceLinkedRole.PRESENT] * 4, ServiceLinkedRole.ABSENT]
    return st.sampled_from(there if tame else [*there, unread("iam:GetRole")])


@cache
def _email_configurations(ref: IdentityRef, *, tame: bool) -> st.SearchStrategy[EmailConfiguration]:
    foreign = replace(ref, account=OTHER_ACCOUNT)
    odd = [None, "", "arn:aws:sns:us-east-1:111122223333:x", foreign.arn]
    odd_from: list[str | None] = ["<", "a@b@c"]
    senders = [None, "no-reply@example.com", "상점 <no-reply@example.com>", "Shop <support@example.com>"]
    return st.builds(
        EmailConfiguration,
        sending_account=st.sampled_from([None, SenderMode.COGNITO_DEFAULT, SenderMode.DEVELOPER, SenderMode.DEVELOPER]),
        source_arn=st.just(ref.arn) if tame else st.sampled_from([ref.arn] * 12 + odd),
        from_address=st.sampled_from(senders if tame else senders + odd_from),
        reply_to=st.sampled_from([None, "help@example.com"]),
        configuration_set=st.sampled_from([None, None, None, "mail"]),
    )
