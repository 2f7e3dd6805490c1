"""Suppression lists are read page by page; reasons and times leave the adapter, addresses never do."""

import tracemalloc
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.suppression_list import SesSuppressionLists
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import Suppressed, SuppressedPage
from mailwarden.ports.reputation.suppression_lists import TokenRejected
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter
from tests.builders import ACCOUNT, NOON, OTHER_ACCOUNT
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.reputation import PassingTime
from tests.functional.aws.wire.ses import Listed, Ses
from tests.functional.aws.wire.wire import Answer, Wire, refusal

HERE = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
ACTION = "ses:ListSuppressedDestinations"


class Reads:
    """SES in memory behind the adapter."""

    def __init__(self) -> None:
        self.ses = Ses()
        self.wire = Wire(services={"email": self.ses})
        self.lists = SesSuppressionLists(clients=Clients(self.wire.session()), account=ACCOUNT)

    def suppress(self, number: int, *, at: datetime = NOON, reason: str = "BOUNCE") -> None:
        entries = self.ses.listed.setdefault("us-east-1", [])
        entries.extend(Listed(f"someone{len(entries) + n}@example.com", reason, at) for n in range(number))

    def page(
        self, *, since: datetime | None = None, to: datetime | None = None, after: str | None = None
    ) -> SuppressedPage | TokenRejected | Unreadable:
        return self.lists.page(HERE, since=since, to=to, after=after)


@pytest.fixture
def reads() -> Reads:
    return Reads()


def test_a_page_has_reasons_and_times_but_no_address(reads: Reads) -> None:
    reads.suppress(1, at=NOON - timedelta(hours=1))
    reads.suppress(1, reason="COMPLAINT")

    page = reads.page()

    assert page == SuppressedPage(
        entries=(
            Suppressed(reason="BOUNCE", updated_at=NOON - timedelta(hours=1)),
            Suppressed(reason="COMPLAINT", updated_at=NOON),
        ),
        after=None,
    )
    assert "example.com" not in repr(page)


def test_pages_are_as_long_as_ses_lets_them_be_and_lead_to_each_other(reads: Reads) -> None:
    reads.suppress(2_500)

    first = reads.page()
    assert isinstance(first, SuppressedPage)
    second = reads.page(after=first.after)
    assert isinstance(second, SuppressedPage)
    third = reads.page(after=second.after)
    assert isinstance(third, SuppressedPage)

    assert [len(page.entries) for page in (first, second, third)] == [1_000, 1_000, 500]
    assert third.after is None


def test_both_ends_of_the_period_are_requested(reads: Reads) -> None:
    for minutes in (0, 10, 20):
        reads.suppress(1, at=NOON + timedelta(minutes=minutes))

    page = reads.page(since=NOON, to=NOON + timedelta(minutes=20))

    assert isinstance(page, SuppressedPage)
    assert len(page.entries) == 3


def test_without_a_time_the_whole_list_is_asked_for(reads: Reads) -> None:
    reads.page()

    assert reads.wire.requests[0].query == "PageSize=1000"


@pytest.mark.parametrize("code", ["InvalidNextTokenException", "BadRequestException"])
def test_a_token_that_ses_does_not_take_is_rejected(reads: Reads, code: str) -> None:
    reads.wire.disturb("ListSuppressedDestinations", instead=refusal(code))

    assert isinstance(reads.page(after="old"), TokenRejected)


def test_a_bad_request_without_a_token_is_unread(reads: Reads) -> None:
    reads.wire.disturb("ListSuppressedDestinations", instead=refusal("BadRequestException"))

    assert isinstance(reads.page(), Unreadable)


@pytest.mark.parametrize(
    ("answer", "reason", "transient"),
    [
        (refusal("AccessDeniedException", status=403), "AccessDenied", False),
        (refusal("TooManyRequestsException", status=429), "TooManyRequestsException", True),
        (ReadTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com/"), "ReadTimeout", True),
    ],
)
def test_a_refused_throttled_or_silent_region_is_unread(
    reads: Reads, answer: Answer | Exception, reason: str, transient: bool
) -> None:
    reads.wire.disturb("ListSuppressedDestinations", 1, 2, 3, 4, instead=answer)

    assert reads.page(after="t") == Unreadable(
        action=ACTION,
        region="us-east-1",
        reason=reason,
        transient=transient,
        is_timeout=reason.endswith("Timeout"),
    )


def test_the_list_of_another_account_is_never_read(reads: Reads) -> None:
    other = SesAccountRef(partition="aws", region="us-east-1", account=OTHER_ACCOUNT)

    read = reads.lists.page(other, since=None, to=None, after=None)

    assert isinstance(read, Unreadable)
    assert OTHER_ACCOUNT in str(read)
    assert reads.wire.operations() == ()


def test_a_page_after_the_other_is_counted_with_the_memory_of_one(reads: Reads) -> None:
    for number in range(6):
        reads.suppress(1_000, at=NOON - timedelta(hours=2 * number, minutes=6))
    time, ledger = PassingTime(), InMemoryLedger()
    counter = SuppressionCounter(
        lists=reads.lists,
        counts=ledger.counts,
        turns=ledger.turns,
        hints=InMemoryHintQueue(),
        clock=time,
        sleep=time.sleep,
        monotonic=time.monotonic,
        least_suppressed=25,
    )
    # Data that is loaded with the first call is not counted.
    reads.page()

    tracemalloc.start()
    try:
        (counted,) = counter.count([HERE], until=time.monotonic() + 240)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    growth = ledger.feedback.of(HERE).suppression
    assert growth is not None
    assert growth.total == {"BOUNCE": 6_000}
    assert sum(growth.added_on(day) for day in growth.added) == 6_000
    assert (counted.calls, counted.outcome) == (9 + 6 + 6, "up to date")
    assert peak < 8 * 1024 * 1024
