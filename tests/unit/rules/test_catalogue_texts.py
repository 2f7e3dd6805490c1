"""Every message that a rule makes has a text that takes exactly its arguments, and no text of a rule is left over."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from string import Formatter

import pytest

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.monitoring.monitoring import (
    BudgetQueue,
    BudgetReading,
    OtherRegions,
    RegionTrails,
    SettingsFault,
    SettingsReading,
)
from mailwarden.domain.monitoring.trails import Trail
from mailwarden.domain.operator.sample import SampleOrder
from mailwarden.domain.readings import Unreadable
from mailwarden.message import Argument, Message, verbatim
from mailwarden.presentation.catalogue.catalogue import Plural, Template
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.rules import ALL, BUDGET_RULE, REGIONS_RULE, SAMPLE_RULE, SETTINGS_RULE, TRAIL_RULE
from mailwarden.rules.judging import judge
from tests.builders import NOON, unread
from tests.unit.monitoring.trails import COGNITO, SES, fields, monitoring, read_only, trail
from tests.unit.rules.cases import all_cases

DENIED = unread("cloudtrail:GetEventSelectors")
TRAILS: tuple[tuple[Trail, ...] | Unreadable, ...] = (
    (),
    (trail(logging=False), trail(logging=DENIED)),
    (trail(multi_region=False), trail(selectors=(fields(a=read_only("true")),))),
    (trail("org", organization=True, selectors=DENIED),),
    unread("cloudtrail:DescribeTrails"),
)

CATALOGUE = "layers/core/mailwarden/presentation/catalogue/english"
OF_A_RULE = re.compile(r"MW[0-9]{3}\.")
# Texts that no written case reaches, and why.
NOT_REACHED: Mapping[str, str] = {
    "MW202.no-region-listed": "only the operator's settings can have a row without an SES region for one use",
    "MW303.not-reported": "SES leaves out DkimAttributes of a domain, which a written case cannot say",
    "MW404.add-conditions": "every document that the evaluation reads has its statements where their index points",
}


def findings() -> Iterator[Finding]:
    """The findings of every written case, and of the rules about Mailwarden's own monitoring, which have none."""
    for case in all_cases():
        yield from judge(case.path, ALL).findings
    for trails in TRAILS:
        yield from TRAIL_RULE.check(RegionTrails(monitoring=monitoring(), sources=(COGNITO, SES), trails=trails))
    for version in (None, 7):
        fault = SettingsFault(parameter="/mw", problem=verbatim("it is not JSON"), version_in_force=version)
        yield from SETTINGS_RULE.check(SettingsReading(monitoring=monitoring(), fault=fault))
    queue = BudgetQueue(number=280, limit=20, since=NOON - timedelta(minutes=2), goes_on_at=NOON)
    yield from BUDGET_RULE.check(BudgetReading(monitoring=monitoring(), queue=queue, taken_at=NOON))
    yield from REGIONS_RULE.check(OtherRegions(monitoring=monitoring(), pools={"sa-east-1": 2}))
    yield from SAMPLE_RULE.check(SampleOrder(monitoring=monitoring(), by="alice", severity=Severity.LOW))
    yield BUDGET_RULE.undecided(monitoring(), LookupError("no number"))


def messages_in(argument: Argument | None) -> Iterator[Message]:
    """A message and every message that is put into it, at any depth."""
    match argument:
        case Message(args=args):
            yield argument
            for _, inner in args:
                yield from messages_in(inner)
        case tuple():
            for inner in argument:
                yield from messages_in(inner)
        case _:
            return


def messages_of(finding: Finding) -> Iterator[Message]:
    """Every message of a finding: its sentences, its evidence, and the title of its fix."""
    title = None if finding.fix is None else finding.fix.title
    sentences = (finding.message, finding.why, finding.remediation, finding.unknown_reason, title)
    for each in (*sentences, *finding.evidence.values()):
        yield from messages_in(each)


@cache
def every_message() -> frozenset[Message]:
    """Every message of every finding."""
    return frozenset(each for finding in findings() for each in messages_of(finding))


def placeholders(template: Template) -> frozenset[str]:
    """The names of the arguments that a text takes."""
    match template:
        case Plural(one=one, other=other):
            return placeholders(one) | placeholders(other) | {"count"}
        case _:
            return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def test_every_message_has_a_text() -> None:
    without = {each.id for each in every_message()} - ENGLISH.templates.keys()

    assert not without, f"write texts in the module of their link in {CATALOGUE}/: {sorted(without)}"


def test_every_text_takes_exactly_the_arguments_of_its_message() -> None:
    wrong = {
        (each.id, name)
        for each in every_message()
        if each.id in ENGLISH.templates
        for name in placeholders(ENGLISH.templates[each.id]) ^ {name for name, _ in each.args}
    }

    assert not wrong, f"(text, argument) that only the text of {CATALOGUE}/ or only the message has: {sorted(wrong)}"


def test_every_text_of_a_rule_is_reached_by_a_case_or_listed_with_a_reason() -> None:
    texts = {id_ for id_ in ENGLISH.templates if OF_A_RULE.match(id_)}
    reached = {each.id for each in every_message()}

    unused = texts - reached - NOT_REACHED.keys()
    assert not unused, f"write a case that fires each of these, or remove the text: {sorted(unused)}"
    assert not NOT_REACHED.keys() - (texts - reached), "a case reaches these, so take them out of NOT_REACHED"


@pytest.mark.parametrize("template", ENGLISH.templates.values(), ids=ENGLISH.templates.keys())
def test_a_text_is_a_template_of_named_arguments(template: Template) -> None:
    assert all(name.isidentifier() for name in placeholders(template))


def test_every_observed_value_has_a_name_for_readers() -> None:
    # Other names are data: a trail, a kind of bounce.
    names = {name for finding in findings() for name in finding.evidence if re.fullmatch(r"[a-z][a-z0-9_-]*", name)}

    missing = {f"evidence.{name}" for name in names} - ENGLISH.templates.keys()
    assert not missing, f"name these in catalogue/english/alerts.py: {sorted(missing)}"
