"""The changes of mail settings that count as announced."""

from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.readings import EmailConfiguration, Pool
from mailwarden.domain.repair.unannounced_change import announced_digest_after, mail_digest, unannounced_since
from tests.builders import NOON, developer, identity_ref, pool
from tests.fakes.deployment import cause
from tests.fakes.examples import a_look

BEFORE = pool(email=developer(identity_ref()))
CHANGED = replace(BEFORE, email=EmailConfiguration(), last_modified=NOON)


def known(of: Pool | None) -> LookRecord:
    return replace(a_look(BEFORE.ref), announced_digest=None if of is None else mail_digest(of))


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def test_the_first_look_has_nothing_to_compare_with() -> None:
    for last in (None, known(None)):
        assert unannounced_since(last, CHANGED, cause=None, at=minutes(60)) is None
        assert announced_digest_after(last, CHANGED, cause=None, at=minutes(60)) == mail_digest(CHANGED)


def test_a_change_without_any_call_is_unheard_since_it_was_made() -> None:
    assert unannounced_since(known(BEFORE), CHANGED, cause=None, at=minutes(60)) == NOON
    assert announced_digest_after(known(BEFORE), CHANGED, cause=None, at=minutes(60)) == mail_digest(BEFORE)


def test_a_call_before_the_change_does_not_announce_it_and_one_after_it_does() -> None:
    early, late = cause(at=minutes(-5)), cause("PutIdentityPolicy", at=minutes(5))

    assert unannounced_since(known(BEFORE), CHANGED, cause=early, at=minutes(60)) == NOON
    assert unannounced_since(known(BEFORE), CHANGED, cause=late, at=minutes(60)) is None
    assert announced_digest_after(known(BEFORE), CHANGED, cause=late, at=minutes(60)) == mail_digest(CHANGED)


def test_a_call_of_another_pool_that_a_repair_handed_on_announces_nothing() -> None:
    others = replace(cause(at=minutes(5)), pool_id="us-east-1_OTHER")
    own = replace(others, event_id="e-2", at=minutes(1), pool_id=CHANGED.ref.pool_id)

    assert unannounced_since(known(BEFORE), CHANGED, cause=others, at=minutes(60)) == NOON
    assert unannounced_since(known(BEFORE), CHANGED, cause=replace(others, others=(own,)), at=minutes(60)) is None
    assert unannounced_since(known(BEFORE), CHANGED, cause=own, at=minutes(60)) is None


def test_the_two_clocks_may_differ_by_a_minute() -> None:
    assert unannounced_since(known(BEFORE), CHANGED, cause=cause(at=minutes(-0.9)), at=minutes(60)) is None


def test_after_a_day_the_settings_count_as_known() -> None:
    tomorrow = minutes(24 * 60 + 1)

    assert unannounced_since(known(BEFORE), CHANGED, cause=None, at=tomorrow) is None
    assert announced_digest_after(known(BEFORE), CHANGED, cause=None, at=tomorrow) == mail_digest(CHANGED)


def test_a_modification_that_has_nothing_to_do_with_mail_is_no_change() -> None:
    renamed = replace(BEFORE, name="other", last_modified=NOON, tags={"team": "shop"})

    assert unannounced_since(known(BEFORE), renamed, cause=None, at=minutes(60)) is None


def test_a_change_that_was_taken_back_is_none() -> None:
    assert unannounced_since(known(BEFORE), replace(BEFORE, last_modified=NOON), cause=None, at=minutes(60)) is None


def test_a_custom_sender_is_part_of_the_mail_settings() -> None:
    assert mail_digest(replace(BEFORE, custom_sender_lambda="arn:aws:lambda:x")) != mail_digest(BEFORE)
