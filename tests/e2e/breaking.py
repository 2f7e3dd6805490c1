"""Ways to break each link of the mail path: by an API call, or by a change that only AWS or the DNS can make."""

import json
from datetime import UTC, datetime, timedelta

from tests.e2e.box import Json, unique
from tests.e2e.people import Identity, Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.workshop import Workshop

SEOUL, OREGON, VIRGINIA = "ap-northeast-2", "us-west-2", "us-east-1"
PARIS, FRANKFURT, DUBLIN, UAE = "eu-west-3", "eu-central-1", "eu-west-1", "me-central-1"
# SES is called at a third of its rate in each region: pools of one region would be looked at one after the other.
HOMES = (DUBLIN, OREGON, VIRGINIA)
OUTSIDER = "444455556666"
_MANY_POLICIES = 19


# Sender


def no_sender_of_its_own(shop: Workshop) -> Pool:
    return shop.pool(shop.home)


def no_source_arn(shop: Workshop) -> Pool:
    return shop.rewritten({"EmailSendingAccount": "DEVELOPER"})


def foreign_identity(shop: Workshop) -> Pool:
    name = f"{unique('shop')}.example"
    arn = f"arn:aws:ses:{shop.home}:{OUTSIDER}:identity/{name}"
    return shop.rewritten(developer(Identity(region=shop.home, name=name, arn=arn)))


def foreign_from(shop: Workshop) -> Pool:
    return shop.rewritten(developer(shop.domain(), From="hello@elsewhere.example"))


def domain_without_from(shop: Workshop) -> Pool:
    return shop.rewritten({"EmailSendingAccount": "DEVELOPER", "SourceArn": shop.domain().arn})


def domain_on_the_default_sender(shop: Workshop) -> Pool:
    domain = shop.domain()
    shop.people.attach(domain, sending_policy(domain, pools_of(shop.box, shop.home)))
    return shop.rewritten(default_sender(domain))


def address_of_a_domain(shop: Workshop) -> Pool:
    domain = shop.domain()
    name = f"hello@{domain.name}"
    return shop.rewritten(
        developer(
            Identity(region=shop.home, name=name, arn=f"arn:aws:ses:{shop.home}:{shop.box.account}:identity/{name}")
        )
    )


def malformed_from(shop: Workshop) -> Pool:
    domain = shop.domain()
    return shop.rewritten(developer(domain, From=f"쇼핑@{domain.name}"))


def unencoded_name(shop: Workshop) -> Pool:
    domain = shop.domain()
    return shop.rewritten(developer(domain, From=f"쇼핑 <hello@{domain.name}>"))


def malformed_reply_to(shop: Workshop) -> Pool:
    domain = shop.domain()
    return shop.rewritten(developer(domain, ReplyToEmailAddress=f"도움@{domain.name}"))


def mail_factors(shop: Workshop) -> Pool:
    pool = shop.pool(shop.home)
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    _set_members(shop, pool, {"Policies": policies})
    return pool


def no_domain_for_links(shop: Workshop) -> Pool:
    by_link = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
    pool = shop.pool(shop.home, developer(shop.domain()), VerificationMessageTemplate=by_link)
    cognito, domain = shop.box.client("cognito-idp", shop.home), unique("shop")
    cognito.create_user_pool_domain(UserPoolId=pool.pool_id, Domain=domain)
    cognito.delete_user_pool_domain(UserPoolId=pool.pool_id, Domain=domain)
    return pool


def notices_without_identity(shop: Workshop) -> Pool:
    pool, identity = shop.with_notices()
    shop.box.client("sesv2", shop.home).delete_email_identity(EmailIdentity=identity.name)
    return pool


def notices_without_grant(shop: Workshop) -> Pool:
    pool, identity = shop.with_notices()
    shop.people.detach(identity)
    return pool


def _set_members(shop: Workshop, pool: Pool, members: Json) -> None:
    shop.box.control("POST", f"cognito/pools/{pool.pool_id}", {"region": pool.region, "members": members})


# Region


def region_not_allowed(shop: Workshop) -> Pool:
    pool = shop.sending_as(shop.domain(PARIS))
    shop.people.legacy(pool, developer(shop.domain(VIRGINIA)))
    return pool


def region_unknown(shop: Workshop) -> Pool:
    pool = shop.sound(UAE)
    shop.people.legacy(pool, developer(shop.domain(UAE)))
    return pool


def remote_region(shop: Workshop) -> Pool:
    return shop.pool(SEOUL, developer(shop.domain(OREGON)))


def one_of_two_regions(shop: Workshop) -> Pool:
    identity, pool = shop.address(FRANKFURT), shop.sound(UAE)
    principal = f"cognito-idp.{UAE}.amazonaws.com"
    shop.people.attach(identity, sending_policy(identity, pools_of(shop.box, UAE), principal=principal))
    shop.people.legacy(pool, default_sender(identity))
    return pool


# Identity


def identity_missing(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    shop.box.client("sesv2", shop.home).delete_email_identity(EmailIdentity=identity.name)
    return pool


def identity_unverified(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    shop.set_identity(identity, verification_status="FAILED")
    return pool


def verification_in_danger(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    shop.set_identity(identity, verification_status="TEMPORARY_FAILURE", verified_for_sending=True)
    return pool


def dkim_failing(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    shop.set_identity(identity, dkim_status="FAILED")
    return pool


def mail_from_failing(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    shop.box.client("sesv2", shop.home).put_email_identity_mail_from_attributes(
        EmailIdentity=identity.name, MailFromDomain=f"bounce.{identity.name}", BehaviorOnMxFailure="REJECT_MESSAGE"
    )
    shop.set_identity(identity, mail_from_status="FAILED")
    return pool


def address_identity(shop: Workshop) -> Pool:
    return shop.sending_as(shop.address())


# Authorization


def no_grant(shop: Workshop) -> Pool:
    identity = shop.address()
    shop.people.attach(identity, sending_policy(identity, pools_of(shop.box, shop.home)))
    pool = shop.pool(shop.home, default_sender(identity))
    shop.people.detach(identity)
    return pool


def denied(shop: Workshop) -> Pool:
    identity = shop.domain()
    pool = shop.sending_as(identity)
    # A Deny for the service alone leaves open whether Cognito sends as its service-linked role: that is MW407.
    shop.people.attach(identity, _with(sending_policy(identity), Effect="Deny", Principal="*"))
    return pool


def wrong_principal(shop: Workshop) -> Pool:
    identity = shop.domain(FRANKFURT)
    shop.people.attach(identity, sending_policy(identity, pools_of(shop.box, UAE)))
    return shop.pool(UAE, developer(identity))


def unconditioned_trust(shop: Workshop) -> Pool:
    identity = shop.domain()
    shop.people.attach(identity, sending_policy(identity))
    return shop.sending_as(identity)


def grant_to_outsiders(shop: Workshop) -> Pool:
    identity = shop.domain()
    principal = {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}
    shop.people.attach(identity, _with(sending_policy(identity), Principal=principal))
    return shop.sending_as(identity)


def statement_for_a_gone_pool(shop: Workshop) -> Pool:
    identity = shop.address()
    doomed = shop.pool(shop.home, developer(identity))
    survivor = shop.pool(shop.home, default_sender(identity))
    policy = sending_policy(identity, pools_of(shop.box, shop.home))
    named = {"ArnLike": {"aws:SourceArn": [doomed.arn, survivor.arn]}}
    shop.people.attach(identity, _with(policy, Condition=named))
    shop.people.unprotect(doomed)
    shop.box.client("cognito-idp", shop.home).delete_user_pool(UserPoolId=doomed.pool_id)
    return survivor


def undecidable(shop: Workshop) -> Pool:
    identity = shop.address()
    conditions = {**pools_of(shop.box, shop.home), "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    shop.people.attach(identity, sending_policy(identity, conditions))
    return shop.pool(shop.home, default_sender(identity))


def half_a_grant(shop: Workshop) -> Pool:
    identity = shop.address()
    half = _with(sending_policy(identity, pools_of(shop.box, shop.home)), Action="ses:SendEmail")
    shop.people.attach(identity, half)
    return shop.pool(shop.home, default_sender(identity))


def policies_nearly_full(shop: Workshop) -> Pool:
    identity = shop.domain()
    policy = json.dumps(sending_policy(identity, pools_of(shop.box, shop.home)))
    shop.set_identity(identity, policies={f"shop-{number}": policy for number in range(_MANY_POLICIES)})
    return shop.sending_as(identity)


def _with(policy: Json, **members: object) -> Json:
    (statement,) = policy["Statement"]
    return {**policy, "Statement": [{**statement, **members}]}


# The watch


def unknown_members(shop: Workshop) -> Pool:
    pool, extra = shop.sound(shop.home), {"MailSorcery": {"Enabled": True}}
    shop.box.control("POST", f"cognito/pools/{pool.pool_id}", {"region": shop.home, "extra_members": extra})
    return pool


def unreadable_pool_tag(shop: Workshop) -> Pool:
    pool = shop.sound(shop.home)
    shop.box.client("cognito-idp", shop.home).tag_resource(ResourceArn=pool.arn, Tags={"mailwarden": "on holiday"})
    return pool


def unreadable_identity_tag(shop: Workshop) -> Pool:
    return shop.sending_as(shop.people.identity(shop.home, tags={"mailwarden": "on holiday"}))


def ending_pool_exemption(shop: Workshop) -> Pool:
    pool = shop.sound(shop.home)
    shop.box.client("cognito-idp", shop.home).tag_resource(ResourceArn=pool.arn, Tags={"mailwarden": _ends_soon("off")})
    return pool


def ending_identity_exemption(shop: Workshop) -> Pool:
    return shop.sending_as(shop.people.identity(shop.home, tags={"mailwarden": _ends_soon("report")}))


def _ends_soon(word: str) -> str:
    return f"{word} until={(datetime.now(tz=UTC) + timedelta(days=3)).date()}"
