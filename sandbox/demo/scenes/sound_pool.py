"""A pool that can send: Mailwarden inspects it and sends no alert."""

from sandbox.demo.scene import Act, Expected, Scene, Setting, Sound
from sandbox.demo.stage.pools import new_pool, policies_of, verified_identity
from sandbox.demo.stage.stage import Stage

_REGION = "us-east-1"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, "news.orchard.example")
    alice = stage.actor(
        "alice",
        "cognito-idp:CreateUserPool",
        "cognito-idp:CreateUserPoolClient",
        "iam:CreateServiceLinkedRole",
    )
    email = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": identity.arn,
        "From": "Orchard News <hello@news.orchard.example>",
    }
    return Setting(
        act=Act(
            actor=alice,
            call="cognito-idp:CreateUserPool",
            words="pool newsletter in us-east-1; sender DEVELOPER with the identity news.orchard.example in us-east-1",
            perform=lambda: new_pool(stage, _REGION, "newsletter", email, actor=alice),
        ),
        pool=None,
        snapshot=lambda: policies_of(stage, identity),
    )


SOUND_POOL = Scene(
    number=1,
    title="A pool that works",
    situation="Alice creates a user pool that sends its mail as the company's own SES identity.",
    lesson="Every link of the mail path works, so Mailwarden sends no alert.",
    place=_place,
    expected=Expected(
        answer="yes",
        deciding=None,
        outcome=Sound(),
        mail_before=None,
        mail_broken=None,
        mail_after="arrived",
    ),
)
