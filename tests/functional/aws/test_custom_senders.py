"""The function and the key of a custom email sender: every answer of Lambda and KMS is a value."""

import json
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.custom_senders import AwsCustomSenders
from mailwarden.domain.readings import CustomSender, Missing, Unreadable
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.functional.aws.wire.wire import Answer, Request, Wire, refusal

FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:mailer"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
POLICY = '{"Version": "2012-10-17", "Statement": []}'


@dataclass(slots=True)
class Functions:
    """Lambda in memory, as far as one policy goes."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        assert request.operation == "GetPolicy"
        self.asked.append((request.region, request.path, request.query))
        return Answer(body={"Policy": POLICY, "RevisionId": "1"})


@dataclass(slots=True)
class Keys:
    """KMS in memory, as far as one key goes."""

    state: str = "Enabled"

    def answer(self, request: Request) -> Answer:
        assert request.operation == "DescribeKey"
        assert json.loads(request.body) == {"KeyId": KEY}
        return Answer(body={"KeyMetadata": {"KeyId": KEY.rpartition("/")[2], "Arn": KEY, "KeyState": self.state}})


@dataclass(slots=True)
class Senders:
    """The reader over both."""

    functions: Functions = field(default_factory=Functions)
    keys: Keys = field(default_factory=Keys)
    wire: Wire = field(init=False)
    reader: AwsCustomSenders = field(init=False)

    def __post_init__(self) -> None:
        self.wire = Wire(services={"lambda": self.functions, "kms": self.keys})
        self.reader = AwsCustomSenders(clients=Clients(self.wire.session()), account=ACCOUNT)


@pytest.fixture
def senders() -> Senders:
    return Senders()


def test_the_policy_and_the_state_are_read_in_their_own_region(senders: Senders) -> None:
    reading = senders.reader.read(FUNCTION, KEY)

    assert reading == CustomSender(function_arn=FUNCTION, policy=POLICY, key_arn=KEY, key_state="Enabled")
    ((region, _, query),) = senders.functions.asked
    assert (region, query) == ("eu-west-1", "")


def test_the_policy_of_an_alias_is_its_own(senders: Senders) -> None:
    senders.reader.read(f"{FUNCTION}:live", KEY)

    ((_, path, query),) = senders.functions.asked
    assert path.endswith("mailer/policy")
    assert query == "Qualifier=live"


def test_a_pool_without_a_key_asks_for_none(senders: Senders) -> None:
    reading = senders.reader.read(FUNCTION, None)

    assert (reading.key_arn, reading.key_state) == (None, None)
    assert senders.wire.operations() == ("GetPolicy",)


def test_what_does_not_exist_is_missing(senders: Senders) -> None:
    senders.wire.disturb("GetPolicy", instead=refusal("ResourceNotFoundException", status=404))
    senders.wire.disturb("DescribeKey", instead=refusal("NotFoundException"))

    reading = senders.reader.read(FUNCTION, KEY)

    assert (reading.policy, reading.key_state) == (Missing(arn=FUNCTION), Missing(arn=KEY))


@pytest.mark.parametrize(
    ("code", "transient"), [("AccessDeniedException", False), ("InvalidArnException", False), ("Throttling", True)]
)
def test_what_is_refused_is_unreadable(code: str, transient: bool, senders: Senders) -> None:
    for operation in ("GetPolicy", "DescribeKey"):
        senders.wire.disturb(operation, 1, 2, 3, 4, instead=refusal(code))

    reading = senders.reader.read(FUNCTION, KEY)

    for part, action in ((reading.policy, "lambda:GetPolicy"), (reading.key_state, "kms:DescribeKey")):
        assert isinstance(part, Unreadable)
        assert (part.action, part.region, part.transient) == (action, "eu-west-1", transient)


def test_silence_is_unreadable(senders: Senders) -> None:
    silence = ReadTimeoutError(endpoint_url="https://lambda.eu-west-1.amazonaws.com/")
    senders.wire.disturb("GetPolicy", 1, 2, 3, 4, instead=silence)

    reading = senders.reader.read(FUNCTION, None)

    assert isinstance(reading.policy, Unreadable)
    assert reading.policy.is_timeout


def test_functions_and_keys_of_other_accounts_are_not_asked_for(senders: Senders) -> None:
    reading = senders.reader.read(FUNCTION.replace(ACCOUNT, OTHER_ACCOUNT), KEY.replace(ACCOUNT, OTHER_ACCOUNT))

    assert isinstance(reading.policy, Unreadable)
    assert isinstance(reading.key_state, Unreadable)
    assert senders.wire.operations() == ()


@pytest.mark.parametrize("text", ["", "mailer", "arn:aws:lambda", "arn:aws:kms:eu-west-1"])
def test_what_is_no_arn_is_unreadable(text: str, senders: Senders) -> None:
    reading = senders.reader.read(text, text)

    assert isinstance(reading.policy, Unreadable)
    assert isinstance(reading.key_state, Unreadable)
    assert senders.wire.operations() == ()
