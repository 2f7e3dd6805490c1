"""A policy trusts Cognito's global principal where Cognito uses a regional one; Mailwarden adds the regional one."""

from sandbox.demo.scene import Act, Expected, Repaired, Scene, Setting
from sandbox.demo.stage.pools import (
    GLOBAL_PRINCIPAL,
    Pool,
    attach,
    known_pool,
    policies_of,
    sending_policy,
    verified_identity,
)
from sandbox.demo.stage.stage import Stage

_POOL_REGION, _SES_REGION = "me-central-1", "eu-central-1"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _SES_REGION, "ae.orchard.example")
    pool = known_pool(stage, _POOL_REGION, "shop-ae", {"EmailSendingAccount": "COGNITO_DEFAULT"})
    attach(
        stage,
        identity,
        "cognito-shop-ae",
        sending_policy(
            identity,
            GLOBAL_PRINCIPAL,
            StringEquals={"aws:SourceAccount": stage.account},
            ArnLike={"aws:SourceArn": pool.arn},
        ),
    )
    stage.quiet()
    dana = stage.actor("dana", "cognito-idp:UpdateUserPool", "iam:CreateServiceLinkedRole")

    def use_identity() -> Pool:
        stage.client("cognito-idp", _POOL_REGION, actor=dana).update_user_pool(
            UserPoolId=pool.pool_id,
            AutoVerifiedAttributes=["email"],
            EmailConfiguration={
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": identity.arn,
                "From": "Orchard <hello@ae.orchard.example>",
            },
        )
        return pool

    return Setting(
        act=Act(
            actor=dana,
            call="cognito-idp:UpdateUserPool",
            words=f"from the default sender to DEVELOPER with the identity {identity.name} in {_SES_REGION}",
            perform=use_identity,
        ),
        pool=pool,
        snapshot=lambda: policies_of(stage, identity),
    )


WRONG_PRINCIPAL = Scene(
    number=4,
    title="The wrong service principal",
    situation="A pool in the UAE is to send through eu-central-1. The identity's policy names this pool but trusts "
    "the global principal email.cognito-idp.amazonaws.com. For pools in me-central-1, Cognito calls SES "
    "as cognito-idp.me-central-1.amazonaws.com.",
    lesson="The owner's statement names this pool, which is consent. Mailwarden leaves that statement as it is "
    "and adds a grant for the regional principal.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Repaired(rule="MW403", changed=("mailwarden-cognito",)),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="arrived",
    ),
)
