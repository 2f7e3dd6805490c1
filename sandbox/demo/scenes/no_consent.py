"""A grant is missing and the identity's owner gave no consent: the change is shown in the alert and not applied."""

from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage.pools import (
    GLOBAL_PRINCIPAL,
    Pool,
    attach,
    known_pool,
    policies_of,
    pools_of_this_account,
    sending_policy,
    verified_identity,
)
from sandbox.demo.stage.stage import Stage

_REGION = "eu-west-1"
_POLICY = "cognito-from-the-console"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, "press@orchard.example")
    attach(
        stage, identity, _POLICY, sending_policy(identity, GLOBAL_PRINCIPAL, **pools_of_this_account(stage, _REGION))
    )
    pool = known_pool(stage, _REGION, "press", {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": identity.arn})
    fatima = stage.actor("fatima", "ses:DeleteIdentityPolicy")

    def delete_policy() -> Pool:
        stage.client("ses", _REGION, actor=fatima).delete_identity_policy(Identity=identity.name, PolicyName=_POLICY)
        return pool

    return Setting(
        act=Act(
            actor=fatima,
            call="ses:DeleteIdentityPolicy",
            words=f'policy "{_POLICY}" of the identity {identity.name} in {_REGION}',
            perform=delete_policy,
        ),
        pool=pool,
        snapshot=lambda: policies_of(stage, identity),
    )


NO_CONSENT = Scene(
    number=6,
    title="No consent, no repair",
    situation="A pool in Ireland uses the default sender with the FROM address press@orchard.example. The owner of "
    "that identity gave no consent: no tag, no entry in the settings, no other statement for this pool.",
    lesson="A person who can edit a pool must not gain the use of an identity through Mailwarden. The alert "
    "shows the exact change. The owner applies it, or tags the identity once with "
    "mailwarden:cognito=account.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Reported(rule="MW401", reason="decision.no-consent", shows_write=True),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="lost",
    ),
)
