"""A pool that uses an identity in a region it may not use: it is moved to an allowed one, and nothing else changes."""

from sandbox.demo.scene import Act, Expected, Repaired, Scene, Setting
from sandbox.demo.stage.pools import OPEN_TO_COGNITO, Pool, known_pool, settings_of, verified_identity
from sandbox.demo.stage.stage import Stage

_REGION, _OLD_SES_REGION = "eu-west-3", "us-east-1"
_NAME = "bonjour@orchard.example"

# Many settings on purpose: UpdateUserPool resets most of what a caller leaves out.
_SETTINGS = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 12,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": False,
            "PasswordHistorySize": 5,
            "TemporaryPasswordValidityDays": 3,
        },
    },
    "DeletionProtection": "ACTIVE",
    "UsernameConfiguration": {"CaseSensitive": False},
    "VerificationMessageTemplate": {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        "EmailSubject": "Bienvenue chez Orchard",
        "EmailMessage": "Votre code : {####}",
    },
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": False,
        "InviteMessageTemplate": {
            "EmailSubject": "Votre compte Orchard",
            "EmailMessage": "Bonjour {username}, votre mot de passe provisoire est {####}",
        },
    },
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    "UserPoolTags": {"team": "shop-fr", "stage": "production"},
    "Schema": [{"Name": "loyalty", "AttributeDataType": "String", "Mutable": True}],
}


def _place(stage: Stage) -> Setting:
    old = verified_identity(stage, _OLD_SES_REGION, _NAME, tags=OPEN_TO_COGNITO)
    own = verified_identity(stage, _REGION, _NAME, tags=OPEN_TO_COGNITO)
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": own.arn, "ReplyToEmailAddress": "aide@orchard.example"}
    pool = known_pool(stage, _REGION, "shop-fr", email, **_SETTINGS)
    # Cognito refuses this configuration today; pools that got it in earlier years still have it.
    stage.box.control(
        "POST",
        f"cognito/pools/{pool.pool_id}",
        {"region": _REGION, "email_configuration": {**email, "SourceArn": old.arn}},
    )
    carol = stage.actor("carol", "cognito-idp:TagResource")

    def tag() -> Pool:
        stage.client("cognito-idp", _REGION, actor=carol).tag_resource(
            ResourceArn=pool.arn, Tags={"cost-center": "4711"}
        )
        return pool

    return Setting(
        act=Act(
            actor=carol,
            call="cognito-idp:TagResource",
            words="tag cost-center=4711 on the pool: harmless, but Mailwarden inspects every pool that changes",
            perform=tag,
            is_cause=False,
        ),
        pool=pool,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


FORBIDDEN_REGION = Scene(
    number=3,
    title="An identity in the wrong region",
    situation="A pool in Paris was configured years ago with an identity in us-east-1. Today pools in eu-west-3 may "
    "use only identities in eu-west-3, where the same address is verified too.",
    lesson="UpdateUserPool resets every setting that the caller leaves out. Mailwarden therefore sends all "
    "settings, then reads the pool again and compares. The alert does not blame Carol: a tag breaks no mail.",
    place=_place,
    expected=Expected(
        answer="no",
        deciding="region",
        outcome=Repaired(rule="MW201", changed=("EmailConfiguration.SourceArn", "LastModifiedDate"), offers_undo=False),
        mail_before="lost",
        mail_broken=None,
        mail_after="arrived",
    ),
)
