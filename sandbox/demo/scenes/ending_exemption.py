"""A pool whose owner wants no alerts for some days: the end of that is announced before it comes."""

from datetime import timedelta

from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage.pools import OPEN_TO_COGNITO, Pool, known_pool, settings_of, verified_identity
from sandbox.demo.stage.stage import Stage

_REGION = "eu-west-1"
_DAYS = 5


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, "trial@orchard.example", tags=OPEN_TO_COGNITO)
    pool = known_pool(stage, _REGION, "trial", {"EmailSendingAccount": "DEVELOPER", "SourceArn": identity.arn})
    grace = stage.actor("grace", "cognito-idp:TagResource")
    until = (Stage.now() + timedelta(days=_DAYS)).date()

    def exempt() -> Pool:
        stage.client("cognito-idp", _REGION, actor=grace).tag_resource(
            ResourceArn=pool.arn, Tags={"mailwarden": f"off until={until} reason=a trial"}
        )
        return pool

    return Setting(
        act=Act(
            actor=grace,
            call="cognito-idp:TagResource",
            words=f'tag mailwarden="off until={until} reason=a trial" on the pool',
            perform=exempt,
        ),
        pool=pool,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


ENDING_EXEMPTION = Scene(
    number=11,
    title="An exemption that ends",
    situation="The owner of a pool turns off repairs and alerts for it, until a day in this week.",
    lesson="The tag silences everything but its own end, which is announced a week before and on the last day. "
    "`make exemptions` lists the pool with its last verdict, and so does the weekly summary.",
    place=_place,
    expected=Expected(
        answer="yes",
        deciding=None,
        outcome=Reported(rule="MW912", reason="decision.no-fix", shows_write=False),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
