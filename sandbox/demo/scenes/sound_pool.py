"""A pool where every link holds: Mailwarden looks, and says nothing."""

from sandbox.demo.pools import new_pool, policies_of, verified_identity
from sandbox.demo.scene import Act, Expected, Scene, Setting, Sound
from sandbox.demo.stage import Stage

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
            words="a pool newsletter in us-east-1, DEVELOPER, with the identity news.orchard.example of us-east-1",
            perform=lambda: new_pool(stage, _REGION, "newsletter", email, actor=alice),
        ),
        pool=None,
        snapshot=lambda: policies_of(stage, identity),
    )


SOUND_POOL = Scene(
    number=1,
    title="A sound pool",
    situation="Somebody creates a user pool whose mail is sent by the company's own SES identity.",
    lesson="Every link of the chain holds, so nobody is told anything.",
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
