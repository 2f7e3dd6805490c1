"""The pools and identities of the model, and what a person may write into them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

from mailwarden.domain.readings import EmailConfiguration, Identity, Pool
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.policy import LEGACY_PRINCIPAL
from tests.builders import custom_from, developer, identity_ref, pool, sending_policy

OREGON, FRANKFURT = identity_ref(region="us-west-2"), identity_ref(region="eu-central-1")
VIRGINIA, PARIS = identity_ref("hello@example.com"), identity_ref("hello@example.com", region="eu-west-3")
IDENTITIES = (OREGON, FRANKFURT, VIRGINIA, PARIS)


def first_pools() -> tuple[Pool, ...]:
    """Two pools share one identity across regions, one sends as DEVELOPER through another region, one may be moved."""
    seoul = [pool("ap-northeast-2", pool_id=f"ap-northeast-2_{name}", email=custom_from(OREGON)) for name in "AB"]
    gulf = pool("me-central-1", pool_id="me-central-1_M", email=developer(FRANKFURT))
    paris = pool("eu-west-3", pool_id="eu-west-3_P", email=developer(PARIS))
    return (*seoul, gulf, paris)


def emails_of(of: Pool) -> dict[str, EmailConfiguration]:
    """What a person may write into the e-mail configuration of a pool."""
    source = {"ap-northeast-2": OREGON, "me-central-1": FRANKFURT, "eu-west-3": PARIS}[of.ref.region]
    right = custom_from(source) if of.ref.region == "ap-northeast-2" else developer(source)
    return {
        "right": right,
        "answered elsewhere": replace(right, reply_to="else@example.com"),
        "misplaced": developer(VIRGINIA),
        "default": EmailConfiguration(),
    }


def policies_of(of: Identity, pools: Iterable[Pool]) -> dict[str, Callable[[dict[str, str]], dict[str, str]]]:
    """What a person may do to the policies of an identity."""
    refs = [each.ref for each in pools]
    principal = "cognito-idp.me-central-1.amazonaws.com" if of.ref == FRANKFURT else None
    names = {} if principal is None else {"principal": principal}
    grant = sending_policy(of.ref, *refs, **cast("Any", names))
    wrong = sending_policy(of.ref, *refs, principal=LEGACY_PRINCIPAL) if refs else grant
    narrow = sending_policy(
        of.ref,
        conditions={
            "ArnLike": {"aws:SourceArn": [ref.arn for ref in refs]},
            "StringLike": {"ses:FromAddress": "x@y.example"},
        },
        **cast("Any", names),
    )
    deny = sending_policy(of.ref, *refs, effect="Deny", **cast("Any", names))
    return {
        "grant": lambda held: held | {"theirs": grant},
        "wrong principal": lambda held: held | {"theirs": wrong},
        "narrow ours": lambda held: held | {"mailwarden-cognito": narrow},
        "deny": lambda held: held | {"deny": deny},
        "delete all": lambda _: {},
        "delete ours": lambda held: {name: text for name, text in held.items() if not name.startswith("mailwarden")},
        "delete theirs": lambda held: {name: text for name, text in held.items() if name.startswith("mailwarden")},
    }


def identity_of(of: Pool) -> IdentityRef | None:
    """The identity that a pool sends as."""
    arn = of.email.source_arn
    return next((ref for ref in IDENTITIES if ref.arn == arn), None)
