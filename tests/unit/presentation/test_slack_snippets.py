"""Snippets in messages for Slack: whole or not at all, and within its limits whatever they hold."""

from dataclasses import replace

import pytest

from mailwarden.domain.repair.source import SourceForm
from mailwarden.presentation.snippets.snippet import Snippet
from tests.unit.presentation.notices import a_notice
from tests.unit.presentation.test_slack_message import NASTY, message, nasty_notice, objections


@pytest.mark.parametrize("text", [NASTY * 300, "&" * 50_000, "\U0001f534" * 20_000, "`" * 20_000, "x" * 50_000, ""])
@pytest.mark.parametrize("longest", [0, 280, 1400, 1401])
def test_stays_within_the_limits_of_slack(text: str, longest: int) -> None:
    snippets = (Snippet(form=SourceForm.CDK, code=text[:longest]), Snippet(form=SourceForm.TERRAFORM, code=text))

    assert list(objections(message(replace(nasty_notice(text), snippets=snippets)))) == []


@pytest.mark.parametrize(
    ("code", "is_shown"), [("x" * 1400, True), ("x" * 1401, False), ("&" * 280, True), ("&" * 281, False)]
)
def test_a_snippet_is_shown_whole_or_not_at_all(code: str, is_shown: bool) -> None:
    payload = str(message(replace(a_notice(), snippets=(Snippet(form=SourceForm.CDK, code=code),))))

    assert (code.replace("&", "&amp;") in payload) is is_shown
    assert (code[:20].replace("&", "&amp;") in payload) is is_shown
    assert ("shows how" in payload) is not is_shown
