"""One user gets no codes although the pool works: the address is on the suppression list of SES."""

from sandbox.demo.scene import Act, Expected, Explained, Scene, Setting
from sandbox.demo.stage.mail import new_password
from sandbox.demo.stage.pools import Pool, known_pool, settings_of, verified_identity
from sandbox.demo.stage.stage import Stage

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
    # Her mail provider once rejected a mail permanently; since then her mailbox has been fine.
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
            words="for the third time: the app says that the code was sent, but none arrives",
            perform=ask_again,
        ),
        pool=pool,
        user=_USER,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


SUPPRESSED_USER = Scene(
    number=8,
    title="One user gets no codes",
    situation="A pool in Oregon works, but one user gets no mail: her mail provider once rejected a message "
    "permanently.",
    lesson="SES accepts mail to a suppressed address, returns success, and drops it without any event. `make "
    "why` shows it, and `make unsuppress` removes the address. The removal is journaled, verified, and "
    "possible once a week.",
    place=_place,
    expected=Expected(
        answer="yes",
        deciding=None,
        outcome=Explained(says={"en": ("suppression list", "bounced"), "ko": ("금지 목록", "반송")}),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
