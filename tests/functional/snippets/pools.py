"""Pools of different make: where the pool and its identity are, and the EmailConfiguration of the fix."""

from dataclasses import replace

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from tests.builders import OTHER_ACCOUNT, custom_from, developer, identity_ref, pool_ref

DOMAIN, ADDRESS = identity_ref("shop.example"), identity_ref("codes@shop.example")
SEOUL = IdentityRef(partition="aws", region="ap-northeast-2", account=DOMAIN.account, name="shop.example")
GOV = IdentityRef(partition="aws-us-gov", region="us-gov-west-1", account=DOMAIN.account, name="agency.example")
GOV_POOL = PoolRef(
    partition="aws-us-gov", region="us-gov-west-1", account=DOMAIN.account, pool_id="us-gov-west-1_Agency001"
)


def _from(name: str) -> EmailConfiguration:
    return developer(DOMAIN, from_address=f"{name} <no-reply@shop.example>")


POOLS: dict[str, tuple[PoolRef, EmailConfiguration]] = {
    "domain, plain FROM": (pool_ref(), developer(DOMAIN)),
    "domain, name in FROM": (pool_ref(), _from("Shop")),
    "domain, quoted name": (pool_ref(), _from('"Shop, Inc."')),
    "domain, quotes within quotes": (pool_ref(), _from('"The \\"best\\" shop"')),
    "domain, encoded name": (pool_ref(), _from("=?UTF-8?B?w4TDlsOc?=")),
    "domain, name that is not ASCII": (pool_ref(), _from("Bücher und Mäntel")),
    "domain, name in Korean": (pool_ref("ap-northeast-2"), replace(_from("상점"), source_arn=SEOUL.arn)),
    "domain, name with signs of templates": (pool_ref(), _from("100%{off} $5 #1")),
    "domain, name with a backslash": (pool_ref(), _from("Back\\slash")),
    "domain, name with an apostrophe": (pool_ref(), _from("Ann's shop")),
    "address without FROM": (pool_ref(), developer(ADDRESS)),
    "address as FROM": (pool_ref(), developer(ADDRESS, from_address="codes@shop.example")),
    "everything": (
        pool_ref(),
        developer(
            DOMAIN,
            from_address="Shop <no-reply@shop.example>",
            reply_to="help@shop.example",
            configuration_set="mail_set-1",
        ),
    ),
    "REPLY-TO that is not ASCII": (pool_ref(), developer(DOMAIN, reply_to="hilfe@bücher.example")),
    "identity in another region": (pool_ref("eu-west-1"), developer(DOMAIN)),
    "identity in every region": (pool_ref("ap-east-2"), developer(replace(DOMAIN, region="*"))),
    "identity of another account": (pool_ref(), developer(replace(DOMAIN, account=OTHER_ACCOUNT))),
    "FROM in a subdomain": (pool_ref(), developer(DOMAIN, from_address="no-reply@mail.shop.example")),
    "quoted @ before the @": (pool_ref(), developer(DOMAIN, from_address='"a@b"@shop.example')),
    "default sender with a FROM of ours": (pool_ref(), custom_from(ADDRESS, reply_to="help@shop.example")),
    "another partition": (GOV_POOL, developer(GOV)),
}


def change_of(name: str) -> ReplaceEmailConfiguration:
    """The fix of a pool that was on the default sender before."""
    pool, email = POOLS[name]
    return ReplaceEmailConfiguration(pool=pool, before=EmailConfiguration(), after=email)
