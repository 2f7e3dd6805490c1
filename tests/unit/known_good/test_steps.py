"""What becomes of an expected EmailConfiguration: the tables of ``domain/known_good`` as data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.known_good.losses import Loss, losses_of
from mailwarden.domain.known_good.origin import Origin, authorship_of
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.known_good.steps import FoundEmail, known_good_after, known_good_now, reset_of
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import Cause
from tests.builders import NOON, custom_from, developer, identity_ref, pool_ref

POOL = pool_ref()
SECOND = timedelta(seconds=1)
SETTLE = 30 * SECOND
MINE = developer(identity_ref(), reply_to="help@example.com", configuration_set="mail")
OTHER = developer(identity_ref("hello@example.com"))
DEFAULT = EmailConfiguration()
KNOWN = KnownGood(
    email=MINE, standing=Standing.HELD, since=NOON, modified=NOON, settings={"DeletionProtection": "ACTIVE"}
)
WORDS = {
    "identity": EmailWord.IDENTITY, "custom": EmailWord.CUSTOM_FROM, "default": EmailWord.DEFAULT,
    "named": EmailWord.NAMED,
    "absent": EmailWord.ABSENT, "hidden": EmailWord.HIDDEN, "old": None,
}  # fmt: skip


def call(word: str, seconds: float) -> Cause:
    return Cause(
        event_name="UpdateUserPool",
        event_id=f"{word} {seconds}",
        actor="arn:aws:iam::111122223333:user/bob",
        user_agent="",
        region="us-east-1",
        at=NOON + seconds * SECOND,
        email=WORDS[word],
    )


def calls(words: str) -> tuple[Cause, ...]:
    return tuple(call(word, 10 * place) for place, word in enumerate(words.split(), start=1))


@pytest.mark.parametrize(
    ("words", "now", "origin", "named"),
    [
        ("", DEFAULT, Origin.NOT_HEARD, ""),
        ("absent", DEFAULT, Origin.LEFT_OUT, "absent"),
        ("absent absent", DEFAULT, Origin.LEFT_OUT, "absent absent"),
        ("hidden", DEFAULT, Origin.NOT_SHOWN, "hidden"),
        ("old", DEFAULT, Origin.NOT_SHOWN, "old"),
        ("absent hidden", DEFAULT, Origin.NOT_SHOWN, "absent hidden"),
        ("default", DEFAULT, Origin.DELIBERATE, "default"),
        ("default absent", DEFAULT, Origin.DELIBERATE, "default"),
        ("absent default", DEFAULT, Origin.DELIBERATE, "default"),
        ("default hidden", DEFAULT, Origin.DELIBERATE, "default"),
        ("identity", DEFAULT, Origin.NOT_HEARD, ""),
        ("identity absent", DEFAULT, Origin.LEFT_OUT, "absent"),
        ("absent identity absent", DEFAULT, Origin.LEFT_OUT, "absent"),
        ("identity hidden", DEFAULT, Origin.NOT_SHOWN, "hidden"),
        ("default identity absent", DEFAULT, Origin.LEFT_OUT, "absent"),
        ("identity default", DEFAULT, Origin.DELIBERATE, "default"),
        ("custom absent", DEFAULT, Origin.LEFT_OUT, "absent"),
        ("custom", custom_from(identity_ref()), Origin.DELIBERATE, "custom"),
        ("identity", OTHER, Origin.DELIBERATE, "identity"),
        ("identity absent", OTHER, Origin.DELIBERATE, "identity"),
        ("default", OTHER, Origin.NOT_HEARD, ""),
        ("absent", OTHER, Origin.NOT_HEARD, ""),
        ("absent hidden", OTHER, Origin.NOT_SHOWN, "hidden"),
        ("named absent", OTHER, Origin.DELIBERATE, "named"),
        ("absent", custom_from(identity_ref()), Origin.NOT_HEARD, ""),
        ("named", DEFAULT, Origin.DELIBERATE, "named"),
        ("named absent", DEFAULT, Origin.NOT_SHOWN, "named absent"),
        ("absent named", DEFAULT, Origin.DELIBERATE, "named"),
    ],
)  # fmt: skip
def test_the_author_of_a_change(words: str, now: EmailConfiguration, origin: Origin, named: str) -> None:
    authorship = authorship_of(calls(words), now)

    assert (authorship.origin, " ".join(each.event_id.split()[0] for each in authorship.calls)) == (origin, named)


@pytest.mark.parametrize("order", [("absent", "identity"), ("identity", "absent")])
def test_of_two_calls_in_one_second_the_one_that_names_nothing_is_the_later(order: tuple[str, str]) -> None:
    both = [replace(call(word, 10), at=NOON + (10.9 - place / 2) * SECOND) for place, word in enumerate(order)]

    assert authorship_of(both, DEFAULT).origin is Origin.LEFT_OUT


@pytest.mark.parametrize("words", ["identity default", "default identity"])
def test_of_two_choices_in_one_second_the_one_that_is_live_is_the_later(words: str) -> None:
    both = [replace(each, at=NOON) for each in calls(words)]

    assert authorship_of(both, DEFAULT).origin is Origin.DELIBERATE
    assert authorship_of(both, OTHER).origin is Origin.DELIBERATE


def test_calls_that_never_write_a_sender_are_nobody_s_authors() -> None:
    tagging = replace(call("old", 10), event_name="TagResource")

    assert authorship_of([tagging], DEFAULT).origin is Origin.NOT_HEARD


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [
        (MINE, DEFAULT, [Loss.IDENTITY, Loss.CONFIGURATION_SET, Loss.REPLY_TO]),
        (MINE, OTHER, [Loss.CONFIGURATION_SET, Loss.REPLY_TO]),
        (OTHER, MINE, []),
        (OTHER, DEFAULT, [Loss.IDENTITY]),
        (DEFAULT, OTHER, []),
        (custom_from(identity_ref()), DEFAULT, [Loss.CUSTOM_FROM]),
        (custom_from(identity_ref()), OTHER, []),
        (OTHER, custom_from(identity_ref()), [Loss.IDENTITY]),
        (replace(OTHER, from_address="Shop <hello@example.com>"), OTHER, [Loss.CUSTOM_FROM]),
        (OTHER, replace(OTHER, from_address="Shop <hello@example.com>"), []),
        (DEFAULT, replace(DEFAULT, reply_to=""), []),
    ],
)  # fmt: skip
def test_what_a_configuration_lost(before: EmailConfiguration, now: EmailConfiguration, lost: list[Loss]) -> None:
    assert list(losses_of(before, now)) == lost
    assert list(losses_of(before, now, region_lost=True)) == sorted([*lost, Loss.REGION], key=list(Loss).index)


@pytest.mark.parametrize(
    ("standing", "words", "now", "is_reset"),
    [
        (Standing.HELD, "absent", DEFAULT, True),
        (Standing.SOUND, "absent", DEFAULT, True),
        (Standing.SEEN, "absent", DEFAULT, False),
        (Standing.HELD, "", DEFAULT, True),
        (Standing.HELD, "default", DEFAULT, False),
        (Standing.HELD, "absent", MINE, False),
        (Standing.HELD, "absent", replace(MINE, source_arn=OTHER.source_arn), False),
    ],
)  # fmt: skip
def test_a_reset(standing: Standing, words: str, now: EmailConfiguration, *, is_reset: bool) -> None:
    known = replace(KNOWN, standing=standing, calls=calls(words))

    assert (reset_of(known, now) is not None) is is_reset
    assert reset_of(None, now) is None


@pytest.mark.parametrize(
    ("standing", "good", "held_for", "then"),
    [
        (Standing.SEEN, False, 60, Standing.SEEN),
        (Standing.SEEN, True, 29, Standing.SOUND),
        (Standing.SEEN, True, 30, Standing.HELD),
        (Standing.SOUND, True, 29, Standing.SOUND),
        (Standing.SOUND, True, 30, Standing.HELD),
        (Standing.SOUND, False, 60, Standing.SOUND),
        (Standing.HELD, False, 0, Standing.HELD),
        (Standing.HELD, True, 0, Standing.HELD),
    ],
)  # fmt: skip
def test_the_standing_of_a_configuration_rises_and_never_falls(
    standing: Standing, held_for: int, then: Standing, *, good: bool
) -> None:
    found = FoundEmail(email=MINE, modified=NOON, at=NOON + held_for * SECOND, settings={"a": "b"})

    known = known_good_after(replace(KNOWN, standing=standing), found, reset=None, judged_good=good, settle=SETTLE)

    assert known == replace(KNOWN, standing=then, settings={"a": "b"}, found_at=found.at)


def test_a_reset_keeps_what_was_expected_and_the_calls() -> None:
    known = known_good_now(KNOWN, call("absent", 10), pool=POOL)
    reset = reset_of(known, DEFAULT)
    found = FoundEmail(email=DEFAULT, modified=NOON + 10 * SECOND, at=NOON + 60 * SECOND)

    after = known_good_after(known, found, reset=reset, judged_good=True, settle=SETTLE)

    assert after == replace(KNOWN, calls=calls("absent"))


def test_the_call_of_another_pool_says_nothing_of_this_one() -> None:
    of_another = replace(call("absent", 10), pool_id="us-east-1_Another")

    assert known_good_now(KNOWN, of_another, pool=POOL) == KNOWN
    mine = replace(of_another, pool_id=POOL.pool_id)
    assert known_good_now(KNOWN, mine, pool=POOL) == replace(KNOWN, calls=(mine,))


def test_a_choice_is_expected_from_then_on_and_has_to_prove_itself() -> None:
    known = known_good_now(KNOWN, call("default", 10), pool=POOL)
    found = FoundEmail(email=DEFAULT, modified=NOON + 10 * SECOND, at=NOON + 11 * SECOND)

    after = known_good_after(known, found, reset=reset_of(known, DEFAULT), judged_good=True, settle=SETTLE)

    assert (after.email, after.standing, after.since) == (DEFAULT, Standing.SOUND, found.at)


def test_calls_before_the_last_modification_are_forgotten_and_late_ones_never_kept() -> None:
    known = replace(KNOWN, modified=NOON + 60 * SECOND)

    assert known_good_now(known, call("default", 10), pool=POOL) == known
    assert known_good_now(known, None, pool=POOL) == known
    found = FoundEmail(email=MINE, modified=NOON + 60 * SECOND, at=NOON + 61 * SECOND)
    refreshed = known_good_after(
        replace(KNOWN, calls=calls("absent absent")), found, reset=None, judged_good=True, settle=SETTLE
    )
    assert refreshed.calls == ()
