"""Every channel that a stack may have is wired: an alert that no channel takes would be due for ever."""

from types import ModuleType

import pytest
from boto3.session import Session

from mailwarden.bootstrap import announce, ask, container, ledger, operate, slack
from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.language import Language
from mailwarden.settings.environment import Environment

VARIABLES = {"AWS_REGION": "eu-west-1", "ACCOUNT_ID": "123456789012", "PARTITION": "aws"}
NEEDED = {
    "EVENT_BUS_ARN": "arn:aws:events:eu-west-3:123456789012:event-bus/incidents",
    "NOTIFICATIONS_TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:notifications",
}


@pytest.mark.parametrize("channels", [CHANNELS[:1], CHANNELS], ids=",".join)
def test_the_announcer_has_the_channels_that_the_stack_has(
    channels: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = Environment.from_variables({**VARIABLES, **NEEDED, "ALERT_CHANNELS": ",".join(channels)})
    session = Session(region_name="eu-west-1")
    monkeypatch.setattr(container, "environment", lambda: environment)
    monkeypatch.setattr(container, "session", lambda: session)
    monkeypatch.setattr(container, "sqs", lambda: session.client("sqs"))
    for built in (ledger.ledger_table, ledger.findings):
        monkeypatch.setattr(announce, built.__name__, built.__wrapped__)

    announcer = announce.build_handler.__wrapped__().announcer

    assert tuple(announcer.channels) == channels, "wire the channel in bootstrap/announce.py"


class Spoken(Exception):
    """Ends the wiring as soon as its language is chosen."""


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("module", [announce, slack, ask, operate])
def test_a_function_that_makes_texts_speaks_the_language_of_its_deployment(
    module: ModuleType, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak(catalogue: Catalogue) -> None:
        raise Spoken(catalogue.language)

    environment = Environment.from_variables({**VARIABLES, "ALERT_LANGUAGE": language})
    monkeypatch.setattr(container, "environment", lambda: environment)
    monkeypatch.setattr(module, "speak", speak)

    with pytest.raises(Spoken, match=f"^{language}$"):
        module.build_handler.__wrapped__()
