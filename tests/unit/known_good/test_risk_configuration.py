"""A risk configuration with its lost sender back: nothing else of it changes, whatever is live."""

import json
from random import Random

import pytest

from mailwarden.domain.known_good.risk_configuration import notices_in, risk_parts, risk_text, with_notices
from mailwarden.domain.readings import ThreatNotices
from tests.unit.known_good.risks import ACTIONS, ARN, LEVELS, random_parts, takeover

KNOWN = notices_in(risk_text({"AccountTakeoverRiskConfiguration": takeover("High", "Low")}))
assert KNOWN is not None


@pytest.mark.parametrize("seed", range(0, 500, 50))
def test_nothing_but_the_sender_and_responses_that_none_gives_change(seed: int) -> None:
    assert KNOWN is not None
    for number in range(seed, seed + 50):
        random = Random(number)  # noqa: S311 - no secret
        live = risk_text(random_parts(random))

        after = with_notices(live, KNOWN)

        assert after is not None
        assert notices_in(after) is not None
        before, then = risk_parts(live), risk_parts(after)
        others = {"CompromisedCredentialsRiskConfiguration", "RiskExceptionConfiguration"}
        assert {name: before.get(name) for name in others} == {name: then.get(name) for name in others}
        assert then.keys() <= others | {"AccountTakeoverRiskConfiguration"}
        restored, was = then["AccountTakeoverRiskConfiguration"], before.get("AccountTakeoverRiskConfiguration", {})
        known = json.loads(KNOWN.takeover)
        assert isinstance(restored, dict)
        assert isinstance(was, dict)
        assert restored["NotifyConfiguration"] == known["NotifyConfiguration"]
        actions = was.get("Actions", {})
        if any(action["Notify"] for action in actions.values()):
            assert restored["Actions"] == actions
        for level, action in actions.items():
            # What is done about a sign-in is never changed.
            assert restored["Actions"][level]["EventAction"] == action["EventAction"]
        assert with_notices(after, KNOWN) == after


def test_a_whole_part_that_is_gone_comes_back_as_it_was() -> None:
    assert KNOWN is not None

    after = with_notices("{}", KNOWN)

    assert after == risk_text({"AccountTakeoverRiskConfiguration": json.loads(KNOWN.takeover)})
    assert notices_in(after) == KNOWN


def test_a_sender_that_is_not_known_whole_is_not_restored() -> None:
    assert with_notices("{}", ThreatNotices(source_arn=ARN)) is None


def with_body(body: str) -> str:
    part = {**takeover("High"), "NotifyConfiguration": {"SourceArn": ARN, "BlockEmail": {"HtmlBody": body}}}
    return risk_text({"AccountTakeoverRiskConfiguration": part})


@pytest.mark.parametrize("body", ["<p>로그인이 차단되었습니다</p>", "<p>🛑\0</p>", "🛑" * 20_000])
def test_a_mail_in_any_letters_is_restored_whole(body: str) -> None:
    known = notices_in(with_body(body))

    assert known is not None
    assert with_notices("{}", known) == with_body(body)


@pytest.mark.parametrize("body", ["🛑" * 25_001, "half of a pair: \ud83d"], ids=["many bytes", "half of a pair"])
def test_a_mail_that_cannot_be_kept_whole_is_not_restored_and_its_sender_is_known(body: str) -> None:
    known = notices_in(with_body(body))

    assert known is not None
    assert (known.source_arn, known.takeover) == (ARN, "")
    assert with_notices("{}", known) is None


def test_mails_of_the_longest_kind_are_known_and_more_is_not() -> None:
    # Three mails of HTML and plain text with 20,000 characters each (EmailNotificationBodyType) would be more.
    mail = {"Subject": "s", "HtmlBody": "x" * 20_000, "TextBody": "y" * 20_000}
    kept, too_long = (
        notices_in(
            risk_text(
                {
                    "AccountTakeoverRiskConfiguration": {
                        "NotifyConfiguration": {"SourceArn": ARN, **dict.fromkeys(mails, mail)},
                        "Actions": {"HighAction": ACTIONS[0]},
                    }
                }
            )
        )
        for mails in (("BlockEmail", "MfaEmail"), ("BlockEmail", "MfaEmail", "NoActionEmail"))
    )

    assert kept is not None
    assert len(kept.takeover) > 80_000
    assert too_long is not None
    assert (too_long.source_arn, too_long.takeover) == (ARN, "")


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"AccountTakeoverRiskConfiguration": None},
        {"AccountTakeoverRiskConfiguration": {"Actions": {}}},
        {"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": ARN}}},
        {"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": ARN}, "Actions": {"Low": None}}},
        {"AccountTakeoverRiskConfiguration": {"Actions": {LEVELS[0]: {"Notify": True}}}},
        {"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": [], "Actions": {LEVELS[0]: {"Notify": "yes"}}}},
    ],
)
def test_without_a_sender_or_a_response_that_notifies_there_are_no_notices(parts: dict[str, object]) -> None:
    assert notices_in(risk_text(parts)) is None


def test_the_same_meaning_is_the_same_text() -> None:
    one = {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["b", "a"], "SkippedIPRangeList": []}, "Other": None}
    other = {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["a", "b"]}}

    assert risk_text(one) == risk_text(other) != risk_text({})
    assert risk_parts("[]") == risk_parts(None) == {}
