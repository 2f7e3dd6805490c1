"""The safe writer after the write: everything else that changed is found, and the window is measured."""

import copy
from datetime import timedelta

import pytest

from mailwarden.domain.repair.journal import SideEffect, Unconfirmed, Written
from mailwarden.message import message
from tests.builders import NOON
from tests.functional.aws.harness import Bench, repair, shop
from tests.functional.aws.wire.cognito import Pool
from tests.functional.aws.wire.wire import Answer, refusal
from tests.texts import english


def test_an_mfa_configuration_that_the_write_resets_is_detected(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool, {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}})
    bench.cognito.disturbed_by = lambda _, mfa: mfa.pop("SoftwareTokenMfaConfiguration")

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert english(outcome.reason).endswith(": MfaConfiguration.SoftwareTokenMfaConfiguration")


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("DeletionProtection", "INACTIVE", "DeletionProtection"),
        ("MfaConfiguration", "OFF", "MfaConfiguration"),
        ("DeviceConfiguration", {}, "DeviceConfiguration"),
        ("AutoVerifiedAttributes", [], "AutoVerifiedAttributes"),
        ("UserPoolTags", {"team": "shop"}, "UserPoolTags.aws:cloudformation:stack-name"),
        (
            "Policies",
            {"PasswordPolicy": {"MinimumLength": 12}},
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
        ),
        ("NewThing", "secret", "NewThing"),
        ("EmailConfiguration", {"EmailSendingAccount": "DEVELOPER"}, "EmailConfiguration.SourceArn"),
    ],
)
def test_whatever_else_changes_is_named_by_its_path_and_never_by_its_value(
    bench: Bench,
    member: str,
    value: object,
    path: str,
) -> None:
    pool = shop()
    bench.cognito.put(pool)

    def disturb(pool: Pool, _: dict[str, object]) -> None:
        pool[member] = value
        if member == "Policies":
            pool["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": False}

    bench.cognito.disturbed_by = disturb

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert path in english(outcome.reason)
    assert "secret" not in english(outcome.reason)
    assert len(bench.cognito.updates) == 1


def test_another_order_of_lists_is_not_a_side_effect(bench: Bench) -> None:
    pool = shop(AutoVerifiedAttributes=["email", "phone_number"])
    bench.cognito.put(pool)
    bench.cognito.disturbed_by = lambda pool, _: pool.update(AutoVerifiedAttributes=["phone_number", "email"])

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")


@pytest.mark.parametrize("operation", ["DescribeUserPool", "GetUserPoolMfaConfig"])
def test_a_failed_look_after_the_write_is_never_called_success(bench: Bench, operation: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    nth = 3 if operation == "DescribeUserPool" else 2
    bench.wire.disturb(operation, nth, instead=refusal("AccessDeniedException"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Unconfirmed)
    assert "AccessDenied" in english(outcome.reason)


def test_a_write_that_is_seen_a_little_later_is_waited_for(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    old = copy.deepcopy(pool)
    bench.wire.disturb("DescribeUserPool", 3, instead=Answer(body={"UserPool": old}))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert bench.time.slept[-1] == pytest.approx(0.2)


def test_a_write_that_no_look_shows_stays_open(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    old = Answer(body={"UserPool": copy.deepcopy(pool)})
    bench.wire.disturb("DescribeUserPool", *range(3, 9), instead=old)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Unconfirmed)
    assert outcome.reason == message("write.not-visible")


def test_the_window_is_measured_from_before_the_last_look_to_the_answer(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)

    def pass_time(seconds: float) -> None:
        bench.time.seconds += seconds

    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pass_time(0.030))
    bench.wire.disturb("UpdateUserPool", before=lambda: pass_time(0.040))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Written)
    window = outcome.window
    assert window is not None
    assert window.milliseconds == pytest.approx(70)
    assert window.compared_at == NOON + timedelta(seconds=1000)
    assert window.resource == repair(pool).resource
