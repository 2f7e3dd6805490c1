"""The messages of Cognito's guide, really sent and really arriving, with the right FROM and REPLY-TO."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.box import Box, Json, Untyped, unique
from tests.e2e.people import People, Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.waiting import until

REGION = "eu-west-1"
PASSWORD = "Sesame-0pen!"
REPLY_TO = "help@support.example"
# Codes of the sandbox; the real service draws them.
SIGN_UP_CODE, ATTRIBUTE_CODE = "123456", "246810"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A pool and the expected sender of its mail."""

    box: Box
    pool: Pool
    sender: str
    reply_to: str | None
    identity: str

    @property
    def cognito(self) -> Untyped:
        return self.box.client("cognito-idp", REGION)

    @property
    def app(self) -> Untyped:
        return self.box.app(REGION)

    def arrived(self, address: str, *, trigger: str) -> Json:
        """The one mail that a call sent to an address, from whom it should be; none was lost on the way."""

        def look() -> list[Json]:
            return [mail for mail in self.box.control("GET", "mail", to=address) if mail["trigger"] == trigger]

        (mail,) = until(look, what=f"the mail of {trigger} to {address}")
        assert self.box.control("GET", "mail/lost", to=address) == []
        assert (mail["from"], mail["reply_to"], mail["identity"]) == (self.sender, self.reply_to, self.identity)
        assert mail["pool"] == self.pool.pool_id
        found: Json = mail
        return found

    def sign_up(self) -> str:
        """Register a customer, and give the address."""
        address = f"{unique('customer')}@customer.example"
        self.app.sign_up(
            ClientId=self.pool.client_id,
            Username=name_of(address),
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": address}],
        )
        return address

    def confirmed(self) -> str:
        """A customer who gave the code back."""
        address = self.sign_up()
        self.app.confirm_sign_up(ClientId=self.pool.client_id, Username=name_of(address), ConfirmationCode=SIGN_UP_CODE)
        return address

    def sign_in(self, address: str) -> Json:
        answer: Json = self.app.initiate_auth(
            ClientId=self.pool.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name_of(address), "PASSWORD": PASSWORD},
        )
        return answer


def name_of(address: str) -> str:
    return address.partition("@")[0]


def opened(box: Box, people: People, sends_as: str) -> Shop:
    """A shop that sends as a domain, as an address, or through Cognito's sender with an address of its own."""
    match sends_as:
        case "a domain":
            identity = people.identity(REGION)
            email, sender = developer(identity), f"Shop <hello@{identity.name}>"
        case "an address":
            identity = people.address(REGION)
            email, sender = developer(identity), f"Shop <{identity.name}>"
        case _:
            identity = people.address(REGION)
            people.attach(identity, sending_policy(identity, pools_of(box, REGION)))
            email, sender = default_sender(identity), identity.name
    pool = people.pool(REGION, email | {"ReplyToEmailAddress": REPLY_TO})
    return Shop(box=box, pool=pool, sender=sender, reply_to=REPLY_TO, identity=identity.name)


@pytest.fixture(scope="module", params=["a domain", "an address", "Cognito's sender"])
def shop(request: pytest.FixtureRequest, box: Box) -> Iterator[Shop]:
    """A shop of each kind."""
    people = People(box=box, pools=[], identities=[])
    yield opened(box, people, request.param)
    people.leave()


@pytest.fixture(params=["a domain", "an address"])
def own_ses(request: pytest.FixtureRequest, box: Box) -> Iterator[Shop]:
    """A shop whose mail goes through the account's own SES: Cognito's sender carries no factors."""
    people = People(box=box, pools=[], identities=[])
    yield opened(box, people, request.param)
    people.leave()


def test_a_self_registration_and_its_repetition_send_a_code(shop: Shop) -> None:
    address = shop.sign_up()
    first = shop.arrived(address, trigger="SignUp")
    shop.app.resend_confirmation_code(ClientId=shop.pool.client_id, Username=name_of(address))
    again = shop.arrived(address, trigger="ResendConfirmationCode")
    shop.app.confirm_sign_up(ClientId=shop.pool.client_id, Username=name_of(address), ConfirmationCode=SIGN_UP_CODE)

    assert SIGN_UP_CODE in first["body"]
    assert SIGN_UP_CODE in again["body"]
    assert "AuthenticationResult" in shop.sign_in(address)


def test_a_forgotten_password_sends_a_code_that_sets_a_new_one(shop: Shop) -> None:
    address = shop.confirmed()

    shop.app.forgot_password(ClientId=shop.pool.client_id, Username=name_of(address))
    mail = shop.arrived(address, trigger="ForgotPassword")
    code = next(word for word in mail["body"].replace(".", " ").split() if word.isdigit())
    shop.app.confirm_forgot_password(
        ClientId=shop.pool.client_id, Username=name_of(address), ConfirmationCode=code, Password=f"{PASSWORD}2"
    )

    with pytest.raises(shop.app.exceptions.NotAuthorizedException):
        shop.sign_in(address)


def test_an_invitation_brings_name_and_password(shop: Shop) -> None:
    address = f"{unique('guest')}@customer.example"

    shop.cognito.admin_create_user(
        UserPoolId=shop.pool.pool_id,
        Username=name_of(address),
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": address}],
        DesiredDeliveryMediums=["EMAIL"],
    )
    mail = shop.arrived(address, trigger="AdminCreateUser")

    assert name_of(address) in mail["body"]
    assert PASSWORD in mail["body"]
    assert shop.sign_in(address)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_an_attribute_is_verified_on_demand_and_after_a_change(shop: Shop) -> None:
    address, other = shop.confirmed(), f"{unique('moved')}@customer.example"
    token = shop.sign_in(address)["AuthenticationResult"]["AccessToken"]

    shop.app.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    on_demand = shop.arrived(address, trigger="GetUserAttributeVerificationCode")
    shop.app.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": other}])
    changed = shop.arrived(other, trigger="UpdateUserAttributes")
    shop.app.verify_user_attribute(AccessToken=token, AttributeName="email", Code=ATTRIBUTE_CODE)

    assert ATTRIBUTE_CODE in on_demand["body"]
    assert ATTRIBUTE_CODE in changed["body"]
    attributes = {each["Name"]: each["Value"] for each in shop.app.get_user(AccessToken=token)["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (other, "true")


def test_a_second_factor_by_mail_lets_in(own_ses: Shop) -> None:
    address = own_ses.confirmed()
    own_ses.cognito.set_user_pool_mfa_config(
        UserPoolId=own_ses.pool.pool_id,
        MfaConfiguration="ON",
        EmailMfaConfiguration={"Subject": "Sign in", "Message": "Your code is {####}"},
    )

    challenge = own_ses.sign_in(address)
    mail = own_ses.arrived(address, trigger="InitiateAuth")
    answer = own_ses.app.respond_to_auth_challenge(
        ClientId=own_ses.pool.client_id,
        ChallengeName="EMAIL_OTP",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": name_of(address), "EMAIL_OTP_CODE": mail["body"].rpartition(" ")[2]},
    )

    assert (challenge["ChallengeName"], mail["subject"]) == ("EMAIL_OTP", "Sign in")
    assert "AccessToken" in answer["AuthenticationResult"]


def test_without_a_reply_to_an_address_gets_the_answers_itself(box: Box) -> None:
    people = People(box=box, pools=[], identities=[])
    identity = people.address(REGION)
    pool = people.pool(REGION, developer(identity))
    shop = Shop(box=box, pool=pool, sender=f"Shop <{identity.name}>", reply_to=identity.name, identity=identity.name)

    address = shop.sign_up()

    shop.arrived(address, trigger="SignUp")
    people.leave()
