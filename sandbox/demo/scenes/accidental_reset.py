"""A call that names one setting resets the sender of a pool: it is restored, because the records prove an accident."""

import time

from sandbox.demo.scene import Act, Expected, Repaired, Scene, Setting
from sandbox.demo.stage.pools import Pool, known_pool, settings_of, verified_identity
from sandbox.demo.stage.stage import SETTLE_SECONDS, Stage

_REGION, _DOMAIN = "eu-west-1", "grove.example"
# CloudTrail and Cognito cut times to whole seconds.
_A_SECOND = 1


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, _DOMAIN)
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": identity.arn, "From": f"Grove <hello@{_DOMAIN}>"}
    pool = known_pool(stage, _REGION, "grove", email)
    # A record that names EmailConfiguration: from now on its absence means something in this region.
    stage.client("cognito-idp", _REGION).update_user_pool(
        UserPoolId=pool.pool_id, EmailConfiguration=email, AutoVerifiedAttributes=["email"]
    )
    stage.quiet()
    _hold(stage, pool)
    stage.box.control("POST", "trail/history", {"delay_seconds": 0})
    erin = stage.actor("erin", "cognito-idp:UpdateUserPool")

    def add_a_tag() -> Pool:
        stage.client("cognito-idp", _REGION, actor=erin).update_user_pool(
            UserPoolId=pool.pool_id, UserPoolTags={"team": "grove"}, AutoVerifiedAttributes=["email"]
        )
        return pool

    return Setting(
        act=Act(
            actor=erin,
            call="cognito-idp:UpdateUserPool",
            words="UserPoolTags={team: grove} and AutoVerifiedAttributes=[email], and nothing else",
            perform=add_a_tag,
        ),
        pool=pool,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


def _hold(stage: Stage, pool: Pool) -> None:
    """Let a look find the sender unchanged after the settle time: only then is it known to be good."""
    time.sleep(SETTLE_SECONDS + _A_SECOND)
    cognito, tagged = stage.client("cognito-idp", _REGION), stage.now()
    cognito.tag_resource(ResourceArn=pool.arn, Tags={"draft": "yes"})
    cognito.untag_resource(ResourceArn=pool.arn, TagKeys=["draft"])
    stage.records.first_look(pool.arn, since=tagged)
    stage.quiet()


ACCIDENTAL_RESET = Scene(
    number=12,
    title="A sender that a partial update reset",
    situation="A pool sends as grove.example. Erin adds a tag with UpdateUserPool, which resets all that it does not "
    "name: the pool is on Cognito's default sender, with 50 mails a day for the whole account.",
    lesson="The record of the call shows its parameters, and emailConfiguration is not among them. CloudTrail confirms "
    "that call and no other. A call that names the sender is a choice, and is never reverted. By default "
    "RestoreAfterSeconds lets 15 minutes pass before the restore, for records that come late; here it is 0.",
    place=_place,
    expected=Expected(
        answer="at risk",
        deciding="sender",
        outcome=Repaired(
            rule="MW108",
            changed=(
                "EmailConfiguration.EmailSendingAccount",
                "EmailConfiguration.From",
                "EmailConfiguration.SourceArn",
                "LastModifiedDate",
            ),
        ),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
