"""One user gets no codes although every link is sound: the address is on SES's suppression list."""

from sandbox.demo.mail import new_password
from sandbox.demo.pools import Pool, known_pool, settings_of, verified_identity
from sandbox.demo.scene import Act, Expected, Explained, Scene, Setting
from sandbox.demo.stage import Stage

_REGION = "us-west-2"
_NAME = "members.orchard.example"
_USER = "minji@customer.example"


def _place(stage: Stage) -> Setting:
    identity = verified_identity(stage, _REGION, _NAME)
    pool = known_pool(
        stage,
        _REGION,
        "members",
        {"EmailSendingAccount": "DEVELOPER", "SourceArn": identity.arn, "From": f"Orchard <hello@{_NAME}>"},
    )
    app = stage.public_client("cognito-idp", _REGION)
    # A month ago her provider refused one mail for good; since then her mailbox has been fine.
    stage.box.control("POST", "ses/recipients", {"pattern": _USER, "outcome": "bounce"})
    app.sign_up(
        ClientId=pool.client_id,
        Username="minji",
        Password=new_password(),
        UserAttributes=[{"Name": "email", "Value": _USER}],
    )
    stage.box.control("POST", "ses/recipients", {"pattern": _USER, "outcome": "delivered"})

    def ask_again() -> Pool:
        app.resend_confirmation_code(ClientId=pool.client_id, Username="minji")
        return pool

    return Setting(
        act=Act(
            actor=None,
            name="minji",
            call="cognito-idp:ResendConfirmationCode",
            words="for the third time: the app says that the code was sent, and none arrives",
            perform=ask_again,
        ),
        pool=pool,
        user=_USER,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


SUPPRESSED_USER = Scene(
    number=8,
    title="The user who gets no codes",
    situation="A sound Oregon pool: everybody gets mail, except one user, whose provider once refused a mail for good.",
    lesson="SES takes mail to a suppressed address, answers success, and drops it; no alarm would ever tell. One "
    "question does. The removal is written down, can be repeated after a week at the earliest, and is looked at again.",
    place=_place,
    expected=Expected(
        answer="yes",
        deciding=None,
        outcome=Explained(says=("suppression list", "bounced")),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
