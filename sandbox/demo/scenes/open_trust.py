"""A policy lets the user pools of any AWS customer send: an alert is sent, and the policy is left alone."""

from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage.pools import (
    GLOBAL_PRINCIPAL,
    OPEN_TO_COGNITO,
    Pool,
    attach,
    known_pool,
    policies_of,
    sending_policy,
    verified_identity,
)
from sandbox.demo.stage.stage import Stage

_REGION = "us-east-1"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, "partners.orchard.example", tags=OPEN_TO_COGNITO)
    pool = known_pool(
        stage,
        _REGION,
        "partners",
        {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": identity.arn,
            "From": "Orchard Partners <hello@partners.orchard.example>",
        },
    )
    erik = stage.actor("erik", "ses:CreateEmailIdentityPolicy")

    def trust_every_customer() -> Pool:
        attach(stage, identity, "from-a-tutorial", sending_policy(identity, GLOBAL_PRINCIPAL), actor=erik)
        return pool

    return Setting(
        act=Act(
            actor=erik,
            call="ses:CreateEmailIdentityPolicy",
            words=f'policy "from-a-tutorial" on {identity.name}: it trusts Cognito and has no Condition',
            perform=trust_every_customer,
        ),
        pool=pool,
        subject_arn=identity.arn,
        alert_names=identity.name,
        snapshot=lambda: policies_of(stage, identity),
    )


OPEN_TRUST = Scene(
    number=5,
    title="Cognito trusted without conditions",
    situation="A pool sends as its own identity. Erik attaches a policy from a tutorial to that identity.",
    lesson="The pool's mail still arrives, so the verdict is yes. But Cognito is one service for all AWS "
    "customers: any customer's user pool could now send as this identity, which is critical. Only the "
    "owner may narrow the policy, so Mailwarden sends an alert and changes nothing.",
    place=_place,
    expected=Expected(
        answer="yes",
        deciding=None,
        outcome=Reported(rule="MW404", reason="decision.no-fix", shows_write=False),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
