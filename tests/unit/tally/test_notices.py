"""A notice of SES stays open until SES ends it, in any order, and its pools are looked at."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.refs.hints import ConfigurationSetHint, IdentityHint, SesAccountHint
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, SesAccountRef
from mailwarden.domain.reputation.feedback import NoticeKind, SesFeedback, SesNotice
from mailwarden.rules.feedback.mw707_ses_notice_open import RULE as SES_NOTICE_OPEN
from tests.builders import NOON
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import InMemorySesNotices
from tests.unit.inbound.example_events import Event, bent, example
from tests.unit.tally.mail import ACCOUNT, SHOP, Box, path_of, through_sns

OREGON = SesAccountRef(partition="aws", region="us-west-2", account=ACCOUNT)
SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="transactional")
IDENTITY = IdentityRef(partition="aws", region="us-west-2", account=ACCOUNT, name="example.com")


def said(name: str, *, at: datetime | None = None) -> Event:
    """An event about our account, at a time."""
    event = bent(example(name), "account", ACCOUNT)
    event = bent(event, "resources", [arn.replace("123456789012", ACCOUNT) for arn in event["resources"]])
    return event if at is None else bent(event, "time", at.isoformat())


def stopped(minutes: float = 0) -> Event:
    return said("ses.sending-status-disabled", at=NOON - timedelta(hours=2) + timedelta(minutes=minutes))


def going_on(minutes: float) -> Event:
    return said("ses.sending-status-enabled", at=NOON - timedelta(hours=2) + timedelta(minutes=minutes))


def rate_status(box: Box) -> tuple[SesNotice, ...]:
    return box.ledger.feedback.of(OREGON).notices


def test_a_notice_is_recorded_and_causes_fresh_looks_at_the_pools_of_account_and_set() -> None:
    box = Box()

    assert box.handle(stopped()) == []

    (notice,) = rate_status(box)
    assert (notice.kind, notice.about) == (NoticeKind.SENDING_DISABLED, SET.arn)
    account, its_set = (each.hint for each in box.hints.waiting)
    assert isinstance(account, SesAccountHint)
    assert account.account == OREGON
    assert isinstance(its_set, ConfigurationSetHint)
    assert its_set.configuration_set == SET
    # Looks with a cause take no reading from before.
    assert account.cause == its_set.cause
    assert account.cause is not None
    assert account.cause.event_name == "Sending Status Disabled"


@pytest.mark.parametrize("name", ["ses.sending-status-disabled", "ses.advisor-recommendation-open"])
def test_a_notice_from_a_topic_is_refused_for_every_publisher(name: str) -> None:
    box = Box()

    assert box.handle(through_sns({"detail": said(name)})) == ["0"]

    assert rate_status(box) == ()
    assert box.hints.waiting == []
    assert "event.by-topic" in str(box.logged("message not understood"))


def test_a_notice_from_a_topic_does_not_end_an_open_one() -> None:
    box = Box()
    box.handle(stopped(0))

    box.handle(through_sns({"detail": going_on(30)}))

    assert len(rate_status(box)) == 1


def test_a_recommendation_about_an_identity_has_its_pools_looked_at_and_one_about_a_tenant_the_accounts() -> None:
    box = Box()

    box.handle(said("ses.advisor-recommendation-open"))
    box.handle(said("ses.sending-status-disabled.tenant"))

    kinds = [type(each.hint) for each in box.hints.waiting]
    assert kinds == [SesAccountHint, IdentityHint, SesAccountHint]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_later_notice_wins_in_any_order(order: tuple[int, int]) -> None:
    box = Box()
    words = (stopped(0), going_on(30))

    for place in order:
        assert box.handle(words[place]) == []

    assert rate_status(box) == ()


def test_a_second_stop_after_the_end_of_the_first_is_recorded() -> None:
    box = Box()

    box.handle(stopped(60), going_on(30), stopped(0))

    assert [notice.at for notice in rate_status(box)] == [NOON - timedelta(hours=1)]


def test_a_notice_that_arrives_too_late_causes_no_look() -> None:
    box = Box()
    box.handle(going_on(30))
    box.hints.waiting.clear()

    box.handle(stopped(0))

    assert box.hints.waiting == []
    assert box.logged("notice overtaken by a later one")


def test_a_duplicate_notice_is_recorded_once_and_causes_its_look_again() -> None:
    box = Box()

    box.handle(stopped())
    box.handle(stopped())

    assert len(rate_status(box)) == 1
    assert len(box.hints.waiting) == 4


def test_two_recommendations_about_one_identity_do_not_hide_each_other() -> None:
    box = Box()
    about_dkim = bent(said("ses.advisor-recommendation-open"), "detail.data.type", "DKIM")

    box.handle(said("ses.advisor-recommendation-open"), about_dkim)
    assert {notice.topic for notice in rate_status(box)} == {"BOUNCE", "DKIM"}

    box.handle(said("ses.advisor-recommendation-resolved", at=NOON))
    assert {notice.topic for notice in rate_status(box)} == {"DKIM"}


def test_a_notice_from_a_fast_clock_does_not_outlive_every_later_one() -> None:
    box = Box()

    box.handle(said("ses.sending-status-disabled", at=NOON + timedelta(days=3000)))
    box.clock.pass_by(minutes=1)
    box.handle(said("ses.sending-status-enabled", at=NOON + timedelta(seconds=30)))

    assert rate_status(box) == ()


class Choosy(InMemorySesNotices):
    """Notices that cannot keep what is said of one identity."""

    def put(self, notice: SesNotice, *, stands: bool) -> bool:
        if notice.about == IDENTITY.arn:
            raise ConnectionError("the table is away")
        return InMemorySesNotices.put(self, notice, stands=stands)


def test_a_notice_that_cannot_be_kept_comes_again_alone() -> None:
    box = Box(ledger=InMemoryLedger(notices=Choosy()))

    assert box.handle(said("ses.advisor-recommendation-open"), stopped()) == ["0"]
    assert [notice.about for notice in rate_status(box)] == [SET.arn]


@pytest.mark.parametrize(("age", "told"), [(timedelta(days=30), 1), (timedelta(days=30, seconds=1), 0)])
def test_a_notice_is_believed_for_thirty_days(age: timedelta, told: int) -> None:
    path = path_of("Shop")
    (ses_state,) = path.ses_states
    notice = SesNotice(
        account=ses_state.account_ref, kind=NoticeKind.SENDING_DISABLED, about=SHOP.arn, text="", at=path.taken_at - age
    )

    known = replace(path, ses_states=(replace(ses_state, feedback=SesFeedback(notices=(notice,))),))

    assert len(list(SES_NOTICE_OPEN.check(known))) == told
