"""SSM that fails, and documents that are broken: both close writes, and neither takes the operator's words away."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.regions import RegionRow
from mailwarden.settings.broken_document import forbidden_by
from mailwarden.settings.operator_settings import OperatorSettings
from tests.texts import english

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "GetParameter")
DENIED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetParameter")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://ssm")
OPERATORS = """{
  "repairMode": "safe", "rules": {"MW501": "off", "MW401": "repair"}, "severities": {"MW603": "high"},
  "thresholds": {"leastSends": 7},
  "regions": {"ap-east-9": {"option": "in-region-only", "developer": ["ap-east-9"]}}
}"""


@dataclass(slots=True)
class Ssm:
    """SSM as far as the reader asks it; each of its two calls can fail."""

    versions: list[str] = field(default_factory=lambda: [OPERATORS])
    parameter_fails: Exception | None = None
    history_fails: Exception | None = None
    answer: Mapping[str, Any] | None = None
    page: Mapping[str, Any] | None = None
    now: float = 0.0

    def get_parameter(self, **_: object) -> Mapping[str, Any]:
        if self.parameter_fails is not None:
            raise self.parameter_fails
        if self.answer is not None:
            return self.answer
        return {"Parameter": {"Value": self.versions[-1], "Version": len(self.versions)}}

    def get_paginator(self, _: str) -> "Ssm":
        return self

    def paginate(self, **_: object) -> Iterable[Mapping[str, Any]]:
        if self.history_fails is not None:
            raise self.history_fails
        if self.page is not None:
            return [self.page]
        return [{"Parameters": [{"Value": text, "Version": 1 + at} for at, text in enumerate(self.versions)]}]

    def reader(self) -> SettingsParameter:
        return SettingsParameter(ssm=self, name="/settings", monotonic=lambda: self.now)  # type: ignore[arg-type]


def words_of(settings: OperatorSettings) -> tuple[object, ...]:
    """Everything the operator said but the repair mode."""
    assert isinstance(settings.table.row("ap-east-9"), RegionRow)
    return dict(settings.rule_modes), dict(settings.severities), settings.thresholds.least_sends


WORDS = ({"MW501": RuleMode.OFF, "MW401": RuleMode.REPAIR}, {"MW603": Severity.HIGH}, 7)


def is_closed(settings: OperatorSettings) -> bool:
    limits = settings.limits(RepairMode.UNSAFE)
    return limits.closed_because is not None and limits.repair_mode is RepairMode.OFF and settings.fault is not None


@pytest.mark.parametrize("failure", [THROTTLED, DENIED, UNREACHABLE])
@pytest.mark.parametrize("history", [None, THROTTLED])
def test_a_warm_function_keeps_the_operators_words_while_ssm_fails(
    failure: Exception, history: Exception | None
) -> None:
    ssm = Ssm()
    parameter = ssm.reader()
    before = parameter.current()
    ssm.now, ssm.parameter_fails, ssm.history_fails = 60.0, failure, history

    during = parameter.current()
    ssm.now, ssm.parameter_fails, ssm.history_fails = 71.0, None, None
    after = parameter.current()

    assert not is_closed(before)
    assert is_closed(during)
    assert words_of(before) == words_of(during) == words_of(after) == WORDS
    assert after == before


@pytest.mark.parametrize("failure", [THROTTLED, UNREACHABLE])
def test_a_cold_function_reads_the_history_while_the_parameter_cannot_be_read(failure: Exception) -> None:
    ssm = Ssm(parameter_fails=failure, versions=['{"rules": {"MW502": "off"}}', OPERATORS, "{"])

    settings = ssm.reader().current()

    assert is_closed(settings)
    assert words_of(settings) == WORDS
    assert settings.fault is not None
    assert settings.fault.version_in_force == 2


def test_a_cold_function_that_can_read_nothing_writes_nothing() -> None:
    settings = Ssm(parameter_fails=THROTTLED, history_fails=DENIED).reader().current()

    assert is_closed(settings)
    assert settings.fault is not None
    assert settings.fault.version_in_force is None
    assert "AccessDeniedException: ssm:GetParameterHistory" in english(settings.fault.problem)


def test_what_a_broken_document_forbade_stays_forbidden_while_ssm_fails() -> None:
    ssm = Ssm(versions=[OPERATORS, '{"rules": {"MW502": "off",}}'])
    parameter = ssm.reader()
    parameter.current()
    ssm.now, ssm.parameter_fails, ssm.history_fails = 60.0, THROTTLED, THROTTLED

    during = parameter.current()

    assert during.rule_modes["MW502"] is RuleMode.OFF
    assert is_closed(during)


# Kinds of broken documents; each takes the mode that it asks for and one rule's mode.
BROKEN = {
    "a comma too many": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}",}},}}',
    "a byte order mark": '\ufeff{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}"}}}}',
    "names without quotes": "{{repairMode: {mode}, rules: {{MW401: {rule}}}}}",
    "single quotes": "{{'repairMode': '{mode}', 'rules': {{'MW401': '{rule}'}}}}",
    "YAML": "repairMode: {mode}\nrules:\n  MW401: {rule}\n",
    "an unknown member": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}"}}, "until": "Monday"}}',
    "a misspelt member": '{{"repairmode": "{mode}", "Rules": {{"MW401": "{rule}"}}}}',
    "a wrong type": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}"}}, "severities": []}}',
    "a rule that cannot be": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}", "MW4O1": "off"}}}}',
    "a member that stands twice": (
        '{{"repairMode": "unsafe", "rules": {{"MW401": "repair"}}, "repairMode": "{mode}", '
        '"rules": {{"MW401": "{rule}"}}}}'
    ),
    "cut off": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}"',
    "no JSON number": '{{"repairMode": "{mode}", "rules": {{"MW401": "{rule}"}}, "thresholds": {{"quotaShare": NaN}}}}',
}
MODES, RULES = ("off", "safe", "unsafe"), ("off", "report", "repair")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_document_allows_neither_more_than_the_last_valid_one_nor_more_than_it_says(kind: str) -> None:
    for mode in MODES:
        for rule in RULES:
            text = BROKEN[kind].format(mode=mode, rule=rule)
            for valid_mode in MODES:
                for valid_rule in RULES:
                    valid = f'{{"repairMode": "{valid_mode}", "rules": {{"MW401": "{valid_rule}", "MW501": "off"}}}}'
                    settings = Ssm(versions=[valid, text]).reader().current()

                    assert is_closed(settings), text
                    assert settings.rule_modes["MW401"] == min(rule, valid_rule, key=RULES.index), text
                    assert settings.rule_modes["MW501"] is RuleMode.OFF, text


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("mode", RULES)
def test_no_broken_document_silences_the_rule_that_tells_of_it(kind: str, mode: str) -> None:
    text = BROKEN[kind].format(mode="safe", rule=mode).replace("MW401", "MW904")

    settings = Ssm(versions=[OPERATORS, text]).reader().current()

    assert is_closed(settings)
    assert settings.limits(RepairMode.UNSAFE).mode_of("MW904") is RuleMode.REPAIR
    assert settings.rule_modes == WORDS[0]
    assert "MW904" not in settings.severities


def test_what_a_valid_document_says_of_that_rule_stays() -> None:
    settings = Ssm(versions=['{"rules": {"MW904": "off"}}', "{"]).reader().current()

    assert settings.rule_modes == {"MW904": RuleMode.OFF}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"rules": 1}',
        "nonsense",
        # Only rules of the release, and only as members of the member rules itself.
        '{"rules": {"MW499": "off"}}',
        '{"rules": {"MW401": "of"}}',
        '{"severities": {"MW401": "off"}}',
        '{"severities": {"MW401": "off",}}',
        '{"MW401": "off"}',
        '{"MW401": "off",}',
        '{"until": "rules: MW401: off"}',
        '{"until": "the rules = {MW401: off}"}',
        '{"note": {"rules": {"MW401": "off"}}}',
        '{"myrules": {"MW401": "off"}}',
        '{"myrules": {"MW401": "off",}}',
        '{"rules": {"nested": {"MW401": "off"}}}',
        '{"rules": {}, "MW401": "off",}',
        "rules:\nseverities:\n  MW401: off\n",
        '["rules", {"MW401": "off"}]',
    ],
)
def test_what_a_broken_document_does_not_say_of_a_rule_counts_for_none(text: str) -> None:
    assert forbidden_by(text) == {}
    assert Ssm(versions=[OPERATORS, text]).reader().current().rule_modes == WORDS[0]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '"rules":{' * 30_000, "rules:\n " * 30_000])
def test_a_huge_broken_document_is_read_in_no_time(text: str) -> None:
    started = time.process_time()

    assert forbidden_by(text) == {}
    assert time.process_time() - started < 2


def test_an_emergency_stop_in_json_with_a_comma_too_many_stops() -> None:
    ssm = Ssm(versions=['{"repairMode": "safe"}', '{"repairMode":"off",}'])

    assert is_closed(ssm.reader().current())


def test_repairs_go_on_when_the_document_is_valid_again() -> None:
    ssm = Ssm(versions=['{"repairMode": "safe"}', '{"repairMode":"off",}'])
    parameter = ssm.reader()
    held = parameter.current()
    ssm.versions.append('{"repairMode": "safe"}')
    ssm.now = 60.0

    assert is_closed(held)
    assert parameter.current().limits(RepairMode.UNSAFE).repair_mode is RepairMode.SAFE
