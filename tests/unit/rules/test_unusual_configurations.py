"""No false alarms: sound but unusual configurations are judged ``yes``, with the documented advice and no more."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import (
    EmailConfiguration,
    PoolReading,
    SenderMode,
    ServiceLinkedRole,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import (
    ACCOUNT,
    ADDRESS,
    LAMBDA,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
    unread,
)

SEOUL = pool_ref("ap-northeast-2")
OREGON = identity_ref(region="us-west-2")
DOMAIN = identity_ref("example.com")
NEIGHBOR = pool_ref(pool_id="us-east-1_Neighbor1")
GLOBAL = "email.cognito-idp.amazonaws.com"
UAE = "cognito-idp.me-central-1.amazonaws.com"
OWN_ACCOUNT: dict[str, dict[str, object]] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _seoul(**policies: str) -> MailPath:
    """A Seoul pool on the default sender, as an identity in Oregon with these policies."""
    return mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), identity(region="us-west-2", policies=policies))


def _conditioned(conditions: dict[str, dict[str, object]], **others: object) -> MailPath:
    document = json.loads(sending_policy(OREGON, conditions=conditions))
    document["Statement"][0] |= others
    return _seoul(cognito=json.dumps(document))


def _developer(email: EmailConfiguration, name: str = "example.com", **policies: str) -> MailPath:
    return mail_path(pool(email=email), identity(name, policies=policies))


def _uae(*principals: str) -> MailPath:
    def policy(ref: IdentityRef) -> str:
        document = json.loads(sending_policy(ref, pool_ref("me-central-1")))
        document["Statement"][0]["Principal"] = {"Service": list(principals)}
        return json.dumps(document)

    regions = ("eu-central-1", "eu-west-2")
    return mail_path(
        pool("me-central-1", email=custom_from(identity_ref(region="*"))),
        *(identity(region=region, policies={"p": policy(identity_ref(region=region))}) for region in regions),
    )


def _naming(arn: str, *, others: Mapping[PoolRef, PoolReading], unwatched: tuple[str, ...]) -> MailPath:
    """A Seoul pool whose statement names another pool besides, in this form."""
    document = json.loads(sending_policy(OREGON, SEOUL))
    document["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].append(arn)
    return mail_path(
        pool("ap-northeast-2", email=custom_from(OREGON)),
        identity(region="us-west-2", policies={"cognito": json.dumps(document)}),
        others=others,
        unwatched=unwatched,
    )


def _named(name: str, path: MailPath) -> ParameterSet:
    return pytest.param(path, id=name)


HANDED_OVER = [
    _named("a custom sender Lambda on an otherwise empty pool", mail_path(pool(custom_sender_lambda=LAMBDA))),
    _named(
        "a custom sender Lambda on a pool whose identity is gone",
        mail_path(pool(email=developer(OREGON), custom_sender_lambda=LAMBDA)),
    ),
    _named(
        "a custom sender Lambda on a pool in a region without a row",
        mail_path(pool("us-gov-west-1", email=developer(OREGON), custom_sender_lambda=LAMBDA)),
    ),
]
SENDERS = [
    _named("an old pool with an empty EmailConfiguration", mail_path(pool())),
    _named(
        "the default sender said aloud",
        mail_path(pool(email=EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT))),
    ),
    _named("the default sender with a REPLY-TO", mail_path(pool(email=EmailConfiguration(reply_to=ADDRESS)))),
    _named("the default sender in a region without a row", mail_path(pool("ap-southeast-6"))),
    _named("an address identity without FROM", _developer(developer(identity_ref()), ADDRESS)),
    _named(
        "a display name that is encoded",
        _developer(developer(DOMAIN, from_address="=?UTF-8?B?6rOg6rCd7IS87YSw?= <help@example.com>")),
    ),
    _named(
        "a display name with a comma",
        _developer(developer(DOMAIN, from_address='"Example, Inc." <help@example.com>')),
    ),
    _named(
        "FROM in a subdomain of the identity", _developer(developer(DOMAIN, from_address="no-reply@mail.example.com"))
    ),
    _named("FROM in other letters", _developer(developer(DOMAIN, from_address="No-Reply@Example.COM"))),
    _named("another REPLY-TO than FROM", _developer(developer(DOMAIN, reply_to="help@example.org"))),
    _named(
        "a pool whose name is Korean", mail_path(pool(name="주문 알림", email=developer(identity_ref())), identity())
    ),
]
REGIONS = [
    _named(
        "a remote region that the page allows",
        mail_path(
            pool("ap-northeast-2", email=developer(identity_ref(region="eu-west-1"))), identity(region="eu-west-1")
        ),
    ),
    _named(
        "the default sender through a remote region",
        _seoul(cognito=sending_policy(OREGON, SEOUL)),
    ),
    _named(
        "a replica's region that differs from the pool id",
        mail_path(
            replace(
                pool(email=developer(identity_ref(region="eu-west-1"))),
                ref=pool_ref("eu-west-1", pool_id="us-east-1_AbC"),
            ),
            identity(region="eu-west-1"),
        ),
    ),
    _named("two regions at once", _uae(UAE)),
    _named("two regions at once with further principals", _uae(GLOBAL, UAE)),
]
POLICIES = [
    _named(
        "a wildcard for the pools of the account",
        _conditioned({**OWN_ACCOUNT, "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*"}}),
    ),
    _named(
        "a wildcard for the pools of one region",
        _conditioned(
            {**OWN_ACCOUNT, "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:ap-northeast-2:{ACCOUNT}:userpool/*"}}
        ),
    ),
    _named(
        "StringEquals on SourceArn",
        _conditioned({"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": SEOUL.arn}}),
    ),
    _named(
        "StringLike on SourceArn", _conditioned({"StringLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:*"}})
    ),
    _named("ArnEquals on SourceArn", _conditioned({**OWN_ACCOUNT, "ArnEquals": {"aws:SourceArn": SEOUL.arn}})),
    _named("only the account", _conditioned(OWN_ACCOUNT)),
    _named("only the pool", _conditioned({"ArnLike": {"aws:SourceArn": SEOUL.arn}})),
    _named("a list of pools", _seoul(cognito=sending_policy(OREGON, pool_ref("us-east-1"), SEOUL))),
    _named("condition keys in capitals", _conditioned({"StringEquals": {"AWS:SOURCEACCOUNT": ACCOUNT}})),
    _named("every sending action by a wildcard", _conditioned(OWN_ACCOUNT, Action="SES:Send*")),
    _named("every action of SES", _conditioned(OWN_ACCOUNT, Action=["ses:*"])),
    _named("no version", _conditioned(OWN_ACCOUNT, Sid="")),
    _named("a condition on FROM", _conditioned({**OWN_ACCOUNT, "StringLike": {"ses:FromAddress": "*@example.com"}})),
    _named("a condition on TLS", _conditioned({**OWN_ACCOUNT, "Bool": {"aws:SecureTransport": "true"}})),
    _named(
        "one Deny that spares the pool",
        _seoul(
            cognito=sending_policy(OREGON, SEOUL),
            stop=sending_policy(OREGON, pool_ref("us-east-1"), effect="Deny"),
        ),
    ),
    _named(
        "a Deny without TLS",
        _seoul(
            cognito=sending_policy(OREGON, SEOUL),
            tls=json.dumps(
                {
                    "Statement": [
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "ses:*",
                            "Resource": OREGON.arn,
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ]
                }
            ),
        ),
    ),
    _named(
        "the two actions in two policies",
        _seoul(
            a=sending_policy(OREGON, SEOUL, actions=["ses:SendEmail"]),
            b=sending_policy(OREGON, SEOUL, actions=["ses:SendRawEmail"]),
        ),
    ),
    _named(
        "several policies, one of which would do",
        _seoul(
            a=sending_policy(OREGON, pool_ref("us-east-1")),
            b=sending_policy(OREGON, SEOUL),
            c=sending_policy(OREGON, SEOUL, principal="cognito-idp.amazonaws.com"),
        ),
    ),
    _named(
        "a policy about other calls than sending",
        _seoul(
            cognito=sending_policy(OREGON, SEOUL),
            admins=json.dumps(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"},
                        "Action": "ses:DeleteEmailIdentity",
                        "Resource": OREGON.arn,
                    }
                }
            ),
        ),
    ),
    _named(
        "a statement for another principal that cannot be decided",
        _seoul(
            cognito=sending_policy(OREGON, SEOUL),
            vpn=json.dumps(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/mailer"},
                        "Action": "ses:SendEmail",
                        "Resource": OREGON.arn,
                        "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
                    }
                }
            ),
        ),
    ),
    _named(
        "a legacy grant beside the right one",
        _conditioned(OWN_ACCOUNT, Principal={"Service": ["cognito-idp.amazonaws.com", GLOBAL]}),
    ),
    _named("no policy at all where the role sends", _developer(developer(DOMAIN))),
    _named(
        "a policy for another principal where the role sends",
        _developer(
            developer(DOMAIN), cognito=sending_policy(DOMAIN, pool_ref(), principal="cognito-idp.amazonaws.com")
        ),
    ),
    _named(
        "a Deny that spares the service-linked role",
        _developer(
            developer(DOMAIN),
            guard=json.dumps(
                {
                    "Statement": {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "ses:Send*",
                        "Resource": DOMAIN.arn,
                        "Condition": {
                            "ArnNotLike": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/*"]},
                            "Bool": {"aws:PrincipalIsAWSService": "false"},
                        },
                    }
                }
            ),
        ),
    ),
]
NAMED = [
    _named(f"a policy that names {name}", _naming(named, others=others, unwatched=unwatched))
    for name, named, others, unwatched in (
        ("a pool that is there", NEIGHBOR.arn, {NEIGHBOR: pool(pool_id=NEIGHBOR.pool_id)}, ()),
        ("pools by a wildcard", f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_N*", {}, ()),
        ("a pool of another account", replace(NEIGHBOR, account="444455556666").arn, {}, ()),
        ("a pool of another partition", "arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/u_A", {}, ()),
        ("a pool in a region that is not watched", NEIGHBOR.arn, {}, ("us-east-1",)),
        ("a replica in a region that is not watched", replace(NEIGHBOR, region="eu-west-3").arn, {}, ("eu-west-3",)),
        (
            "a replica of a pool that lives in another region",
            replace(NEIGHBOR, region="eu-west-3").arn,
            {NEIGHBOR: pool(pool_id=NEIGHBOR.pool_id)},
            (),
        ),
        ("a pool that may not be read", NEIGHBOR.arn, {NEIGHBOR: unread("cognito-idp:DescribeUserPool")}, ()),
    )
]
ACCOUNTS = [
    _named(
        "the default sender, whose identity's account is in the sandbox",
        mail_path(
            pool("ap-northeast-2", email=custom_from(OREGON)),
            identity(region="us-west-2", policies={"cognito": sending_policy(OREGON, SEOUL)}),
            accounts=[ses_account("us-west-2", production_access=False)],
        ),
    ),
    _named(
        "the default sender, whose identity's account may not be read",
        mail_path(
            pool("ap-northeast-2", email=custom_from(OREGON)),
            identity(region="us-west-2", policies={"cognito": sending_policy(OREGON, SEOUL)}),
            unreadable={"us-west-2": unread("ses:GetAccount", "us-west-2")},
        ),
    ),
    _named(
        "the default sender without the service-linked role",
        mail_path(
            pool("ap-northeast-2", email=custom_from(OREGON)),
            identity(region="us-west-2", policies={"cognito": sending_policy(OREGON, SEOUL)}),
            role=ServiceLinkedRole.ABSENT,
        ),
    ),
    _named(
        "a sandbox in another region",
        mail_path(
            pool(email=developer(DOMAIN)),
            identity("example.com"),
            accounts=[ses_account("eu-west-1", production_access=False)],
        ),
    ),
    _named(
        "an account without a quota",
        mail_path(pool(email=developer(DOMAIN)), identity("example.com"), accounts=[ses_account(max_24_hour_send=-1)]),
    ),
    _named(
        "a verified identity whose last check has a status nobody has heard of",
        mail_path(pool(email=developer(DOMAIN)), identity("example.com", status=VerificationStatus.UNKNOWN)),
    ),
]
ADVISED = [
    pytest.param(
        _developer(developer(DOMAIN, from_address="고객센터 <help@example.com>")),
        "MW107",
        id="a display name in Korean that is not encoded",
    ),
    pytest.param(
        _seoul(
            cognito=sending_policy(OREGON, SEOUL),
            partner=json.dumps(
                {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:aws:iam::444455556666:role/mailer"},
                        "Action": "ses:SendEmail",
                        "Resource": OREGON.arn,
                    }
                }
            ),
        ),
        "MW405",
        id="an account of a partner that may send too",
    ),
    pytest.param(
        _seoul(**{f"p{number:02}": sending_policy(OREGON, SEOUL) for number in range(18)}),
        "MW410",
        id="eighteen policies",
    ),
    pytest.param(
        _naming(NEIGHBOR.arn, others={}, unwatched=()),
        "MW406",
        id="a pool that is gone beside the one that mails",
    ),
]


@pytest.mark.parametrize("path", [*SENDERS, *REGIONS, *POLICIES, *NAMED, *ACCOUNTS])
def test_a_sound_configuration_is_judged_yes_without_an_alert(path: MailPath) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == []
    assert {finding.effect for finding in judgment.findings} <= {Effect.NONE}
    assert judgment.verdict.answer is Answer.YES


@pytest.mark.parametrize("path", HANDED_OVER)
def test_a_pool_that_hands_its_mail_over_is_unknown_without_an_alert(path: MailPath) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == []
    assert [finding.rule_id for finding in judgment.findings if finding.effect is not Effect.NONE] == ["MW110"]
    assert judgment.verdict.answer is Answer.UNKNOWN


@pytest.mark.parametrize(("path", "advice"), ADVISED)
def test_a_sound_configuration_with_a_documented_advice_is_judged_yes(path: MailPath, advice: str) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == [advice]
    assert {finding.effect for finding in judgment.findings} == {Effect.NONE}
    assert judgment.verdict.answer is Answer.YES


def test_the_catalogue_has_at_least_forty_configurations() -> None:
    assert len([*SENDERS, *HANDED_OVER, *REGIONS, *POLICIES, *NAMED, *ACCOUNTS, *ADVISED]) >= 40
