"""The settings parameter: in force within a minute, and closed for writes while the newest version is not valid."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.settings.operator_settings import OperatorSettings
from tests.texts import english

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

NAME = "/mailwarden/settings"


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-west-1")


class Watch:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def write(ssm: "SSMClient", *documents: str) -> None:
    for document in documents:
        ssm.put_parameter(Name=NAME, Type="String", Value=document, Overwrite=True)


def reader(ssm: "SSMClient", monitoring: Watch | None = None, *, name: str = NAME) -> SettingsParameter:
    return SettingsParameter(ssm=ssm, name=name, monotonic=monitoring or Watch())


def is_closed(settings: OperatorSettings) -> bool:
    """Whether no rule may write, in a stack that would let everything be written."""
    return settings.closed_because is not None and mode_in_force(settings) is RepairMode.OFF


def mode_in_force(settings: OperatorSettings) -> RepairMode:
    return settings.limits(RepairMode.UNSAFE).repair_mode


def test_without_a_name_the_built_in_values_hold(ssm: "SSMClient") -> None:
    assert reader(ssm, name="").current() == OperatorSettings()


def test_the_version_in_effect_is_known(ssm: "SSMClient") -> None:
    write(ssm, "{}", '{"repairMode": "safe"}')

    assert reader(ssm).current().version == 2
    assert reader(ssm, name="").current().version is None


def test_a_change_is_in_force_within_a_minute(ssm: "SSMClient") -> None:
    monitoring = Watch()
    parameter = reader(ssm, monitoring)
    write(ssm, '{"repairMode": "safe"}')
    before = parameter.current()

    write(ssm, '{"repairMode": "off"}')
    monitoring.seconds += 30
    at_once = parameter.current()
    monitoring.seconds += 30
    afterwards = parameter.current()

    assert [mode_in_force(each) for each in (before, at_once, afterwards)] == [
        RepairMode.SAFE,
        RepairMode.SAFE,
        RepairMode.OFF,
    ]


def test_only_writes_are_closed_while_the_newest_document_is_not_valid(ssm: "SSMClient") -> None:
    write(ssm, '{"repairMode": "unsafe"}', '{"repairMode": "safe", "rules": {"MW401": "report"}}', "{", '{"rules": 1}')

    settings = reader(ssm).current()

    assert settings.fault is not None
    assert (settings.fault.version_in_force, settings.version) == (2, 2)
    assert english(settings.fault.problem) == "rules must be object"
    assert settings.rule_modes == {"MW401": "report"}
    assert is_closed(settings)


def test_the_newest_of_more_versions_than_fit_on_a_page_is_found(ssm: "SSMClient") -> None:
    write(ssm, *[f'{{"thresholds": {{"leastSends": {number}}}}}' for number in range(101, 171)], "no")

    settings = reader(ssm).current()

    assert settings.fault is not None
    assert settings.fault.version_in_force == 70
    assert settings.thresholds.least_sends == 170


def test_without_any_valid_version_nothing_is_written(ssm: "SSMClient") -> None:
    write(ssm, "no", "{")

    settings = reader(ssm).current()

    assert mode_in_force(settings) is RepairMode.OFF
    assert settings.closed_because is not None
    assert settings.fault is not None
    assert settings.fault.version_in_force is None


def test_a_parameter_that_is_not_there_closes_everything(ssm: "SSMClient") -> None:
    settings = reader(ssm).current()

    assert mode_in_force(settings) is RepairMode.OFF
    assert settings.fault is not None
    assert english(settings.fault.problem).startswith(f"ParameterNotFound: ssm:GetParameter {NAME}")


def test_a_history_that_may_not_be_read_closes_everything() -> None:
    client = boto3.client("ssm", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    with Stubber(client) as stub:
        stub.add_response("get_parameter", {"Parameter": {"Value": "{", "Version": 3}})
        stub.add_client_error("get_parameter_history", "AccessDeniedException")
        settings = reader(client).current()

    assert mode_in_force(settings) is RepairMode.OFF
    assert settings.closed_because is not None
    assert "AccessDeniedException: ssm:GetParameterHistory" in english(settings.closed_because)
