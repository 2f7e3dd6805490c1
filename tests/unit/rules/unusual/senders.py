"""Sound pools whose sender, region or SES account is unusual."""

from dataclasses import replace

from mailwarden.domain.readings import (
    EmailConfiguration,
    SenderMode,
    ServiceLinkedRole,
    VerificationStatus,
)
from tests.builders import (
    ADDRESS,
    LAMBDA,
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
from tests.unit.rules.unusual.paths import (
    DOMAIN,
    GLOBAL,
    OREGON,
    SEOUL,
    UAE,
    granted_in_seoul,
    in_seoul,
    in_uae,
    named,
    of_developer,
)

HANDED_OVER = [
    named("a custom sender Lambda on an otherwise empty pool", mail_path(pool(custom_sender_lambda=LAMBDA))),
    named(
        "a custom sender Lambda on a pool whose identity is gone",
        mail_path(pool(email=developer(OREGON), custom_sender_lambda=LAMBDA)),
    ),
    named(
        "a custom sender Lambda on a pool in a region without a row",
        mail_path(pool("us-gov-west-1", email=developer(OREGON), custom_sender_lambda=LAMBDA)),
    ),
]
SENDERS = [
    named("an old pool with an empty EmailConfiguration", mail_path(pool())),
    named(
        "the default sender said aloud",
        mail_path(pool(email=EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT))),
    ),
    named("the default sender with a REPLY-TO", mail_path(pool(email=EmailConfiguration(reply_to=ADDRESS)))),
    named("the default sender in a region without a row", mail_path(pool("ap-southeast-6"))),
    named("an address identity without FROM", of_developer(developer(identity_ref()), ADDRESS)),
    named(
        "a display name that is encoded",
        of_developer(developer(DOMAIN, from_address="=?UTF-8?B?6rOg6rCd7IS87YSw?= <help@example.com>")),
    ),
    named(
        "a display name with a comma",
        of_developer(developer(DOMAIN, from_address='"Example, Inc." <help@example.com>')),
    ),
    named(
        "FROM in a subdomain of the identity", of_developer(developer(DOMAIN, from_address="no-reply@mail.example.com"))
    ),
    named("FROM in other letters", of_developer(developer(DOMAIN, from_address="No-Reply@Example.COM"))),
    named("another REPLY-TO than FROM", of_developer(developer(DOMAIN, reply_to="help@example.org"))),
    named(
        "a pool whose name is Korean", mail_path(pool(name="주문 알림", email=developer(identity_ref())), identity())
    ),
]
REGIONS = [
    named(
        "a remote region that the page allows",
        mail_path(
            pool("ap-northeast-2", email=developer(identity_ref(region="eu-west-1"))), identity(region="eu-west-1")
        ),
    ),
    named(
        "the default sender through a remote region",
        in_seoul(cognito=sending_policy(OREGON, SEOUL)),
    ),
    named(
        "a replica's region that differs from the pool id",
        mail_path(
            replace(
                pool(email=developer(identity_ref(region="eu-west-1"))),
                ref=pool_ref("eu-west-1", pool_id="us-east-1_AbC"),
            ),
            identity(region="eu-west-1"),
        ),
    ),
    named("two regions at once", in_uae(UAE)),
    named("two regions at once with further principals", in_uae(GLOBAL, UAE)),
]
ACCOUNTS = [
    named(
        "the default sender, whose identity's account is in the sandbox",
        granted_in_seoul(accounts=[ses_account("us-west-2", production_access=False)]),
    ),
    named(
        "the default sender, whose identity's account may not be read",
        granted_in_seoul(unreadable={"us-west-2": unread("ses:GetAccount", "us-west-2")}),
    ),
    named(
        "the default sender without the service-linked role",
        granted_in_seoul(role=ServiceLinkedRole.ABSENT),
    ),
    named(
        "a sandbox in another region",
        mail_path(
            pool(email=developer(DOMAIN)),
            identity("example.com"),
            accounts=[ses_account("eu-west-1", production_access=False)],
        ),
    ),
    named(
        "an account without a quota",
        mail_path(pool(email=developer(DOMAIN)), identity("example.com"), accounts=[ses_account(max_24_hour_send=-1)]),
    ),
    named(
        "a verified identity whose last check has a status nobody has heard of",
        mail_path(pool(email=developer(DOMAIN)), identity("example.com", status=VerificationStatus.UNKNOWN)),
    ),
]
