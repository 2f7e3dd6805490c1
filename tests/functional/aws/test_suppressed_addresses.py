"""Suppression lists through SES v2: looked up, removed from, looked at again, and no address in any word of ours."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.suppressed_address import NotSuppressed, SuppressedEntry
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.message import message
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.functional.aws.harness import Time
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Answer, Wire, refusal
from tests.texts import english

JANE = "jane+code@corp.example"
HERE = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
SINCE = datetime(2026, 3, 1, 21, 20, 0, 500_000, tzinfo=UTC)
GET, DELETE = "GetSuppressedDestination", "DeleteSuppressedDestination"
SILENCE = ReadTimeoutError(endpoint_url=f"https://email.us-east-1.amazonaws.com/v2/email/suppression/addresses/{JANE}")
UNREACHABLE = EndpointConnectionError(
    endpoint_url=f"https://email.us-east-1.amazonaws.com/v2/email/suppression/addresses/{JANE}"
)
BROKEN = refusal("InternalServiceErrorException", f"{JANE} broke it", status=500)


class Lists:
    """One address on the list of one account, behind the adapter."""

    def __init__(self) -> None:
        self.ses, self.time = Ses(), Time()
        self.ses.suppress(JANE)
        self.wire = Wire(services={"email": self.ses})
        self.lists = SesSuppressedAddresses(
            clients=Clients(self.wire.session()), account=ACCOUNT, time=self.time.of_writes()
        )

    def remove(self, *, since: datetime = SINCE) -> WriteResult:
        change = RemoveSuppression(account=HERE, address_digest="0f" * 32, reason="BOUNCE", since=since)
        return self.lists.remove(change, JANE, entry_id="entry")

    @property
    def is_listed(self) -> bool:
        return ("us-east-1", JANE) in self.ses.suppressed


@pytest.fixture
def here() -> Lists:
    return Lists()


def test_an_address_on_the_list_has_its_time_and_its_reason(here: Lists) -> None:
    here.ses.suppress(JANE, Reason="COMPLAINT", Attributes={"MessageId": "m-1", "FeedbackId": "f-1"})

    reading = here.lists.read(HERE, JANE)

    assert reading == SuppressedEntry(reason="COMPLAINT", since=SINCE, message_id="m-1", feedback_id="f-1")


def test_an_address_that_a_person_put_there_has_no_mail_behind_it(here: Lists) -> None:
    reading = here.lists.read(HERE, JANE)

    assert reading == SuppressedEntry(reason="BOUNCE", since=SINCE)


def test_an_address_that_ses_does_not_find_is_not_on_the_list(here: Lists) -> None:
    reading = here.lists.read(HERE, "john@corp.example")

    assert reading == NotSuppressed()


def test_the_list_of_the_region_is_asked(here: Lists) -> None:
    ireland = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)

    reading = here.lists.read(ireland, JANE)

    assert reading == NotSuppressed()
    assert here.wire.requests[0].region == "eu-west-1"


def test_another_accounts_list_is_not_asked_for(here: Lists) -> None:
    theirs = SesAccountRef(partition="aws", region="us-east-1", account=OTHER_ACCOUNT)

    reading = here.lists.read(theirs, JANE)

    assert isinstance(reading, Unreadable)
    assert not here.wire.requests


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refusal("AccessDeniedException", f"not for {JANE}", status=403), "AccessDenied"),
        (refusal("BadRequestException", f"{JANE} is no address"), "BadRequestException"),
        (refusal("TooManyRequestsException", status=429), "TooManyRequestsException"),
        (BROKEN, "InternalServiceErrorException"),
        (SILENCE, "ReadTimeout"),
        (UNREACHABLE, "EndpointConnectionError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_ses_refuses_is_not_known_and_its_words_stay_out(
    here: Lists, answer: Answer | Exception, code: str
) -> None:
    here.wire.disturb(GET, 1, 2, 3, 4, instead=answer)

    reading = here.lists.read(HERE, JANE)

    assert reading == Unreadable(action="ses:GetSuppressedDestination", region="us-east-1", reason=code)
    assert "jane" not in str(reading)


def test_an_entry_is_removed_and_looked_for_again(here: Lists) -> None:
    outcome = here.remove()

    assert outcome == Written(entry_id="entry")
    assert not here.is_listed
    assert here.wire.operations() == (GET, DELETE, GET)


def test_an_entry_that_is_still_shown_for_a_moment_is_waited_for(here: Lists) -> None:
    still = Answer(body={"SuppressedDestination": here.ses.suppressed["us-east-1", JANE]})
    here.wire.disturb(GET, 2, 3, instead=still)

    outcome = here.remove()

    assert outcome == Written(entry_id="entry")
    assert here.time.slept == [0.5, 1.0]


def test_an_address_that_bounces_again_at_once_is_not_reported_as_removed(here: Lists) -> None:
    here.wire.disturb(GET, 2, before=lambda: here.ses.suppress(JANE, LastUpdateTime=1_772_500_000.0))

    outcome = here.remove()

    assert isinstance(outcome, SideEffect)
    assert "but the address is on the list: BOUNCE, since 2026-03-03" in english(outcome.reason)


def test_an_entry_that_another_actor_removed_or_renewed_is_not_removed(here: Lists) -> None:
    renewed = here.remove(since=datetime(2026, 2, 1, tzinfo=UTC))
    here.ses.suppressed.clear()
    gone = here.remove()

    assert isinstance(renewed, Drifted)
    assert isinstance(gone, Drifted)
    assert here.wire.count(DELETE) == 0


def test_an_entry_that_vanishes_between_look_and_removal_was_removed_by_another_actor(here: Lists) -> None:
    here.wire.disturb(DELETE, before=here.ses.suppressed.clear)

    outcome = here.remove()

    assert outcome == Drifted(reason=message("unsuppress.removed-by-another"))


@pytest.mark.parametrize("spoil", ["lost", "broken"])
def test_a_removal_whose_first_answer_was_lost_is_ours(here: Lists, spoil: str) -> None:
    if spoil == "lost":
        here.wire.disturb(DELETE, 1, is_lost=True)
    else:
        here.wire.disturb(DELETE, 1, before=here.ses.suppressed.clear, instead=BROKEN)

    outcome = here.remove()

    assert outcome == Written(entry_id="entry")
    assert here.wire.operations() == (GET, DELETE, GET, GET)


def test_a_removal_that_never_gets_an_answer_stays_open(here: Lists) -> None:
    here.wire.disturb(DELETE, 1, 2, 3, 4, instead=SILENCE)

    outcome = here.remove()

    assert isinstance(outcome, Unconfirmed)
    assert "ReadTimeout" in english(outcome.reason)
    assert "jane" not in english(outcome.reason)
    assert here.wire.operations() == (*(GET, DELETE) * 4, GET)


def test_a_look_that_fails_after_the_removal_leaves_it_uncertain(here: Lists) -> None:
    here.wire.disturb(GET, *range(2, 30), instead=refusal("AccessDeniedException", JANE, status=403))

    outcome = here.remove()

    assert isinstance(outcome, Unconfirmed)
    assert "its effect is unknown: AccessDenied" in english(outcome.reason)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("AccessDeniedException", f"not for {JANE}", status=403), "does not allow it"),
        (refusal("TooManyRequestsException", status=429), "try again in a moment"),
        (refusal("BadRequestException", f"{JANE} is no address"), "BadRequestException"),
        (UNREACHABLE, "EndpointConnectionError"),
    ],
    ids=["denied", "throttled", "bad request", "unreachable"],
)
def test_a_refused_removal_is_reported_without_the_address(here: Lists, answer: Answer | Exception, words: str) -> None:
    here.wire.disturb(DELETE, 1, 2, 3, 4, instead=answer)

    outcome = here.remove()

    assert isinstance(outcome, Refused)
    assert words in english(outcome.reason)
    assert "jane" not in english(outcome.reason)
    assert here.is_listed


def test_nothing_is_removed_unseen(here: Lists) -> None:
    here.wire.disturb(GET, instead=refusal("AccessDeniedException", status=403))

    outcome = here.remove()

    assert isinstance(outcome, Refused)
    assert here.wire.count(DELETE) == 0
