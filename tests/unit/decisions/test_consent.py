"""Consent, as the table says it: every combination of its three grounds."""

from collections.abc import Mapping

from mailwarden.domain.mail_path.consent import Consent, ConsentSettings, Opened
from mailwarden.domain.mail_path.consent_sources import consent_of
from mailwarden.domain.readings import IdentityReading, Missing
from mailwarden.message import Message, message
from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, StatementRef
from tests.builders import ACCOUNT, OTHER_ACCOUNT, identity, identity_ref, pool_ref, sending_policy, unread
from tests.tables import combinations, table

POOL, OTHER = pool_ref(), pool_ref(pool_id="us-east-1_OTHER")
IDENTITY = identity_ref()
WRONG = LEGACY_PRINCIPAL
SETTINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "none": {},
    "account": {IDENTITY.arn: ("account",)},
    "this pool": {IDENTITY.arn: (POOL.pool_id,)},
    "both pools": {IDENTITY.arn: (OTHER.pool_id, POOL.pool_id)},
    "other pool": {IDENTITY.arn: (OTHER.pool_id,)},
    "other identity": {identity_ref("else@example.com").arn: ("account",)},
}
TAGS: dict[str, dict[str, str]] = {
    "none": {},
    "account": {"mailwarden:cognito": "account"},
    "account and other pool": {"mailwarden:cognito": f"{OTHER.pool_id} account"},
    "this pool": {"mailwarden:cognito": POOL.pool_id},
    "both pools": {"mailwarden:cognito": f"{OTHER.pool_id}  {POOL.pool_id}"},
    "both pools with a comma": {"mailwarden:cognito": f"{OTHER.pool_id},{POOL.pool_id}"},
    "other pool": {"mailwarden:cognito": OTHER.pool_id},
    "no account": {"mailwarden:cognito": "no account"},
    "this pool and a word": {"mailwarden:cognito": f"not {POOL.pool_id}"},
    "other letters": {"mailwarden:cognito": "Account"},
    "empty": {"mailwarden:cognito": ""},
    "a comma alone": {"mailwarden:cognito": " , "},
    "key in other letters": {"Mailwarden:Cognito": "account"},
    "both keys": {"MAILWARDEN:cognito": POOL.pool_id, "mailwarden:cognito": "account"},
    "part of a word": {"mailwarden:cognito": f"accounts {POOL.pool_id}2"},
    "another tag": {"mailwarden": "account"},
}
WITHIN_THE_ORGANIZATION = {
    "StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:PrincipalOrgID": "o-example"},
    "ArnLike": {"aws:SourceArn": POOL.arn},
}
ANY_POOL = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": POOL.arn[:-3] + "*"}}
POLICIES: dict[str, dict[str, str]] = {
    "none": {},
    "wrong principal": {"p": sending_policy(IDENTITY, POOL, principal=WRONG)},
    "half of the actions": {"p": sending_policy(IDENTITY, POOL, actions=("ses:SendEmail",))},
    "other pool and wrong principal": {
        "a": sending_policy(IDENTITY, OTHER, principal=WRONG),
        "b": sending_policy(IDENTITY, POOL, principal=WRONG),
    },
    "works": {"p": sending_policy(IDENTITY, POOL)},
    "other pool": {"p": sending_policy(IDENTITY, OTHER, principal=WRONG)},
    "any pool": {"p": sending_policy(IDENTITY, principal=WRONG, conditions=ANY_POOL)},
    "another condition": {"p": sending_policy(IDENTITY, principal=WRONG, conditions=WITHIN_THE_ORGANIZATION)},
    "denied": {"p": sending_policy(IDENTITY, POOL, principal=WRONG, effect="Deny")},
    "other identity": {"p": sending_policy(identity_ref("else@example.com"), POOL, principal=WRONG)},
    "other account": {
        "p": sending_policy(
            IDENTITY,
            principal=WRONG,
            conditions={"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}, "ArnLike": {"aws:SourceArn": POOL.arn}},
        )
    },
}
TAG = "mailwarden:cognito"
GROUNDS = {
    ground.id: ground
    for ground in (
        message("consent.settings"),
        message("consent.identity-unreadable"),
        message("consent.tag-account", tag=TAG, value="account"),
        message("consent.tag-pool", tag=TAG, pool=POOL.pool_id),
        message("consent.none", tag=TAG),
    )
}


def ground_of(consent: Consent) -> Message:
    """What opens the identity, or why nothing does."""
    return consent.by if isinstance(consent, Opened) else consent.reason


def ground_in(case: Mapping[str, str], id_: str) -> Message:
    """The ground with this id; a statement is named by its policy and its place."""
    name = "b" if case["policy"] == "other pool and wrong principal" else "p"
    statement = StatementRef(policy=name, index=0, sid="Cognito")
    tags = TAGS[case["tag"]]
    match id_:
        case "consent.statement":
            return message(id_, statement=statement.message)
        case "consent.tag-unreadable":
            return message(id_, tag=TAG, value=tags[TAG])
        case "consent.tag-key":
            return message(id_, tag=TAG, key=next(key for key in tags if key != TAG))
        case _:
            return GROUNDS[id_]


def reading(case: Mapping[str, str]) -> IdentityReading:
    match case["identity"]:
        case "unreadable":
            return unread("ses:GetEmailIdentity")
        case "missing":
            return Missing(arn=IDENTITY.arn)
        case _:
            return identity(tags=TAGS[case["tag"]], policies=POLICIES[case["policy"]])


def test_every_combination_is_as_the_table_says() -> None:
    expected = table("consent", "Consent")
    for case in combinations(
        settings=tuple(SETTINGS),
        identity=("there", "unreadable", "missing"),
        tag=tuple(TAGS),
        policy=tuple(POLICIES),
        region=("known", "unknown"),
    ):
        consent = consent_of(
            IDENTITY,
            reading(case),
            POOL,
            principal=GLOBAL_PRINCIPAL if case["region"] == "known" else None,
            settings=ConsentSettings(identities=SETTINGS[case["settings"]]),
        )

        outcome = expected.decide(case)
        assert type(consent).__name__ == outcome["consent"], case
        assert ground_of(consent) == ground_in(case, outcome["by"]), case
    assert expected.idle == []
