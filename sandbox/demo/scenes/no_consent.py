"""A grant is missing and the identity's owner has opened it to nobody: the write is worked out, shown, and withheld."""

from sandbox.demo.pools import (
    GLOBAL_PRINCIPAL,
    Pool,
    attach,
    known_pool,
    policies_of,
    pools_of_this_account,
    sending_policy,
    verified_identity,
)
from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage import Stage

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
            words=f"{_POLICY} of {identity.name} in {_REGION}",
            perform=delete_policy,
        ),
        pool=pool,
        snapshot=lambda: policies_of(stage, identity),
    )


NO_CONSENT = Scene(
    number=6,
    title="No consent, no write",
    situation="An Irish pool on the default sender with the FROM press@orchard.example. Whoever owns that identity "
    "never opened it: no tag, no settings, no other statement for this pool.",
    lesson="Who may edit a pool must not gain an identity through Mailwarden. The owner gets the exact write, and does "
    "it, or tags the identity mailwarden:cognito=account once.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Reported(rule="MW401", because="has not opened it to this pool", shows_write=True),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="lost",
    ),
)
