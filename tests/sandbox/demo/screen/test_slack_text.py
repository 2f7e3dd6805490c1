from typing import Any

from sandbox.demo.screen.slack_text import everything_said, shown
from sandbox.terminal import Passage, Tone


def section(text: str) -> dict[str, Any]:
    return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def test_a_header_is_strong() -> None:
    payload = {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "shop cannot send mail"}}]}

    assert shown(payload) == [Passage(text="shop cannot send mail", tone=Tone.STRONG)]


def test_bold_words_at_the_beginning_of_a_line_are_its_label() -> None:
    payload = section("*Why* SES refuses it\n*By* `alice`")

    assert shown(payload) == [
        Passage(lead="Why:", text="SES refuses it", tone=Tone.STRONG),
        Passage(lead="By:", text="alice", tone=Tone.STRONG),
    ]


def test_a_field_is_one_line() -> None:
    payload = {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Pool*\nshop, eu-west-3"}]}]}

    assert shown(payload) == [Passage(lead="Pool:", text="shop, eu-west-3", tone=Tone.STRONG)]


def test_entities_are_decoded_after_links_so_that_text_cannot_become_a_link() -> None:
    payload = section("&lt;!channel&gt; &amp; <https://example.com|console>")

    assert shown(payload)[0].text == "<!channel> & console"


def test_asterisks_inside_an_arn_are_no_marks() -> None:
    payload = section("arn:aws:cognito-idp:*:111122223333:userpool/* is *every* pool")

    assert shown(payload)[0].text == "arn:aws:cognito-idp:*:111122223333:userpool/* is every pool"


def test_what_stands_in_a_fence_is_verbatim_and_laid_out_if_it_is_json() -> None:
    payload = section('*after*\n```\n{\n  "a":   1\n}\n```')

    assert shown(payload) == [
        Passage(lead="after:", text="", tone=Tone.STRONG),
        Passage(text='{"a": 1}', tone=Tone.DIM, verbatim=True),
    ]


def test_a_message_without_blocks_is_its_text() -> None:
    assert shown({"text": "one\ntwo"}) == [Passage(text="one"), Passage(text="two")]


def test_everything_said_is_unescaped() -> None:
    payload = section("a &amp; b") | {"text": "MW401"}

    said = everything_said(payload)

    assert "a & b" in said
    assert "MW401" in said
