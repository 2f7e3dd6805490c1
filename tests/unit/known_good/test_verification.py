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
from mailwarden.domain.refs.causes import Cause, EmailWord, VerificationWord, folded
from tests.builders import NOON

ON, OFF = {ATTRIBUTES: "email, phone_number"}, {ATTRIBUTES: "phone_number"}
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


def look(known: KnownVerification | None, settings: dict[str, str], cause: Cause | None) -> KnownVerification | None:
    modified: datetime = NOON + 2 * SECOND
    return verification_after(verification_now(known, cause), settings, modified=modified)


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
