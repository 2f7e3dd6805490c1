"""Signs a user up and finds the fate of the mail: the app's response, and the mailbox's contents."""

import itertools
import time
from dataclasses import dataclass
from urllib.parse import quote

from botocore.exceptions import ClientError

from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.stage import Stage
from sandbox.demo.stage.waiting import until

_PEOPLE = itertools.cycle(["minji", "amara", "jonas", "leila", "pedro", "yuki", "camille", "omar"])
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """One sign-up: whether its mail arrived, from whom, or the stage that lost it; and what the app was answered."""

    address: str
    arrived: bool
    sender: str
    stage: str
    reason: str
    answer: str
    subject: str

    @property
    def word(self) -> str:
        """The fate of the mail, in one word."""
        return "arrived" if self.arrived else "lost"


def new_password() -> str:
    """One that every policy of this story takes."""
    return f"Sesame-{time.time_ns()}!"


def sign_up(stage: Stage, pool: Pool) -> SignUp:
    """Sign a new customer up as an app does, and look for the mail. Raises NotSeen."""
    address = f"{next(_PEOPLE)}{next(_numbers)}@customer.example"
    try:
        stage.public_client("cognito-idp", pool.region).sign_up(
            ClientId=pool.client_id,
            Username=address.partition("@")[0],
            Password=new_password(),
            UserAttributes=[{"Name": "email", "Value": address}],
        )
        answer = "success"
    except ClientError as error:
        answer = error.response["Error"]["Code"]

    def look() -> SignUp | None:
        for box, arrived in (("mail", True), ("mail/lost", False)):
            for mail in stage.box.control("GET", f"{box}?to={quote(address)}"):
                return SignUp(
                    address=address,
                    arrived=arrived,
                    sender=mail["from"],
                    stage=mail.get("stage") or "",
                    reason=mail.get("reason") or "",
                    answer=answer,
                    subject=mail["subject"],
                )
        return None

    return until(look, what=f"the sign-up mail to {address}, arrived or lost", within=10)
