"""The sending policy of an identity is deleted; its owner consented with a tag, so Mailwarden restores the grant."""

from sandbox.demo.scene import Act, Expected, Repaired, Scene, Setting
from sandbox.demo.stage.pools import (
    GLOBAL_PRINCIPAL,
    OPEN_TO_COGNITO,
    Pool,
    attach,
    known_pool,
    policies_of,
    pools_of_this_account,
    sending_policy,
    verified_identity,
)
from sandbox.demo.stage.stage import Stage

_POOL_REGION, _SES_REGION = "ap-northeast-2", "us-west-2"
_POLICY = "cognito-from-the-console"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _SES_REGION, "hello@orchard.example", tags=OPEN_TO_COGNITO)
    attach(
        stage,
        identity,
        _POLICY,
        sending_policy(identity, GLOBAL_PRINCIPAL, **pools_of_this_account(stage, _POOL_REGION)),
    )
    pool = known_pool(
        stage,
        _POOL_REGION,
        "shop-kr",
        {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": identity.arn},
    )
    bob = stage.actor("bob", "ses:DeleteIdentityPolicy")

    def delete_policy() -> Pool:
        stage.client("ses", _SES_REGION, actor=bob).delete_identity_policy(Identity=identity.name, PolicyName=_POLICY)
        return pool

    return Setting(
        act=Act(
            actor=bob,
            call="ses:DeleteIdentityPolicy",
            words=f'policy "{_POLICY}" of the identity {identity.name} in {_SES_REGION}',
            perform=delete_policy,
        ),
        pool=pool,
        snapshot=lambda: policies_of(stage, identity),
    )


DELETED_POLICY = Scene(
    number=2,
    title="A deleted sending policy",
    situation="A pool in Seoul uses Cognito's default sender with its own FROM address, hello@orchard.example, "
    "which is an identity in us-west-2. The identity has the tag mailwarden:cognito=account. Bob deletes "
    "a policy that seems unused.",
    lesson="The tag is the owner's consent, so Mailwarden restored the grant: for this pool only, and in a "
    "policy of its own.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Repaired(rule="MW401", changed=("mailwarden-cognito",)),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="arrived",
    ),
)
