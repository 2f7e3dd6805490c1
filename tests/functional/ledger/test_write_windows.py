"""The windows of writes and the calls of others, in memory and in DynamoDB alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.mail_path.overlap import OtherCall, ResourceWrites, StoredWindow
from tests.builders import NOON, identity_ref, pool_ref
from tests.fakes.deployment import cause
from tests.fakes.ledger.roles import LedgerRoles

POOL, IDENTITY = pool_ref().arn, identity_ref("example.com").arn


def a_window(resource: str, entry_id: str = "entry-1") -> StoredWindow:
    return StoredWindow(
        resource=resource, entry_id=entry_id, compared_at=NOON, written_at=NOON + timedelta(milliseconds=70)
    )


def a_call(resource: str, event_id: str = "e-1") -> OtherCall:
    call = replace(cause(event_id=event_id), members=("policies", "userPoolTags"))
    return OtherCall(resource=resource, call=call, noted_at=NOON + timedelta(minutes=1))


def test_gives_back_the_window_of_a_risk_configuration(ledger: LedgerRoles) -> None:
    ledger.windows.put(replace(a_window(POOL), is_of_risk=True))

    (window,) = ledger.windows.of(POOL).windows

    assert window == replace(a_window(POOL), is_of_risk=True)


@pytest.mark.parametrize("resource", [POOL, IDENTITY])
def test_gives_back_what_was_stored_of_a_resource(ledger: LedgerRoles, resource: str) -> None:
    ledger.windows.put(a_window(resource))
    ledger.windows.note(a_call(resource))

    history = ledger.windows.of(resource)

    assert history == ResourceWrites(windows=(a_window(resource),), calls=(a_call(resource),))
    assert history.calls[0].call.members == ("policies", "userPoolTags")


def test_resources_are_kept_apart(ledger: LedgerRoles) -> None:
    ledger.windows.put(a_window(POOL))
    ledger.windows.note(a_call(IDENTITY))

    assert ledger.windows.of(POOL).calls == ()
    assert ledger.windows.of(IDENTITY).windows == ()
    assert ledger.windows.of(identity_ref("other.example").arn) == ResourceWrites()


def test_the_end_of_a_write_replaces_its_beginning_and_no_other_write(ledger: LedgerRoles) -> None:
    ledger.windows.put(replace(a_window(POOL), written_at=None))
    ledger.windows.put(a_window(POOL, "entry-2"))

    ledger.windows.put(a_window(POOL))

    assert set(ledger.windows.of(POOL).windows) == {a_window(POOL), a_window(POOL, "entry-2")}


def test_a_write_that_came_to_nothing_is_forgotten(ledger: LedgerRoles) -> None:
    ledger.windows.put(a_window(POOL))

    ledger.windows.drop(a_window(POOL))

    assert ledger.windows.of(POOL) == ResourceWrites()


def test_the_first_time_a_call_was_noted_stays(ledger: LedgerRoles) -> None:
    ledger.windows.note(a_call(POOL))

    ledger.windows.note(replace(a_call(POOL), noted_at=NOON + timedelta(hours=2)))

    assert ledger.windows.of(POOL).calls == (a_call(POOL),)


def test_a_pool_is_read_with_its_writes(ledger: LedgerRoles) -> None:
    ledger.windows.put(a_window(POOL))
    ledger.windows.note(a_call(POOL))

    record = ledger.pool_records.read(pool_ref())

    assert record.windows == ResourceWrites(windows=(a_window(POOL),), calls=(a_call(POOL),))
