"""Each function gets the environment variables that its code reads, and no others."""

import pytest

from mailwarden.domain.findings.channels import CHANNELS as CHANNEL_NAMES
from mailwarden.presentation.catalogue.language import Language
from mailwarden.settings.environment import Environment, MalformedSettings
from tests.infrastructure.reading import FIELDS, environment_read, imports
from tests.infrastructure.roles import functions
from tests.infrastructure.templates import HOME, globals_of_functions, template, written
from tests.texts import says

# Powertools reads these itself: its logger in every function, its metrics where a function sends any.
LOGGER_VARIABLES = frozenset({"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"})
METRICS_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE"
METRICS_LIBRARY = "aws_lambda_powertools.metrics"
SET_BY_LAMBDA = frozenset({"AWS_REGION"})
NAMED_OTHERWISE = {
    "home_region": "AWS_REGION",
    "account": "ACCOUNT_ID",
    "settle": "SETTLE_SECONDS",
    "restore_after": "RESTORE_AFTER_SECONDS",
}
# Given to the function that renders alerts, whatever the field is called by which it reads it.
PAGES = "RULE_PAGES_URL"
CHANNELS = "ALERT_CHANNELS"
SECRETS = ("SLACK_SECRET_ARN", "SLACK_TOKEN_SECRET_ARN")
BUS = "EVENT_BUS_ARN"

SAMPLE = {"AWS_REGION": "ap-northeast-2", "ACCOUNT_ID": "123456789012", "PARTITION": "aws"}


class Recording(dict[str, str]):
    """Variables that remember which of them were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


def variable(field: str) -> str:
    return NAMED_OTHERWISE.get(field, field.upper())


def asked() -> set[str]:
    recording = Recording(SAMPLE)
    Environment.from_variables(recording)
    return recording.asked


def required() -> set[str]:
    """What no function starts without."""
    found = set()
    for name in SAMPLE:
        try:
            Environment.from_variables({other: value for other, value in SAMPLE.items() if other != name})
        except MalformedSettings:
            found.add(name)
    return found


def given(function: str) -> dict[str, str]:
    own: dict[str, str] = (
        template(HOME).properties(f"{function.capitalize()}Function").get("Environment", {}).get("Variables", {})
    )
    everywhere: dict[str, str] = globals_of_functions()["Environment"]["Variables"]
    assert not own.keys() & everywhere.keys()
    return everywhere | own


def test_a_field_of_the_environment_is_read_from_the_variable_of_its_name() -> None:
    assert {variable(field) for field in FIELDS} == asked(), (
        "read each field of Environment (layers/core/mailwarden/settings/environment.py) in from_variables, from the "
        "variable of its name in capitals, or name the variable in NAMED_OTHERWISE of this file"
    )
    assert required() == set(SAMPLE)


@pytest.mark.parametrize("function", functions())
def test_a_function_gets_what_its_code_reads_and_nothing_else(function: str) -> None:
    read = {variable(field) for field in environment_read(function)} | required() - SET_BY_LAMBDA
    sends_metrics = any(name.startswith(METRICS_LIBRARY) for name in imports(function))
    expected = read | LOGGER_VARIABLES | ({METRICS_VARIABLE} if sends_metrics else set())

    lacking, idle = expected - SET_BY_LAMBDA - set(given(function)), set(given(function)) - expected
    assert not lacking, (
        f"the code of {function} reads these: set them in its function in template.yaml: {sorted(lacking)}"
    )
    assert not idle, f"no code of {function} reads these: do not set them in template.yaml: {sorted(idle)}"


def test_every_setting_of_the_environment_is_given_to_some_function() -> None:
    everything = {name for function in functions() for name in given(function)}

    unset = asked() - SET_BY_LAMBDA - everything
    assert not unset, f"set each in template.yaml for the function that reads it: {sorted(unset)}"
    unread = everything - {METRICS_VARIABLE} - LOGGER_VARIABLES - asked()
    assert not unread, f"read each in layers/core/mailwarden/settings/environment.py: {sorted(unread)}"


def test_only_the_function_that_renders_alerts_knows_where_the_pages_of_the_rules_are() -> None:
    knowing = {function: given(function)[PAGES] for function in functions() if PAGES in given(function)}

    assert knowing == {"announce": "${DocumentationUrl}rules/"}


def test_only_the_function_that_posts_to_slack_knows_its_secret() -> None:
    for secret in SECRETS:
        assert [function for function in functions() if secret in given(function)] == ["slack"]


def test_every_function_that_writes_findings_has_the_channels_that_the_stack_asks_for() -> None:
    listed = [
        written(HOME)["Resources"][f"{function.capitalize()}Function"]["Properties"]["Environment"]["Variables"][
            CHANNELS
        ]
        for function in functions()
        if CHANNELS in given(function)
    ]
    delimiter, (always, *optional) = listed[0]["Fn::Join"]

    assert len(listed) > 1
    assert all(each == listed[0] for each in listed), f"{CHANNELS} is the same of each function in template.yaml"
    assert all(each["Fn::If"][2] == "" for each in optional)
    every = delimiter.join([always, *(each["Fn::If"][1] for each in optional)])
    listed_all = Environment.from_variables({**SAMPLE, CHANNELS: every}).alert_channels
    assert listed_all == CHANNEL_NAMES, f"list every channel in {CHANNELS} of these functions in template.yaml"
    # CloudFormation leaves the delimiters between channels that the stack does not have.
    assert Environment.from_variables({**SAMPLE, CHANNELS: "topic,,bus"}).alert_channels == ("topic", "bus")


def test_two_ways_to_slack_and_a_token_without_a_channel_are_refused() -> None:
    token = {**SAMPLE, "SLACK_TOKEN_SECRET_ARN": "arn"}

    with pytest.raises(MalformedSettings, check=says("both SLACK_SECRET_ARN and SLACK_TOKEN_SECRET_ARN are set")):
        Environment.from_variables({**token, "SLACK_SECRET_ARN": "arn", "SLACK_CHANNEL": "C0123456789"})
    with pytest.raises(MalformedSettings, check=says("SLACK_CHANNEL is not set")):
        Environment.from_variables(token)
    assert Environment.from_variables({**token, "SLACK_CHANNEL": "C0123456789"}).slack_channel == "C0123456789"


@pytest.mark.parametrize("channels", ["", "pager", "topic,pager"])
def test_an_alert_is_never_due_on_a_channel_that_nobody_serves(channels: str) -> None:
    with pytest.raises(MalformedSettings, check=says(CHANNELS)):
        Environment.from_variables({**SAMPLE, CHANNELS: channels})


@pytest.mark.parametrize("function", functions())
def test_every_value_of_the_environment_comes_from_a_parameter_or_a_resource(function: str) -> None:
    known = {f"${{{name}}}" for name in (*template(HOME).parameters, *template(HOME).resources)}
    known |= {"${AWS::AccountId}", "${AWS::Partition}"}

    for name, value in given(function).items():
        if name not in LOGGER_VARIABLES | {PAGES, METRICS_VARIABLE, CHANNELS, BUS}:
            assert value.partition(" by ")[0] in known, name


@pytest.mark.parametrize("language", ["", "fr", "KO"])
def test_a_language_that_no_catalogue_has_fails_with_its_name(language: str) -> None:
    with pytest.raises(MalformedSettings, check=says("ALERT_LANGUAGE.* one of en, ko")):
        Environment.from_variables({**SAMPLE, "ALERT_LANGUAGE": language})


def test_the_functions_that_make_texts_know_the_language_of_the_deployment() -> None:
    knowing = {function for function in functions() if given(function).get("ALERT_LANGUAGE") == "${Language}"}

    assert knowing == {"announce", "slack", "ask", "operate"}
    assert template(HOME).parameters["Language"]["AllowedValues"] == [each.value for each in Language]
    assert Environment.from_variables(SAMPLE).alert_language == template(HOME).parameters["Language"]["Default"]
