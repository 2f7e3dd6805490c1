"""Writing our own sending policies of an identity, and no other owner's."""

import json

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, Written
from mailwarden.message import message
from tests.builders import ACCOUNT, OTHER_ACCOUNT, identity_ref, pool_ref
from tests.functional.aws.harness import Time
from tests.functional.aws.wire.ses import Ses, StoredIdentity, shown
from tests.functional.aws.wire.wire import Answer, Request, Wire, refusal
from tests.texts import english

OURS, SECOND = "mailwarden-cognito", "mailwarden-cognito-2"
OLD = '{"Version": "2012-10-17", "Statement": []}'
NEW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'
SILENCE = ReadTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com/")


class Identity:
    """One identity with another owner's policy, behind the writer."""

    def __init__(self) -> None:
        ses, self.time = Ses(), Time()
        self.stored: StoredIdentity = ses.put("example.com", theirs="{}")
        self.ses = ses
        self.wire = Wire(services={"email": ses})
        self.writer = SesPolicyWriter(clients=Clients(self.wire.session()), account=ACCOUNT, time=self.time.of_writes())


@pytest.fixture
def identity() -> Identity:
    return Identity()


def grant(
    before: dict[str, str | None], after: dict[str, str | None], *, account: str = ACCOUNT, region: str = "us-east-1"
) -> GrantSending:
    return GrantSending(
        identity=identity_ref("example.com", account=account, region=region),
        pools=(pool_ref(),),
        before=before,
        after=after,
    )


def test_a_policy_that_is_not_there_is_created(identity: Identity) -> None:
    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.stored.policies == {"theirs": "{}", OURS: NEW}
    assert identity.wire.operations() == ("GetEmailIdentity", "CreateEmailIdentityPolicy", "GetEmailIdentity")


def test_a_policy_of_ours_is_replaced(identity: Identity) -> None:
    identity.stored.policies[OURS] = OLD

    outcome = identity.writer.write(grant({OURS: OLD}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.stored.policies == {"theirs": "{}", OURS: NEW}


def test_an_undo_removes_the_added_grant(identity: Identity) -> None:
    identity.stored.policies[OURS] = NEW

    outcome = identity.writer.write(grant({OURS: NEW}, {OURS: None}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.stored.policies == {"theirs": "{}"}


def test_several_policies_are_written_together_and_the_one_that_goes_goes_last(identity: Identity) -> None:
    identity.stored.policies[OURS] = OLD

    outcome = identity.writer.write(grant({OURS: OLD, SECOND: None}, {OURS: None, SECOND: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.wire.operations() == (
        "GetEmailIdentity",
        "CreateEmailIdentityPolicy",
        "GetEmailIdentity",
        "DeleteEmailIdentityPolicy",
        "GetEmailIdentity",
    )


def test_every_call_goes_to_the_region_of_the_identity(identity: Identity) -> None:
    identity.ses.identities["eu-central-1", "example.com"] = identity.stored

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}, region="eu-central-1"), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert {request.region for request in identity.wire.requests} == {"eu-central-1"}


def test_spaces_and_the_order_of_keys_are_no_drift(identity: Identity) -> None:
    identity.stored.policies[OURS] = '{ "Statement":[],\n"Version":"2012-10-17" }'

    outcome = identity.writer.write(grant({OURS: OLD}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")


@pytest.mark.parametrize("live", [None, NEW, "no json"])
def test_a_changed_policy_stops_the_write(identity: Identity, live: str | None) -> None:
    if live is not None:
        identity.stored.policies[OURS] = live

    outcome = identity.writer.write(grant({OURS: OLD}, {OURS: NEW}), entry_id="entry")

    assert outcome == Drifted(reason=message("write.policies-moved", policies=(OURS,)))
    assert identity.wire.operations() == ("GetEmailIdentity",)


def test_a_policy_that_appeared_meanwhile_stops_the_write(identity: Identity) -> None:
    def appear() -> None:
        identity.stored.policies[OURS] = OLD

    identity.wire.disturb("CreateEmailIdentityPolicy", before=appear)

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Drifted)
    assert identity.stored.policies[OURS] == OLD


def test_an_identity_that_is_gone_has_drifted(identity: Identity) -> None:
    identity.ses.identities.clear()

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Drifted)


def test_a_creation_whose_answer_was_lost_is_recognized_as_our_own(identity: Identity) -> None:
    identity.wire.disturb("CreateEmailIdentityPolicy", is_lost=True)

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.wire.count("CreateEmailIdentityPolicy") == 1


def test_an_update_of_a_policy_that_vanished_meanwhile_is_not_called_written(identity: Identity) -> None:
    identity.stored.policies[OURS] = OLD
    identity.wire.disturb("UpdateEmailIdentityPolicy", before=lambda: identity.stored.policies.pop(OURS))

    outcome = identity.writer.write(grant({OURS: OLD}, {OURS: NEW}), entry_id="entry")

    assert outcome == SideEffect(reason=message("write.policies-wrong", policies=(OURS,)))


@pytest.mark.parametrize(("name", "text"), [("theirs", '{"Statement": []}'), ("somebodys-new-one", "{}")])
def test_another_policy_that_changed_meanwhile_is_no_effect_of_ours(identity: Identity, name: str, text: str) -> None:
    def change() -> None:
        identity.stored.policies[name] = text

    identity.wire.disturb("CreateEmailIdentityPolicy", before=change)

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.stored.policies[name] == text


@pytest.mark.parametrize(
    "name", ["theirs", "mailwarden", "mailwarden-cognito-1", "mailwarden-cognito-x", "Mailwarden-Cognito"]
)
def test_a_policy_that_is_not_ours_is_refused_without_a_call(identity: Identity, name: str) -> None:
    outcome = identity.writer.write(grant({OURS: None, name: "{}"}, {OURS: NEW, name: None}), entry_id="entry")

    assert outcome == Refused(reason=message("write.foreign-policies", policies=(name,)))
    assert identity.wire.operations() == ()


def test_a_change_without_an_undo_is_refused(identity: Identity) -> None:
    outcome = identity.writer.write(grant({}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert identity.wire.operations() == ()


def test_an_identity_of_another_account_is_refused_without_a_call(identity: Identity) -> None:
    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}, account=OTHER_ACCOUNT), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert identity.wire.operations() == ()


@pytest.mark.parametrize("code", ["AccessDeniedException", "BadRequestException", "LimitExceededException"])
def test_a_final_error_is_a_refusal_with_the_words_of_aws(identity: Identity, code: str) -> None:
    identity.wire.disturb("CreateEmailIdentityPolicy", 1, 2, 3, 4, instead=refusal(code, "the words of AWS"))

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert "the words of AWS" in english(outcome.reason)


def test_a_partial_write_is_reported(identity: Identity) -> None:
    identity.wire.disturb("CreateEmailIdentityPolicy", 2, 3, 4, 5, instead=refusal("LimitExceededException", "20"))

    outcome = identity.writer.write(grant({OURS: None, SECOND: None}, {OURS: NEW, SECOND: NEW}), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert english(outcome.reason).startswith(f"only {OURS} was written; ")


def test_a_throttle_is_waited_out_at_the_pace_of_one_a_second(identity: Identity) -> None:
    throttle = refusal("TooManyRequestsException", status=429)
    identity.wire.disturb("CreateEmailIdentityPolicy", 1, 2, 3, instead=throttle)

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.time.slept == [1.1, 2.2, 4.4]
    assert identity.wire.operations() == (*("GetEmailIdentity", "CreateEmailIdentityPolicy") * 4, "GetEmailIdentity")


def test_a_throttle_that_does_not_pass_is_raised(identity: Identity) -> None:
    throttle = refusal("TooManyRequestsException", status=429)
    identity.wire.disturb("CreateEmailIdentityPolicy", *range(1, 40), instead=throttle)

    with pytest.raises(ClientError, match="TooManyRequests"):
        identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert "mailwarden-cognito" not in identity.stored.policies


def test_a_write_that_never_gets_an_answer_stays_open(identity: Identity) -> None:
    identity.wire.disturb("CreateEmailIdentityPolicy", *range(1, 5), instead=SILENCE)

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Unconfirmed)
    assert "whether it took effect is unknown" in english(outcome.reason)


def test_a_failed_look_after_the_write_is_never_called_success(identity: Identity) -> None:
    identity.wire.disturb("GetEmailIdentity", 2, instead=refusal("AccessDeniedException", status=403))

    outcome = identity.writer.write(grant({OURS: None}, {OURS: NEW}), entry_id="entry")

    assert isinstance(outcome, Unconfirmed)
    assert "AccessDenied" in english(outcome.reason)


def test_the_document_arrives_as_it_was_written(identity: Identity) -> None:
    document = json.dumps({"Statement": [{"Sid": "가", "Resource": "arn:aws:ses:us-east-1:1:identity/a b"}]})

    identity.writer.write(grant({OURS: None}, {OURS: document}), entry_id="entry")

    assert identity.stored.policies[OURS] == document


def late(identity: Identity, *nth: int) -> None:
    """Let these reads show the policies of now."""
    body = shown(identity.stored)
    identity.wire.disturb("GetEmailIdentity", *nth, instead=Answer(body=body))


def test_a_policy_that_ses_shows_late_does_not_stop_the_next_one(identity: Identity) -> None:
    late(identity, 2, 3)

    outcome = identity.writer.write(grant({OURS: None, SECOND: None}, {OURS: NEW, SECOND: NEW}), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert identity.stored.policies == {"theirs": "{}", OURS: NEW, SECOND: NEW}


def test_a_policy_that_another_actor_changes_between_two_of_ours_stops_the_next_one(identity: Identity) -> None:
    identity.wire.disturb("GetEmailIdentity", 2, before=lambda: identity.stored.policies.update({OURS: OLD}))

    outcome = identity.writer.write(grant({OURS: None, SECOND: None}, {OURS: NEW, SECOND: NEW}), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert identity.stored.policies == {"theirs": "{}", OURS: OLD}
    assert identity.time.slept == []


def test_a_policy_for_which_there_is_no_time_is_not_written(identity: Identity) -> None:
    def take_long(request: Request) -> None:
        identity.time.seconds += 40 if request.operation == "CreateEmailIdentityPolicy" else 0

    identity.wire.on_request = take_long

    outcome = identity.writer.write(grant({OURS: None, SECOND: None}, {OURS: NEW, SECOND: NEW}), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert english(outcome.reason) == f"only {OURS} was written; there was no time for the others"
    assert identity.stored.policies == {"theirs": "{}", OURS: NEW}
