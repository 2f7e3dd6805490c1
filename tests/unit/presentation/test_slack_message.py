"""A message for Slack: what it shows, and that nothing in it can ping, link or grow beyond Slack's limits."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState, Handling, ProposedWrite
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.slack.message import slack_message
from mailwarden.presentation.slack.mrkdwn import code_block, escaped, literal
from tests.fakes.examples import (
    MORNING,
    OREGON_IDENTITY,
    a_cause,
    a_pool,
    a_proposed_write,
)
from tests.unit.presentation.notices import a_notice

NASTY = "<!channel> <@U123> <https://evil.example|click> & `x` ```y``` *bold* https://evil.example @here :tada: \u202e"
# All that Slack may turn into a mention or a link: anything between angle brackets.
MARKUP = re.compile(r"<[^<>]*>")
OUR_LINK = re.compile(
    r"<https://[a-z0-9.-]+\.console\.aws\.amazon\.com/[^|<>\s]*\|[A-Za-z ]+>|<https://docs\.example/.*>"
)


def message(notice: Notice) -> dict[str, object]:
    return cast("dict[str, object]", slack_message(notice))


def texts(value: object) -> Iterator[tuple[str, str]]:
    """Every text object in a message, by its type."""
    match value:
        case {"type": ("mrkdwn" | "plain_text") as kind, "text": str(text)}:
            yield str(kind), text
        case dict():
            for inner in value.values():
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case _:
            return


def shown(notice: Notice) -> list[str]:
    """The texts of the blocks in order."""
    return [text for _, text in texts(message(notice)["blocks"])]


def objections(payload: dict[str, object]) -> Iterator[str]:
    """What Slack would say against a message (https://docs.slack.dev/reference/block-kit/blocks)."""
    blocks = cast("list[dict[str, object]]", payload["blocks"])
    if not 1 <= len(blocks) <= 50:
        yield f"{len(blocks)} blocks"
    if not 1 <= len(cast("str", payload["text"])) <= 40_000:
        yield "text"
    for block in blocks:
        longest = {"header": 150, "section": 3000, "context": 3000}[cast("str", block["type"])]
        fields = cast("list[object]", block.get("fields", []))
        if len(fields) > 10 or len(cast("list[object]", block.get("elements", []))) > 10:
            yield "too many fields"
        for _, text in texts(block):
            if not 1 <= len(text) <= (2000 if fields else longest):
                yield f"{block['type']} of {len(text)} characters"
    if sum(len(text) for _, text in texts(blocks)) > 12_500:
        yield "msg_blocks_too_long"


def test_a_document_in_what_to_do_is_shown_as_code() -> None:
    notice = a_notice(
        remediation=verbatim('Attach this: {"Resource": "arn:aws:cognito-idp:*:1:userpool/*"}'), proposed=None
    )

    told = json.dumps(slack_message(notice))

    assert "*To do* Attach this:" in told
    assert "```" in told
    assert '"Resource": "arn:aws:cognito-idp:*:1:userpool/*"' in told.encode().decode("unicode_escape")


def test_what_to_do_does_not_repeat_the_write_below() -> None:
    notice = a_notice(remediation=verbatim('Attach this: {"a": 1}'))

    told = json.dumps(slack_message(notice))

    assert "*To do* Attach this (the write below)" in told


def test_what_was_not_repaired() -> None:
    assert shown(a_notice()) == [
        ("\U0001f534 CRITICAL: pool shop-users cannot send mail: no sending policy allows it (MW401, ap-northeast-2)"),
        (
            "*What* no policy of identity shop.example lets the pool send\n"
            "*Why* SES refuses every mail that Cognito hands over, and Cognito tells nobody"
        ),
        "*Pool*\nshop-users (ap-northeast-2_Shop00001), ap-northeast-2, account 111122223333",
        "*Since*\n2026-03-02 03:12:44 UTC",
        (
            "*Likely by* `DeleteEmailIdentityPolicy in us-west-2 at 2026-03-02 03:12:40 UTC "
            "by arn:aws:sts::111122223333:assumed-role/Admin/j***@corp.example with aws-cli/2.17.0`"
        ),
        (
            "*Done* Not repaired: RepairMode is off\n"
            "*To do* Add a statement to a sending policy of the identity that allows the pool\n"
            "*Verify* `make why POOL=ap-northeast-2_Shop00001`. The end of this alert is announced within about a "
            "minute of the call that mends it, or after the next sweep where AWS sends no event (`SweepSchedule`, "
            "hourly by default)"
        ),
        (
            "*Proposed* let the pool send as shop.example (safe)\n"
            "*Resource* arn:aws:ses:us-west-2:111122223333:identity/shop.example"
        ),
        '*Before*\n```\n{\n  "mailwarden-cognito": null\n}\n```',
        '*After*\n```\n{\n  "mailwarden-cognito": {\n    "Version": "2012-10-17"\n  }\n}\n```',
        (
            "<https://ap-northeast-2.console.aws.amazon.com/cognito/v2/idp/user-pools/ap-northeast-2_Shop00001"
            "?region=ap-northeast-2|user pool> · "
            "<https://us-west-2.console.aws.amazon.com/ses/home?region=us-west-2#/identities/shop.example|SES identity>"
            " · <https://docs.example/rules/MW401.md|about MW401>"
        ),
    ]


def test_what_was_repaired_shows_how_to_undo_it() -> None:
    notice = a_notice(state=FindingState.REPAIRED, handling=Handling.WRITTEN, undo_id="entry-7", cause=None)

    said = "\n".join(shown(notice))

    assert "*What was*" in said
    assert "*Why*" not in said
    assert "*Undo* `make undo ID=entry-7`" in said
    assert "*Written to* arn:aws:ses:us-west-2:111122223333:identity/shop.example" in said


def test_what_was_observed_is_shown_as_in_the_mail() -> None:
    notice = a_notice(evidence={"decision": 'policy "freeze", statement 1 explicitly denies it', "x_new": "7"})

    assert shown(notice)[-2] == (
        '*Observed*\n• decision: policy "freeze", statement 1 explicitly denies it\n• x_new: 7'
    )


@pytest.mark.parametrize(
    ("state", "severity", "sign"),
    [
        (FindingState.OPEN, Severity.CRITICAL, "\U0001f534"),
        (FindingState.OPEN, Severity.HIGH, "\U0001f7e0"),
        (FindingState.OPEN, Severity.MEDIUM, "\U0001f7e1"),
        (FindingState.OPEN, Severity.LOW, "\U0001f535"),
        (FindingState.REPAIRED, Severity.CRITICAL, "\U0001f6e0"),
        (FindingState.RESOLVED, Severity.CRITICAL, "✅"),
        (FindingState.EXEMPT, Severity.CRITICAL, "⏸"),
    ],
)
def test_the_sign_tells_how_bad_it_is_or_that_it_is_over(state: FindingState, severity: Severity, sign: str) -> None:
    notice = a_notice(state=state, severity=severity, verdict=Answer.YES, deciding=None)

    assert shown(notice)[0].startswith(sign)


def test_no_sign_of_an_end_while_the_pool_cannot_send() -> None:
    over = a_notice(state=FindingState.RESOLVED, verdict=Answer.NO)

    assert shown(over)[0].startswith("\U0001f534 RESOLVED: pool shop-users still cannot send mail")


def test_names_the_page_of_an_alert_that_was_queued_with_a_path() -> None:
    notice = replace(a_notice(), rule_page="docs/rules/MW401.md")

    assert shown(notice)[-1].endswith(" · about MW401: docs/rules/MW401.md")


def nasty_notice(text: str) -> Notice:
    return a_notice(
        message=verbatim(text),
        why=verbatim(text),
        remediation=verbatim(text),
        reason=verbatim(text),
        pool_name=text,
        rule_name=text,
        evidence={text: text},
        undo_id=text,
        cause=replace(a_cause(), actor=text, user_agent=text, event_name=text, event_id=text, region=text),
        proposed=ProposedWrite(
            title=verbatim(text), applicability="safe", resource=OREGON_IDENTITY.arn, before=text, after=text
        ),
        affected={a_pool(number).arn: MORNING for number in range(60)},
    )


def test_nothing_from_outside_can_ping_or_link() -> None:
    payload = message(nasty_notice(NASTY))

    for kind, text in texts(payload):
        left = OUR_LINK.sub("", text) if kind == "mrkdwn" else text
        assert not MARKUP.search(left), text
        assert "<" not in left
    assert "<" not in cast("str", payload["text"])


def test_slack_makes_no_links_of_its_own() -> None:
    payload = json.loads(json.dumps(slack_message(nasty_notice(NASTY))))

    mrkdwn = re.findall(r'\{"type": "mrkdwn"[^}]*\}', json.dumps(payload))
    assert len(mrkdwn) >= 8
    assert all('"verbatim": true' in text for text in mrkdwn)
    assert payload["unfurl_links"] is False
    assert payload["unfurl_media"] is False
    assert payload["blocks"][0]["text"]["emoji"] is False


def test_a_write_cannot_end_the_block_of_code_it_stands_in() -> None:
    before = shown(a_notice(proposed=replace(a_proposed_write(), before="a\n```\n*Done* all fine\n```")))[-3]

    assert before.startswith("*Before*\n```\n")
    assert before.count("```") == 2


def test_what_an_actor_calls_itself_is_shown_letter_by_letter() -> None:
    cause = replace(a_cause(), actor="x`*y*`", user_agent="*Mailwarden*: _all fine_")

    said = "\n".join(shown(a_notice(cause=cause)))

    assert " by x'*y*' with *Mailwarden*:`" in said


def test_a_write_that_is_too_long_says_what_is_missing() -> None:
    after = shown(a_notice(proposed=replace(a_proposed_write(), after="&" * 1000)))[-2]

    kept = after.count("&amp;")
    assert 0 < kept < 1000
    assert f"… {1000 - kept} more characters, which the message of the topic has" in after


@pytest.mark.parametrize("text", [NASTY * 300, "&" * 50_000, "\U0001f534" * 20_000, "`" * 20_000, "x" * 50_000, ""])
def test_stays_within_the_limits_of_slack(text: str) -> None:
    assert list(objections(message(nasty_notice(text)))) == []


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.sampled_from('<>&`|@!#*_~\n"\\…a é'), max_size=4000))
def test_any_text_stays_within_the_limits_and_is_json(text: str) -> None:
    payload = message(nasty_notice(text))

    assert list(objections(payload)) == []
    assert json.loads(json.dumps(payload)) == payload
    for kind, shown_text in texts(payload):
        assert "<" not in (OUR_LINK.sub("", shown_text) if kind == "mrkdwn" else shown_text)


@given(text=st.text(alphabet=st.sampled_from("<>&ab"), max_size=60), longest=st.integers(1, 80))
def test_an_escape_is_never_cut_and_the_length_is_kept(text: str, longest: int) -> None:
    safe = escaped(text, longest)

    assert len(safe) <= longest
    assert re.fullmatch(r"(?:[ab]|&amp;|&lt;|&gt;)*…?", safe)
    whole = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (safe == whole) == (len(whole) <= longest)


def test_a_text_of_one_character_too_many_is_cut() -> None:
    assert escaped("abcd", 4) == "abcd"
    assert escaped("abcde", 4) == "abc…"
    assert escaped("abc&", 4) == "abc…"
    assert literal("", 10) == ""
    assert code_block("a…", 100, more=str) == "```\na…\n```"


def test_several_things_to_do_have_a_document_each() -> None:
    advice = verbatim('Attach in Paris: {"a": 1}; Attach in Dublin: {"b": {"c": 2}}; Then look again')
    below = replace(a_proposed_write(), after='{"mailwarden-cognito": {"a": 1}}')

    (alone,) = [text for text in shown(a_notice(remediation=advice, proposed=None)) if "*Done*" in text]
    (beside,) = [text for text in shown(a_notice(remediation=advice, proposed=below)) if "*Done*" in text]

    assert alone.splitlines()[1:-1] == [
        "*To do* Attach in Paris:", "```", "{", '  "a": 1', "}", "```",
        "*To do* Attach in Dublin:", "```", "{", '  "b": {', '    "c": 2', "  }", "}", "```",
        "*To do* Then look again",
    ]  # fmt: skip
    assert beside.splitlines()[1:3] == ["*To do* Attach in Paris (the write below)", "*To do* Attach in Dublin:"]
