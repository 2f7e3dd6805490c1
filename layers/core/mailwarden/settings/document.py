"""Parses the operator's settings document: all of it, or nothing and the reason.

It is a module of its own because the validator adds about 35 ms to a cold start, which a stack without a settings
document saves.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import fastjsonschema

from mailwarden.documents.faults import shown, wrong
from mailwarden.documents.reader import JsonObject, object_in
from mailwarden.domain.findings.application_tags import APPLICATION_TAGS, tag_key, tag_value
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL
from mailwarden.domain.incidents.chat_route import ChatRoute
from mailwarden.domain.mail_path.consent import WHOLE_ACCOUNT, ConsentSettings
from mailwarden.domain.mail_path.mailbox import flaw_of, read_mailbox
from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.domain.reputation.rate_levels import RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Message, message, verbatim
from mailwarden.regions import MalformedTable, built_in_table
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden.settings.schema import rule_ids, settings_schema

_ROOT = "data"
_DOCUMENT = "document"
# The rules of the schema with an own text; two of them have one only where the schema describes what it wants.
_DESCRIBED = frozenset({"oneOf", "pattern"})
_LIMITS = frozenset({"maximum", "minimum", "exclusiveMinimum", "minItems", "minLength"})


def parse_settings(text: str) -> OperatorSettings:
    """Parse a settings document; raises MalformedSettings with the path and the error."""
    loaded = _loaded(text)
    _check_rules(loaded)
    document = _checked(loaded)
    try:
        table = built_in_table().with_overrides(object_in(document, "regions"))
    except MalformedTable as error:
        raise MalformedSettings(error.said) from error
    mode = document.get("repairMode")
    tags = tuple(_texts_in(document, "applicationTags")) if "applicationTags" in document else APPLICATION_TAGS
    roles = document.get("deploymentRoles")
    return OperatorSettings(
        repair_mode=RepairMode(mode) if isinstance(mode, str) else None,
        rule_modes={rule: RuleMode(str(value)) for rule, value in object_in(document, "rules").items()},
        severities={rule: SEVERITY_BY_LABEL[str(value)] for rule, value in object_in(document, "severities").items()},
        thresholds=_thresholds(object_in(document, "thresholds")),
        consents=ConsentSettings(
            identities={
                arn: tuple(opened) if isinstance(opened, list) else (WHOLE_ACCOUNT,)
                for arn, opened in object_in(document, "consent").items()
            },
        ),
        table=table,
        deployment_roles=tuple(roles) if isinstance(roles, list) else (),
        from_local_part=_local_part(document),
        application_tags=tags,
        slack_routes=_routes(document, tags),
    )


def _routes(document: JsonObject, tags: tuple[str, ...]) -> tuple[ChatRoute, ...]:
    """The routes; one with a tag or a value that no alert has would fit none, without a sign."""
    written = _objects_in(document, "slackRoutes")
    for place, route in enumerate(written):
        wanted = object_in(route, "tag")
        for name in wanted:
            member = f"slackRoutes[{place}].tag.{name}"
            if name not in tags:
                raise MalformedSettings(message("settings.route-tag", member=member, tags=tags))
            for text in _texts_in(wanted, name):
                if not tag_value(text):
                    raise MalformedSettings(wrong(member, text, message("expected.visible-text")))
    return tuple(map(_route, written))


def _route(written: JsonObject) -> ChatRoute:
    tags = object_in(written, "tag")
    return ChatRoute(
        channel=str(written["channel"]),
        severities=frozenset(SEVERITY_BY_LABEL[label] for label in _texts_in(written, "severity")),
        rules=frozenset(_texts_in(written, "rule")),
        regions=frozenset(_texts_in(written, "region")),
        tags={tag_key(name): frozenset(map(tag_value, _texts_in(tags, name))) for name in tags},
    )


def _objects_in(document: JsonObject, member: str) -> list[JsonObject]:
    listed = document.get(member)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _texts_in(document: JsonObject, member: str) -> list[str]:
    listed = document.get(member)
    return [str(each) for each in listed] if isinstance(listed, list) else []


def _local_part(document: JsonObject) -> str | None:
    """The part before the @ of an address that SES accepts, without quotes."""
    text = document.get("fromLocalPart")
    if not isinstance(text, str):
        return None
    address = f"{text}@example.com"
    mailbox = read_mailbox(address)
    if mailbox is None or mailbox.address != address or '"' in text or flaw_of(mailbox) is not None:
        raise MalformedSettings(message("settings.no-local-part", member="fromLocalPart"))
    return text


def _loaded(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_no_member_twice, parse_constant=_no_number)
    except RecursionError as error:
        raise MalformedSettings(message("document.too-deep", document=_DOCUMENT)) from error
    except MalformedSettings:
        raise
    except ValueError as error:
        raise MalformedSettings(message("document.not-json", document=_DOCUMENT, error=verbatim(str(error)))) from error


def _no_member_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuses duplicate member names: JSON parsers silently keep one of them, perhaps the wrong one."""
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise MalformedSettings(message("document.member-twice", member=shown(max(names, key=names.count))))
    return members


def _no_number(constant: str) -> object:
    raise MalformedSettings(message("document.no-json-number", document=_DOCUMENT, constant=constant))


def _checked(document: object) -> JsonObject:
    try:
        _validator()(document)
    except fastjsonschema.JsonSchemaValueException as error:
        raise MalformedSettings(_reason(error)) from error
    if not isinstance(document, dict):
        raise MalformedSettings(wrong(_DOCUMENT, document, message("expected.object")))
    return document


def _check_rules(document: object) -> None:
    """A misspelt id would leave the rule as it was, without a sign; the validator's message would not name it."""
    for member in ("rules", "severities"):
        named = document.get(member) if isinstance(document, dict) else None
        for rule_id in named if isinstance(named, dict) else ():
            if rule_id not in rule_ids():
                raise MalformedSettings(message("settings.no-rule", member=f"{member}.{rule_id}"))


def _reason(error: fastjsonschema.JsonSchemaValueException) -> Message:
    """The error by the rule of the schema that refused the document; the library's sentences are not used."""
    member = str(error.name).removeprefix(_ROOT).removeprefix(".") or _DOCUMENT
    value, definition, rule, wanted = error.value, error.definition, str(error.rule), error.rule_definition
    if rule in _DESCRIBED and "description" in definition:
        return message(f"settings.{definition.get('title', rule)}", member=member)
    if rule in _LIMITS:
        return message(f"settings.{rule}", member=member, limit=wanted)
    match rule:
        case "type":
            return message("settings.type", member=member, type=str(wanted))
        case "enum":
            return message("settings.enum", member=member, choices=tuple(map(str, wanted)))
        case "required":
            return message("settings.required", member=member, missing=tuple(sorted(set(wanted) - set(value))))
        case "additionalProperties":
            unknown = sorted(set(value) - set(definition.get("properties", {})))
            return message("settings.unknown-members", member=member, unknown=tuple(map(shown, unknown)))
        case _:
            return message("settings.refused", member=member, rule=rule)


@cache
def _validator() -> Callable[[object], object]:
    # The schema's defaults are documentation; missing members keep the values of the code.
    validate: Callable[[object], object] = fastjsonschema.compile(settings_schema(), use_default=False)
    return validate


def _thresholds(written: JsonObject) -> Thresholds:
    share, hours, minutes = (
        written.get(name) for name in ("quotaShare", "deliveryFailureQuietHours", "unannouncedGraceMinutes")
    )
    own = Thresholds()
    return Thresholds(
        quota_share=float(share) if isinstance(share, int | float) else own.quota_share,
        delivery_failures_quiet=(
            timedelta(hours=hours) if isinstance(hours, int | float) else own.delivery_failures_quiet
        ),
        unannounced_grace=timedelta(minutes=minutes) if isinstance(minutes, int | float) else own.unannounced_grace,
        bounce_rates=_steps(written, "bounceRates", own.bounce_rates),
        complaint_rates=_steps(written, "complaintRates", own.complaint_rates),
        least_sends=_least(written, "leastSends", own.least_sends),
        least_bounces=_least(written, "leastBounces", own.least_bounces),
        least_complaints=_least(written, "leastComplaints", own.least_complaints),
        least_suppressed=_least(written, "leastSuppressed", own.least_suppressed),
    )


def _steps(written: JsonObject, name: str, own: RateSteps) -> RateSteps:
    """Only our own two thresholds can be set: AWS decides at which rates it acts."""
    elevated, high = (object_in(written, name).get(step) for step in ("elevated", "high"))
    if not isinstance(elevated, int | float) or not isinstance(high, int | float):
        return own
    if not elevated < high < own.review:
        raise MalformedSettings(message("settings.steps", member=f"thresholds.{name}", review=own.review))
    return replace(own, elevated=float(elevated), high=float(high))


def _least(written: JsonObject, name: str, own: int) -> int:
    value = written.get(name)
    return int(value) if isinstance(value, int | float) else own
