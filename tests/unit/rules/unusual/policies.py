"""Sound pools whose identity has unusual sending policies."""

import json
from dataclasses import replace

import pytest

from tests.builders import (
    ACCOUNT,
    developer,
    pool,
    pool_ref,
    sending_policy,
    unread,
)
from tests.unit.rules.unusual.paths import (
    DOMAIN,
    GLOBAL,
    NEIGHBOR,
    OREGON,
    OWN_ACCOUNT,
    SEOUL,
    conditioned,
    in_seoul,
    named,
    naming,
    of_developer,
    statement_for,
)

POLICIES = [
    named(
        "a wildcard for the pools of the account",
        conditioned({**OWN_ACCOUNT, "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*"}}),
    ),
    named(
        "a wildcard for the pools of one region",
        conditioned(
            {**OWN_ACCOUNT, "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:ap-northeast-2:{ACCOUNT}:userpool/*"}}
        ),
    ),
    named(
        "StringEquals on SourceArn",
        conditioned({"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": SEOUL.arn}}),
    ),
    named(
        "StringLike on SourceArn", conditioned({"StringLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:*"}})
    ),
    named("ArnEquals on SourceArn", conditioned({**OWN_ACCOUNT, "ArnEquals": {"aws:SourceArn": SEOUL.arn}})),
    named("only the account", conditioned(OWN_ACCOUNT)),
    named("only the pool", conditioned({"ArnLike": {"aws:SourceArn": SEOUL.arn}})),
    named("a list of pools", in_seoul(cognito=sending_policy(OREGON, pool_ref("us-east-1"), SEOUL))),
    named("condition keys in capitals", conditioned({"StringEquals": {"AWS:SOURCEACCOUNT": ACCOUNT}})),
    named("every sending action by a wildcard", conditioned(OWN_ACCOUNT, Action="SES:Send*")),
    named("every action of SES", conditioned(OWN_ACCOUNT, Action=["ses:*"])),
    named("no version", conditioned(OWN_ACCOUNT, Sid="")),
    named("a condition on FROM", conditioned({**OWN_ACCOUNT, "StringLike": {"ses:FromAddress": "*@example.com"}})),
    named("a condition on TLS", conditioned({**OWN_ACCOUNT, "Bool": {"aws:SecureTransport": "true"}})),
    named(
        "one Deny that spares the pool",
        in_seoul(
            cognito=sending_policy(OREGON, SEOUL),
            stop=sending_policy(OREGON, pool_ref("us-east-1"), effect="Deny"),
        ),
    ),
    named(
        "a Deny without TLS",
        in_seoul(
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
    named(
        "the two actions in two policies",
        in_seoul(
            a=sending_policy(OREGON, SEOUL, actions=["ses:SendEmail"]),
            b=sending_policy(OREGON, SEOUL, actions=["ses:SendRawEmail"]),
        ),
    ),
    named(
        "several policies, one of which would do",
        in_seoul(
            a=sending_policy(OREGON, pool_ref("us-east-1")),
            b=sending_policy(OREGON, SEOUL),
            c=sending_policy(OREGON, SEOUL, principal="cognito-idp.amazonaws.com"),
        ),
    ),
    named(
        "a policy about other calls than sending",
        in_seoul(
            cognito=sending_policy(OREGON, SEOUL),
            admins=statement_for(f"arn:aws:iam::{ACCOUNT}:role/admin", "ses:DeleteEmailIdentity"),
        ),
    ),
    named(
        "a statement for another principal that cannot be decided",
        in_seoul(
            cognito=sending_policy(OREGON, SEOUL),
            vpn=statement_for(
                f"arn:aws:iam::{ACCOUNT}:role/mailer",
                "ses:SendEmail",
                Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
            ),
        ),
    ),
    named(
        "a legacy grant beside the right one",
        conditioned(OWN_ACCOUNT, Principal={"Service": ["cognito-idp.amazonaws.com", GLOBAL]}),
    ),
    named("no policy at all where the role sends", of_developer(developer(DOMAIN))),
    named(
        "a policy for another principal where the role sends",
        of_developer(
            developer(DOMAIN), cognito=sending_policy(DOMAIN, pool_ref(), principal="cognito-idp.amazonaws.com")
        ),
    ),
    named(
        "a Deny that spares the service-linked role",
        of_developer(
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
    named(f"a policy that names {name}", naming(arn, others=others, unwatched=unwatched))
    for name, arn, others, unwatched in (
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
ADVISED_POLICIES = [
    pytest.param(
        in_seoul(
            cognito=sending_policy(OREGON, SEOUL),
            partner=statement_for("arn:aws:iam::444455556666:role/mailer", "ses:SendEmail"),
        ),
        "MW405",
        id="an account of a partner that may send too",
    ),
    pytest.param(
        in_seoul(**{f"p{number:02}": sending_policy(OREGON, SEOUL) for number in range(18)}),
        "MW410",
        id="eighteen policies",
    ),
    pytest.param(
        naming(NEIGHBOR.arn, others={}, unwatched=()),
        "MW406",
        id="a pool that is gone beside the one that mails",
    ),
]
