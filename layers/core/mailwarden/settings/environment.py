"""The function's environment, read and validated, and the operator's settings as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from mailwarden.documents.faults import one_of, wrong
from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import ExplainedError, message
from mailwarden.presentation.catalogue.language import Language

# Used where the stack sets no address; the default of DocumentationUrl in template.yaml.
RULE_PAGES = "https://github.com/mailwarden/mailwarden/blob/main/docs/rules/"


class MalformedSettings(ExplainedError, ValueError):
    """A setting is missing or invalid; the message names it and the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment variables of a function; empty where the function does not need one."""

    home_region: str
    partition: str
    account: str
    repair_mode: RepairMode
    watched_regions: tuple[str, ...]
    settle: timedelta
    restore_after: timedelta
    repairs_per_hour: int
    repairs_per_pool_per_hour: int
    settings_parameter: str = ""
    ledger_table: str = ""
    journal_table: str = ""
    hints_queue_url: str = ""
    repairs_queue_url: str = ""
    delivery_failures_queue_url: str = ""
    feedback_queue_url: str = ""
    chat_queue_url: str = ""
    topic_arn: str = ""
    event_bus_arn: str = ""
    notifications_topic_arn: str = ""
    rule_pages_url: str = RULE_PAGES
    account_name: str = ""
    alert_channels: tuple[str, ...] = ("topic",)
    alert_language: Language = Language.ENGLISH
    slack_secret_arn: str = ""
    webhook_origins: tuple[str, ...] = ()
    slack_token_secret_arn: str = ""
    slack_channel: str = ""
    slack_api_origin: str = ""
    repair_role: str = ""
    operate_role: str = ""

    def region_of(self, secret_arn: str) -> str:
        """The region of a secret, which may be another one than home; home where there is no secret."""
        return secret_arn.split(":")[3] if secret_arn else self.home_region

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """Read the variables that ``template.yaml`` sets; raises MalformedSettings naming the variable."""
        mode = variables.get("REPAIR_MODE", "off")
        if mode not in set(RepairMode):
            raise MalformedSettings(wrong("REPAIR_MODE", mode, one_of(RepairMode)))
        token = variables.get("SLACK_TOKEN_SECRET_ARN", "")
        if token and variables.get("SLACK_SECRET_ARN", ""):
            raise MalformedSettings(message("environment.two-ways-to-slack"))
        return cls(
            home_region=_required(variables, "AWS_REGION"),
            partition=_required(variables, "PARTITION"),
            account=_required(variables, "ACCOUNT_ID"),
            repair_mode=RepairMode(mode),
            watched_regions=_list(variables.get("WATCHED_REGIONS", "")) or (_required(variables, "AWS_REGION"),),
            settle=timedelta(seconds=_number(variables, "SETTLE_SECONDS", default=30)),
            restore_after=timedelta(seconds=_number(variables, "RESTORE_AFTER_SECONDS", default=900)),
            repairs_per_hour=_number(variables, "REPAIRS_PER_HOUR", default=20),
            repairs_per_pool_per_hour=_number(variables, "REPAIRS_PER_POOL_PER_HOUR", default=2),
            settings_parameter=variables.get("SETTINGS_PARAMETER", ""),
            ledger_table=variables.get("LEDGER_TABLE", ""),
            repair_role=variables.get("REPAIR_ROLE", ""),
            operate_role=variables.get("OPERATE_ROLE", ""),
            journal_table=variables.get("JOURNAL_TABLE", ""),
            hints_queue_url=variables.get("HINTS_QUEUE_URL", ""),
            repairs_queue_url=variables.get("REPAIRS_QUEUE_URL", ""),
            delivery_failures_queue_url=variables.get("DELIVERY_FAILURES_QUEUE_URL", ""),
            feedback_queue_url=variables.get("FEEDBACK_QUEUE_URL", ""),
            chat_queue_url=variables.get("CHAT_QUEUE_URL", ""),
            topic_arn=variables.get("TOPIC_ARN", ""),
            event_bus_arn=variables.get("EVENT_BUS_ARN", ""),
            notifications_topic_arn=variables.get("NOTIFICATIONS_TOPIC_ARN", ""),
            rule_pages_url=variables.get("RULE_PAGES_URL", "") or RULE_PAGES,
            alert_language=_language(variables.get("ALERT_LANGUAGE", Language.ENGLISH)),
            account_name=variables.get("ACCOUNT_NAME", ""),
            alert_channels=_channels(variables.get("ALERT_CHANNELS", "topic")),
            slack_secret_arn=variables.get("SLACK_SECRET_ARN", ""),
            webhook_origins=_list(variables.get("WEBHOOK_ORIGINS", "")),
            slack_token_secret_arn=token,
            slack_channel=_required(variables, "SLACK_CHANNEL") if token else variables.get("SLACK_CHANNEL", ""),
            slack_api_origin=variables.get("SLACK_API_ORIGIN", ""),
        )


def _channels(text: str) -> tuple[str, ...]:
    channels = _list(text)
    if not channels or not set(channels) <= set(CHANNELS):
        raise MalformedSettings(wrong("ALERT_CHANNELS", text, message("expected.some-of", choices=CHANNELS)))
    return channels


def _language(code: str) -> Language:
    if code not in set(Language):
        raise MalformedSettings(wrong("ALERT_LANGUAGE", code, one_of(Language)))
    return Language(code)


def _required(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name, "")
    if not value:
        raise MalformedSettings(message("environment.not-set", name=name))
    return value


def _number(variables: Mapping[str, str], name: str, *, default: int) -> int:
    text = variables.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise MalformedSettings(wrong(name, text, message("expected.whole-number")))
    return int(text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
