"""The service-linked role of Cognito's mail: read, cached, created once, looked at again."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter, IamEmailServiceRole
from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.readings import ServiceLinkedRole, Unreadable
from mailwarden.domain.repair.journal import Drifted, Refused, Unconfirmed, Written
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.functional.aws.harness import Time
from tests.functional.aws.wire.iam import Iam
from tests.functional.aws.wire.wire import Answer, Wire, xml_refusal
from tests.texts import english

CHANGE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)


class Role:
    """IAM in memory behind the reader and the writer."""

    def __init__(self) -> None:
        self.iam, self.time = Iam(), Time()
        self.wire = Wire(services={"iam": self.iam})
        clients = Clients(self.wire.session())
        self.reader = IamEmailServiceRole(clients=clients, region="us-east-1", monotonic=self.time.monotonic)
        self.writer = EmailServiceRoleWriter(
            clients=clients, region="us-east-1", account=ACCOUNT, time=self.time.of_writes()
        )


@pytest.fixture
def role() -> Role:
    return Role()


@pytest.mark.parametrize(("exists", "expected"), [(True, ServiceLinkedRole.PRESENT), (False, ServiceLinkedRole.ABSENT)])
def test_the_role_is_present_or_absent(role: Role, exists: bool, expected: ServiceLinkedRole) -> None:
    role.iam.exists = exists

    reading = role.reader.read(fresh=True)

    assert reading is expected


def test_a_role_of_that_name_elsewhere_is_not_the_one(role: Role) -> None:
    role.iam.exists, role.iam.path = True, "/"

    reading = role.reader.read(fresh=True)

    assert reading is ServiceLinkedRole.ABSENT


def test_the_role_is_cached_for_a_minute_unless_a_fresh_look_is_asked_for(role: Role) -> None:
    role.reader.read(fresh=False)
    role.iam.exists = True

    kept = role.reader.read(fresh=False)
    fresh = role.reader.read(fresh=True)
    role.time.seconds += 59
    kept_again = role.reader.read(fresh=False)

    assert kept is ServiceLinkedRole.ABSENT
    assert fresh is ServiceLinkedRole.PRESENT
    assert kept_again is ServiceLinkedRole.PRESENT
    assert role.wire.count("GetRole") == 2


def test_a_role_that_may_not_be_read_is_unread_and_asked_for_again(role: Role) -> None:
    role.wire.disturb("GetRole", instead=xml_refusal("AccessDenied", status=403))

    first = role.reader.read(fresh=False)
    second = role.reader.read(fresh=False)

    assert first == Unreadable(action="iam:GetRole", region="us-east-1", reason="AccessDenied")
    assert second is ServiceLinkedRole.ABSENT


def test_the_role_is_created_and_looked_at_again(role: Role) -> None:
    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert role.wire.operations() == ("GetRole", "CreateServiceLinkedRole", "GetRole")


def test_a_role_that_is_there_already_is_not_created(role: Role) -> None:
    role.iam.exists = True

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert isinstance(outcome, Drifted)
    assert role.wire.count("CreateServiceLinkedRole") == 0


def test_a_role_that_another_actor_creates_first_is_not_ours(role: Role) -> None:
    def create() -> None:
        role.iam.exists = True

    role.wire.disturb("CreateServiceLinkedRole", before=create)

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert isinstance(outcome, Drifted)


def test_a_creation_whose_answer_was_lost_is_found_done(role: Role) -> None:
    role.wire.disturb("CreateServiceLinkedRole", is_lost=True)

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert role.wire.count("CreateServiceLinkedRole") == 1


def test_a_new_role_that_is_seen_seconds_later_is_waited_for(role: Role) -> None:
    role.iam.unseen_looks = 2

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert sum(role.time.slept) == pytest.approx(1.5)


def test_a_role_that_never_shows_is_not_called_created(role: Role) -> None:
    role.iam.unseen_looks = 99

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert isinstance(outcome, Unconfirmed)


@pytest.mark.parametrize("code", ["AccessDenied", "LimitExceeded"])
def test_a_final_error_is_a_refusal(role: Role, code: str) -> None:
    role.wire.disturb("CreateServiceLinkedRole", 1, 2, 3, 4, instead=xml_refusal(code, "the words of AWS"))

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert isinstance(outcome, Refused)
    assert "the words of AWS" in english(outcome.reason)


def test_a_throttle_that_lasts_is_raised(role: Role) -> None:
    role.wire.disturb("CreateServiceLinkedRole", 1, 2, 3, 4, instead=xml_refusal("Throttling"))

    with pytest.raises(ClientError, match="Throttling"):
        role.writer.write(CHANGE, entry_id="entry")


@pytest.mark.parametrize(
    "answer",
    [xml_refusal("ServiceFailure", status=500), ReadTimeoutError(endpoint_url="https://iam.amazonaws.com/")],
    ids=["fault", "silence"],
)
def test_a_creation_that_never_gets_an_answer_stays_open(role: Role, answer: Answer | Exception) -> None:
    role.wire.disturb("CreateServiceLinkedRole", 1, 2, 3, 4, instead=answer)

    outcome = role.writer.write(CHANGE, entry_id="entry")

    assert isinstance(outcome, Unconfirmed)


def test_the_role_of_another_account_is_refused_without_a_call(role: Role) -> None:
    outcome = role.writer.write(CreateServiceLinkedRole(partition="aws", account=OTHER_ACCOUNT), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert role.wire.operations() == ()
