"""A hundred thousand documents that nobody meant to write: none crashes the reader, none lets more happen."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter
from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.regions import RegionRow
from mailwarden.settings.document import parse_settings
from mailwarden.settings.operator_settings import OperatorSettings
from tests.functional.settings.documents import mutations
from tests.texts import english

NUMBER = int(os.environ.get("SETTINGS_MUTATIONS", "20000"))
_HEIGHT = {"off": 0, "safe": 1, "unsafe": 2, "report": 1, "repair": 2}


@dataclass(slots=True)
class TwoVersions:
    """SSM as far as the reader asks it: a valid first version, and what was written over it."""

    first: str = "{}"
    second: str = "{}"

    def get_parameter(self, **_: object) -> Mapping[str, Any]:
        return {"Parameter": {"Value": self.second, "Version": 2}}

    def get_paginator(self, _: str) -> "TwoVersions":
        return self

    def paginate(self, **_: object) -> Iterable[Mapping[str, Any]]:
        return [{"Parameters": [{"Value": text, "Version": 1 + place} for place, text in enumerate(self._texts())]}]

    def _texts(self) -> tuple[str, str]:
        return self.first, self.second


def test_no_mutation_crashes_the_reader_or_lets_more_happen_than_a_valid_document_says() -> None:
    put_aside = 0
    ssm = TwoVersions()
    for valid, mutation in mutations(seed=20260302, number=NUMBER):
        ssm.first, ssm.second = valid, mutation
        parameter = SettingsParameter(ssm=ssm, name="/settings", monotonic=lambda: 0.0)  # type: ignore[arg-type]

        settings = parameter.current()

        if settings.fault is None:
            assert_means_what_it_says(settings, json.loads(mutation))
            continue
        put_aside += 1
        assert english(settings.fault.problem)
        assert settings.fault.version_in_force == 1
        assert settings.limits(RepairMode.UNSAFE).closed_because is not None
        assert height(settings) == 0
        first = json.loads(valid)
        for rule, mode in settings.rule_modes.items():
            assert _HEIGHT[mode] <= _HEIGHT[first.get("rules", {}).get(rule, "repair")]
        assert_means_what_it_says(replace(settings, rule_modes=parse_settings(valid).rule_modes), first)
    # Mutations that only ever hit or only ever miss the schema would prove nothing.
    assert NUMBER * 0.2 < put_aside < NUMBER * 0.98


def height(settings: OperatorSettings) -> int:
    """How much is written, where the stack would let everything be written."""
    return _HEIGHT[settings.limits(RepairMode.UNSAFE).repair_mode]


def assert_means_what_it_says(settings: OperatorSettings, said: dict[str, Any]) -> None:
    limits = settings.limits(RepairMode.UNSAFE)
    assert {rule: mode.value for rule, mode in limits.rule_modes.items()} == said.get("rules", {})
    assert limits.mode_of("MW403") is RuleMode(said.get("rules", {}).get("MW403", "repair"))
    if settings.fault is None:
        assert limits.closed_because is None
        assert limits.repair_mode.value == said.get("repairMode", "unsafe")
    assert settings.limits(RepairMode.OFF).repair_mode is RepairMode.OFF
    opened = {arn: ("account",) if to == "account" else tuple(to) for arn, to in said.get("consent", {}).items()}
    assert settings.consents.identities == opened
    assert settings.deployment_roles == tuple(said.get("deploymentRoles", ()))
    assert settings.from_local_part == said.get("fromLocalPart")
    assert list(settings.application_tags) == said.get("applicationTags", ["owner", "team", "service", "env"])
    assert {rule: severity.label for rule, severity in settings.severities.items()} == said.get("severities", {})
    for region, row in said.get("regions", {}).items():
        ours = settings.table.row(region)
        assert isinstance(ours, RegionRow)
        assert list(ours.developer) == row["developer"]
        assert ours.provisional == row.get("provisional", False)
