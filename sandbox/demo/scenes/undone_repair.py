"""A person undoes a repair: the grant goes, no sweep gives it back, and the journal shows both writes."""

from sandbox.demo.scene import Act, Expected, Scene, Setting, Undone
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
_POLICY = "cognito-for-the-pilot"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _SES_REGION, "pilot@orchard.example", tags=OPEN_TO_COGNITO)
    everywhere = pools_of_this_account(stage, _POOL_REGION)
    attach(stage, identity, _POLICY, sending_policy(identity, GLOBAL_PRINCIPAL, **everywhere))
    email = {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": identity.arn}
    pool = known_pool(stage, _POOL_REGION, "pilot", email)
    nina = stage.actor("nina", "ses:DeleteIdentityPolicy")

    def end_the_pilot() -> Pool:
        stage.client("ses", _SES_REGION, actor=nina).delete_identity_policy(Identity=identity.name, PolicyName=_POLICY)
        return pool

    return Setting(
        act=Act(
            actor=nina,
            call="ses:DeleteIdentityPolicy",
            words=f'policy "{_POLICY}" of the identity {identity.name}, because the pilot is over',
            perform=end_the_pilot,
        ),
        pool=pool,
        snapshot=lambda: policies_of(stage, identity),
    )


UNDONE_REPAIR = Scene(
    number=9,
    title="A repair that a person undoes",
    situation="A pilot is over, and its pool is to send no mail. Nina deletes the sending policy. The identity still "
    "has the tag mailwarden:cognito=account, so Mailwarden restores the grant. An operator undoes that.",
    lesson="An undo removes only what its journal entry added. Mailwarden does not make the repair again until the "
    "configuration changes. To keep it from repairing this pool at all, give the pool the tag mailwarden=report.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Undone(rule="MW401", reason="decision.undone"),
        mail_before="arrived",
        mail_broken=None,
        mail_after="lost",
    ),
)
