"""Advice obeys the law of safe fixes: a person who does what a finding shows ends it, and makes nothing worse."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.repair.what_if import apply_change
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import custom_from, identity, identity_ref, mail_path, pool
from tests.texts import english
from tests.unit.presentation.shown_advice import followed, steps_shown
from tests.unit.rules.cases import Case, all_cases
from tests.unit.rules.strategies import mail_paths

# Each names its value whole: what it says can be done without a further decision.
MEMBERS = {
    "source_arn": re.compile(r"Set SourceArn of the pool to (arn:aws[a-z-]*:ses:[a-z0-9*-]+:[0-9]+:identity/[^\s,;]+)"),
    "from_address": re.compile(r"(?:and From to|Set From of the pool to an address in \S+ such as) (.+?)(?:;|$)"),
}
OBSERVED = {Link.FEEDBACK, Link.RUNTIME, Link.MONITORING}
WORSE = (Effect.NONE, Effect.AT_RISK, Effect.UNKNOWN, Effect.LOST)
# A finding may be about several statements and show them one after the other.
MOST_TIMES = 12


def done(path: MailPath, finding: Finding) -> MailPath | None:
    """The path after a person did what the finding shows; None if it shows something that asks for a decision."""
    first, _, then = english(finding.remediation).removeprefix("First: ").partition(". Then: ")
    after: MailPath | None = path
    for text in filter(None, (first, then)):
        after = None if after is None else done_as_told(after, text, finding.subject.region)
    return after


def done_as_told(path: MailPath, text: str, region: str) -> MailPath | None:
    """A statement without a place is one of the identity that the finding is about."""
    steps, before = [replace(step, region=step.region or region) for step in steps_shown(text)], path.pool.email
    after = changed(before, text)
    if not steps and after == before:
        return None
    path = followed(path, steps)
    if after == before:
        return path
    return apply_change(ReplaceEmailConfiguration(pool=path.pool.ref, before=before, after=after), path)


def changed(email: EmailConfiguration, text: str) -> EmailConfiguration:
    found = {member: match[1] for member, pattern in MEMBERS.items() if (match := pattern.search(text)) is not None}
    return replace(
        email,
        source_arn=found.get("source_arn", email.source_arn),
        from_address=found.get("from_address", email.from_address),
    )


def advised(path: MailPath) -> Iterator[Finding]:
    yield from (finding for finding in judge(path, ALL).findings if done(path, finding) is not None)


def obeys_the_law(path: MailPath, finding: Finding) -> None:
    before = {found.key: found for found in judge(path, ALL).findings}
    after: MailPath | None = path
    told = [finding]
    for _ in range(MOST_TIMES):
        if not told or after is None:
            break
        after = done(after, told[0])
        told = [] if after is None else [each for each in judge(after, ALL).findings if each.key == finding.key]
    assert after is not None, (english(finding.remediation), [english(each.remediation) for each in told])
    found = {each.key: each for each in judge(after, ALL).findings}
    assert finding.key not in found, english(finding.remediation)
    for key, each in found.items():
        earlier = before.get(key)
        if each.is_note or (each.link in OBSERVED and earlier is not None):
            continue
        # A finding that the mail met no earlier link of may come up behind it; it was as bad before.
        assert earlier is not None or each.effect is Effect.NONE or each.link is not finding.link, (finding, each)
        if earlier is not None:
            assert WORSE.index(each.effect) <= WORSE.index(earlier.effect), (finding, each)


CASES = [case for case in all_cases() if any(advised(case.path))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_advice_of_every_case_obeys_the_law(case: Case) -> None:
    for finding in advised(case.path):
        obeys_the_law(case.path, finding)


@given(path=mail_paths(tame=True))
@settings(max_examples=200, deadline=None)
def test_the_advice_of_any_path_obeys_the_law(path: MailPath) -> None:
    for finding in advised(path):
        obeys_the_law(path, finding)


def test_the_grant_that_only_the_move_needs_comes_before_the_move() -> None:
    # Neither region has a grant: what MW401 shows of the present one is of no use after the move.
    sender = identity_ref(region="us-east-1")
    path = mail_path(
        pool("eu-west-3", email=custom_from(sender)), identity(region="us-east-1"), identity(region="eu-west-3")
    )
    (move,) = [finding for finding in judge(path, ALL).findings if finding.rule_id == "MW201"]

    assert english(move.remediation).startswith("First: Attach to support@example.com in SES region eu-west-3 this")
    assert done(path, move) is not None
    obeys_the_law(path, move)
    after = done(path, move)
    assert after is not None
    assert judge(after, ALL).verdict.answer is Answer.YES


def test_every_kind_of_advice_that_can_be_done_is_tried() -> None:
    tried = {finding.rule_id for case in CASES for finding in advised(case.path)}

    assert tried >= {"MW105", "MW106", "MW201", "MW401", "MW402", "MW403", "MW404", "MW407", "MW408"}
