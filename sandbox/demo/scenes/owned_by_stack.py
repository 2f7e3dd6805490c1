"""A pool of a CloudFormation stack: nothing is written, and the alert has the code for the template."""

import json

from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage.pools import OPEN_TO_COGNITO, Pool, settings_of, stack_pool, verified_identity
from sandbox.demo.stage.stage import Stage

_REGION, _OLD_SES_REGION = "eu-west-3", "us-east-1"
_NAME = "billing@orchard.example"


def _place(stage: Stage) -> Setting:
    old = verified_identity(stage, _OLD_SES_REGION, _NAME, tags=OPEN_TO_COGNITO)
    own = verified_identity(stage, _REGION, _NAME, tags=OPEN_TO_COGNITO)
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": own.arn}
    properties = {"UserPoolName": "billing", "AutoVerifiedAttributes": ["email"], "EmailConfiguration": email}
    template = {"Resources": {"BillingUsers": {"Type": "AWS::Cognito::UserPool", "Properties": properties}}}
    pool = stack_pool(stage, _REGION, "billing", stack="billing-prod", template=json.dumps(template))
    stage.box.control(
        "POST",
        f"cognito/pools/{pool.pool_id}",
        {"region": _REGION, "email_configuration": {**email, "SourceArn": old.arn}},
    )
    carlos = stage.actor("carlos", "cognito-idp:TagResource")

    def tag() -> Pool:
        stage.client("cognito-idp", _REGION, actor=carlos).tag_resource(
            ResourceArn=pool.arn, Tags={"cost-center": "4712"}
        )
        return pool

    return Setting(
        act=Act(
            actor=carlos,
            call="cognito-idp:TagResource",
            words="tag cost-center=4712 on the pool: a reason for Mailwarden to inspect it",
            perform=tag,
            is_cause=False,
        ),
        pool=pool,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


OWNED_BY_STACK = Scene(
    number=10,
    title="A pool of a CloudFormation stack",
    situation="A pool in Paris uses an identity in us-east-1, which it may not use, as in scene 3. The stack "
    "billing-prod owns this one.",
    lesson="The next deployment would undo a repair. Mailwarden writes nothing, and the alert has the code for the "
    "source with the values of this pool; `make why` shows it for CDK, Amplify Gen 2 and Terraform, too.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="region",
        outcome=Reported(rule="MW201", reason="guard.owned", shows_write=True),
        mail_before="lost",
        mail_broken=None,
        mail_after="lost",
    ),
)
