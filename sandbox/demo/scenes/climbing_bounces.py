"""A bot signs up with addresses that do not exist: the bounce rate rises, and an alert is sent before AWS acts."""

import itertools
from concurrent.futures import ThreadPoolExecutor

from sandbox.demo.scene import Act, Expected, Reported, Scene, Setting
from sandbox.demo.stage.mail import new_password
from sandbox.demo.stage.pools import Pool, feedback_set, known_pool, settings_of, verified_identity
from sandbox.demo.stage.stage import Stage

_REGION = "eu-central-1"
_NAME = "spiele.orchard.example"
# More than the 200 mails below which a rate has no meaning, and 4.3 % of them: below the 5 % at which AWS reviews.
_PEOPLE, _BOTS = 220, 10


def _place(stage: Stage) -> Setting:
    configuration_set = feedback_set(stage, _REGION, "orchard-feedback")
    identity = verified_identity(stage, _REGION, _NAME)
    pool = known_pool(
        stage,
        _REGION,
        "games",
        {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": identity.arn,
            "From": f"Orchard Games <play@{_NAME}>",
            "ConfigurationSet": configuration_set,
        },
    )
    stage.box.control("POST", "ses/recipients", {"pattern": "*@no-such-mailbox.example", "outcome": "bounce"})

    def crowd() -> Pool:
        _sign_up(stage, pool, [f"player{number}@customer.example" for number in range(_PEOPLE)])
        _sign_up(stage, pool, [f"x{number}@no-such-mailbox.example" for number in range(_BOTS)])
        stage.quiet()
        stage.fire("ReputationFunctionFigures")
        return pool

    return Setting(
        act=Act(
            actor=None,
            name="players and a bot",
            call="cognito-idp:SignUp",
            words=f"{_PEOPLE} players and {_BOTS} addresses that do not exist; then the scheduled reading of the SES "
            "rates runs",
            perform=crowd,
        ),
        pool=pool,
        subject_arn=f"arn:aws:ses:{_REGION}:{stage.account}:account/{stage.account}",
        alert_names=_REGION,
        snapshot=lambda: settings_of(stage, pool),
        read="DescribeUserPool and GetUserPoolMfaConfig",
    )


def _sign_up(stage: Stage, pool: Pool, addresses: list[str]) -> None:
    app = stage.public_client("cognito-idp", pool.region)
    numbers = itertools.count()

    def one(address: str) -> None:
        name = f"{address.partition('@')[0]}-{next(numbers)}"
        app.sign_up(
            ClientId=pool.client_id,
            Username=name,
            Password=new_password(),
            UserAttributes=[{"Name": "email", "Value": address}],
        )

    with ThreadPoolExecutor(max_workers=8) as several:
        list(several.map(one, addresses))


CLIMBING_BOUNCES = Scene(
    number=7,
    title="A rising bounce rate",
    situation="A pool in Frankfurt uses a configuration set that publishes bounces. At a bounce rate of 5 % AWS "
    "reviews an account, and at 10 % it may pause it: then no pool of the account can send through that "
    "region.",
    lesson="Nothing is broken yet, so there is nothing to repair. The alert is sent before the rate at which AWS "
    "acts. The SES events say which pool sent the mail: from the next hour on, MW706 names the pool and "
    "its share.",
    place=_place,
    expected=Expected(
        answer="at risk",
        deciding="feedback",
        outcome=Reported(rule="MW703", reason="decision.no-fix", shows_write=False, shows_counts=True, grows=True),
        mail_before="arrived",
        mail_broken=None,
        mail_after="arrived",
    ),
)
