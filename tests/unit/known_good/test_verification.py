"""Whether a pool still verifies by mail: the records of the calls decide whether the end of it was a choice."""

from datetime import datetime, timedelta

import pytest

from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.verification import (
    ACCEPTED,
    ATTRIBUTES,
    KnownVerification,
    lost_verification,
    verification_after,
    verification_now,
)
from mailwarden.domain.refs.call_records import verification_word
from mailwarden.domain.refs.call_words import EmailWord, VerificationWord
from mailwarden.domain.refs.causes import Cause, folded
from tests.builders import NOON, pool_ref

ON: dict[str, str] = {ATTRIBUTES: "email, phone_number"}
# UpdateUserPool leaves nothing of what it does not name.
OFF: dict[str, str] = {}
SECOND = timedelta(seconds=1)
POOL = {"userPoolId": "us-east-1_EXAMPLE"}
KNOWN = KnownVerification(modified=NOON)


def call(word: VerificationWord, *, seconds: int = 1, name: str = "UpdateUserPool") -> Cause:
    return Cause(
        event_name=name,
        event_id=f"e-{seconds}-{word}",
        actor="alice",
        user_agent="",
        region="us-east-1",
        at=NOON + seconds * SECOND,
        email=EmailWord.ABSENT,
        verification=word,
    )


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        (POOL | {"autoVerifiedAttributes": ["email"]}, VerificationWord.EMAIL),
        (POOL | {"AutoVerifiedAttributes": ["phone_number"]}, VerificationWord.OTHERS),
        (POOL | {"autoVerifiedAttributes": []}, VerificationWord.OTHERS),
        (POOL | {"autoVerifiedAttributes": "HIDDEN_DUE_TO_SECURITY_REASONS"}, VerificationWord.NAMED),
        (POOL, VerificationWord.ABSENT),
        ({"userPoolId": "HIDDEN_DUE_TO_SECURITY_REASONS"}, VerificationWord.HIDDEN),
        ({"omitted": True, **POOL}, VerificationWord.HIDDEN),
        (None, VerificationWord.HIDDEN),
    ],
)
def test_a_record_shows_the_attributes_or_hides_them(parameters: object, word: VerificationWord) -> None:
    assert verification_word(parameters) is word


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        ((), Origin.NOT_HEARD),
        ((VerificationWord.ABSENT,), Origin.LEFT_OUT),
        ((VerificationWord.ABSENT, VerificationWord.HIDDEN), Origin.NOT_SHOWN),
        ((VerificationWord.OTHERS,), None),
        ((VerificationWord.NAMED,), None),
        ((VerificationWord.EMAIL,), Origin.NOT_HEARD),
        ((VerificationWord.EMAIL, VerificationWord.OTHERS), None),
        ((VerificationWord.OTHERS, VerificationWord.EMAIL, VerificationWord.ABSENT), Origin.LEFT_OUT),
        ((VerificationWord.ABSENT, VerificationWord.EMAIL), Origin.NOT_HEARD),
        ((VerificationWord.HIDDEN, VerificationWord.EMAIL, VerificationWord.ABSENT), Origin.LEFT_OUT),
        ((VerificationWord.OTHERS, VerificationWord.ABSENT), None),
    ],
)
def test_the_last_call_that_names_it_decides(words: tuple[VerificationWord, ...], origin: Origin | None) -> None:
    known = KnownVerification(
        modified=NOON, calls=tuple(call(word, seconds=number) for number, word in enumerate(words, start=1))
    )

    lost = lost_verification(known, OFF)

    assert (None if lost is None else lost.origin) is origin
    assert lost_verification(known, ON) is None
    if lost is not None:
        # Only what came after the last call that named it can have ended it.
        assert [each.verification for each in lost.calls] == list(words[len(words) - len(lost.calls) :])
        assert VerificationWord.EMAIL not in {each.verification for each in lost.calls}
        assert VerificationWord.OTHERS not in {each.verification for each in lost.calls}


def test_a_pool_that_verifies_phone_numbers_instead_was_changed_by_choice() -> None:
    """A call that does not name the attributes leaves none: some are there, so one named them."""
    known = KnownVerification(modified=NOON, calls=(call(VerificationWord.HIDDEN),))

    assert lost_verification(known, {ATTRIBUTES: "phone_number"}) is None
    assert look(known, {ATTRIBUTES: "phone_number"}, None) is None


def test_of_two_calls_in_one_second_the_one_that_leaves_it_out_came_after_the_one_that_set_it() -> None:
    both = (call(VerificationWord.ABSENT), call(VerificationWord.EMAIL))

    for calls in (both, both[::-1]):
        lost = lost_verification(KnownVerification(modified=NOON, calls=calls), OFF)

        assert lost is not None
        assert lost.origin is Origin.LEFT_OUT


def look(known: KnownVerification | None, settings: dict[str, str], cause: Cause | None) -> KnownVerification | None:
    modified: datetime = NOON + 2 * SECOND
    return verification_after(verification_now(known, cause, pool=pool_ref()), settings, modified=modified)


def test_a_loss_stays_until_it_is_set_again_chosen_or_accepted() -> None:
    lost = look(KNOWN, OFF, call(VerificationWord.ABSENT))
    assert lost is not None
    assert lost_verification(lost, OFF) is not None

    assert look(lost, OFF, None) == lost
    assert look(lost, OFF, call(VerificationWord.OTHERS, seconds=9)) is None
    assert look(lost, OFF, folded(call(VerificationWord.ABSENT, name=ACCEPTED, seconds=9))) is None
    assert look(lost, ON, None) == KnownVerification(modified=NOON + 2 * SECOND)


def test_a_pool_that_never_verified_loses_nothing() -> None:
    assert look(None, OFF, call(VerificationWord.ABSENT)) is None
    assert look(None, {}, None) is None
    assert look(None, ON, None) == KnownVerification(modified=NOON + 2 * SECOND)
