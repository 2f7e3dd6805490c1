"""AWS adds a value to an enumeration that we read: the reading says that it is not known, and no look crashes.

Every enumeration in the answers of our reads is found in the service models. One is read if a value that the model
knows changes the reading; then a value that no model knows has to be one that the rules call unknown.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.session import Session

from mailwarden.adapters.aws.clients import Clients
from mailwarden.domain.readings import (
    Identity,
    Pool,
    SenderMode,
    Unreadable,
    VerificationStatus,
)
from tests.builders import NOON
from tests.functional.aws.reads import FIRST, READS, Read
from tests.functional.aws.wire.wire import Answer, Json, Request, Service, Wire

NEW = "NEW_VALUE"
# These speak XML, and their answers hold no enumeration that is read: CloudFormation's and IAM's states.
XML = frozenset({"cloudformation", "iam"})
NOW = NOON.timestamp()


def _of_reading(member: str, wanted: object) -> Callable[[object], bool]:
    return lambda found: getattr(found, member) == wanted


def _unexpected(found: object) -> bool:
    return isinstance(found, Unreadable) and found.reason == "UnexpectedResponse" and not found.transient


# How a reading says that it does not know the value, by the member in which AWS gives it.
UNKNOWN: Mapping[tuple[str, str], Callable[[object], bool]] = {
    ("DescribeUserPool", "UserPool.EmailConfiguration.EmailSendingAccount"): lambda found: (
        isinstance(found, Pool) and found.email.mode is SenderMode.UNKNOWN and found.unknown_sender == NEW
    ),
    ("DescribeUserPool", "UserPool.VerificationMessageTemplate.DefaultEmailOption"): lambda found: (
        isinstance(found, Pool) and _unexpected(found.link_domain)
    ),
    ("DescribeUserPool", "UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors[]"): lambda found: (
        isinstance(found, Pool) and _unexpected(found.factors.first_factor)
    ),
    # MW111 calls a status unknown that it does not know, and MW113 a state of a key.
    ("DescribeUserPoolDomain", "DomainDescription.Status"): lambda found: found == NEW,
    ("DescribeKey", "KeyMetadata.KeyState"): lambda found: found == NEW,
    ("GetEmailIdentity", "VerificationStatus"): _of_reading("verification_status", VerificationStatus.UNKNOWN),
    ("GetEmailIdentity", "DkimAttributes.Status"): lambda found: (
        isinstance(found, Identity) and found.dkim is not None and found.dkim.status == NEW
    ),
    ("GetEmailIdentity", "MailFromAttributes.MailFromDomainStatus"): lambda found: (
        isinstance(found, Identity) and found.mail_from is not None and found.mail_from.status == NEW
    ),
    ("GetEmailIdentity", "MailFromAttributes.BehaviorOnMxFailure"): lambda found: (
        isinstance(found, Identity) and found.mail_from is not None and found.mail_from.rejects_on_failure is None
    ),
    # The name shows what the identity is.
    ("GetEmailIdentity", "IdentityType"): _of_reading("is_domain", True),
    ("GetConfigurationSet", "DeliveryOptions.TlsPolicy"): _of_reading("tls_required", None),
    ("GetEventSelectors", "EventSelectors[].ReadWriteType"): _unexpected,
    ("GetMetricData", "MetricDataResults[].StatusCode"): lambda found: (
        isinstance(found, Unreadable) and found.reason == NEW
    ),
}
# Read, and a new value is as good as none: only the values that are listed are asked for.
HARMLESS = {
    ("DescribeUserPool", "UserPool.AutoVerifiedAttributes[]"): "only email matters",
    ("DescribeUserPool", "UserPool.MfaConfiguration"): "anything but OFF is on, and the factors are read",
    ("DescribeUserPool", "UserPool.UserPoolAddOns.AdvancedSecurityMode"): "it counts as acting, and is read",
    (
        "DescribeUserPool",
        "UserPool.UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
    ): "it counts as acting, and is read",
    ("GetUserPoolMfaConfig", "MfaConfiguration"): "anything but OFF is on",
    ("GetAccount", "SuppressionAttributes.SuppressedReasons[]"): "suppression is not off",
    ("GetConfigurationSet", "SuppressionOptions.SuppressedReasons[]"): "suppression is not off",
    ("GetConfigurationSetEventDestinations", "EventDestinations[].MatchingEventTypes[]"): "MW604 calls it unknown",
    ("GetSuppressedDestination", "SuppressedDestination.Reason"): "shown as SES gives it",
    ("ListSuppressedDestinations", "SuppressedDestinationSummaries[].Reason"): "counted by itself",
    **{
        ("DescribeRiskConfiguration", f"RiskConfiguration.{path}"): "compared, and set again as Cognito gives it"
        for path in (
            "CompromisedCredentialsRiskConfiguration.EventFilter[]",
            "CompromisedCredentialsRiskConfiguration.Actions.EventAction",
            "AccountTakeoverRiskConfiguration.Actions.LowAction.EventAction",
            "AccountTakeoverRiskConfiguration.Actions.MediumAction.EventAction",
            "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction",
        )
    },
}


@cache
def _output(service: str, operation: str) -> Shape:
    shape = Session().get_service_model(service).operation_model(operation).output_shape
    assert shape is not None
    return shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """A member of an answer with values from a list; ``path`` names it as in the answer."""

    read: Read
    path: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.read.operation}-{self.path}"


def _enumerations(shape: Shape, path: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    if shape.name in above:
        return
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                yield from _enumerations(member, f"{path}.{name}" if path else name, (*above, shape.name))
        case ListShape():
            yield from _enumerations(shape.member, f"{path}[]", (*above, shape.name))
        case MapShape():
            yield from _enumerations(shape.value, f"{path}.*", (*above, shape.name))
        case StringShape() if shape.enum:
            yield path, tuple(shape.enum)
        case _:
            return


@cache
def _whole(service: str, operation: str) -> Json:
    """An answer with every member of the model once, and what our reads need to look at all of it."""
    whole = cast("dict[str, object]", _sample(_output(service, operation)))
    match operation:
        case "DescribeUserPool":
            pool = cast("dict[str, dict[str, object]]", whole["UserPool"])
            pool["LambdaConfig"] = {}
            pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] = False
            pool["AutoVerifiedAttributes"] = cast("dict[str, object]", ["email"])
            pool["EmailConfiguration"]["EmailSendingAccount"] = "COGNITO_DEFAULT"
        case "GetEventSelectors":
            whole["AdvancedEventSelectors"] = []
        case "GetMetricData":
            whole |= {"Messages": [], "NextToken": None, "MetricDataResults": [{"Id": "m0", "StatusCode": "Complete"}]}
        case _:
            pass
    return whole


def _sample(shape: Shape, above: tuple[str, ...] = ()) -> object:
    if shape.name in above:
        return None
    match shape:
        case StructureShape():
            members = {name: _sample(member, (*above, shape.name)) for name, member in shape.members.items()}
            sampled = {name: value for name, value in members.items() if value is not None}
            return dict([sampled.popitem()]) if shape.is_tagged_union else sampled
        case ListShape():
            return [_sample(shape.member, (*above, shape.name))]
        case MapShape():
            return {"key": _sample(shape.value, (*above, shape.name))}
        case StringShape():
            return shape.enum[0] if shape.enum else "example.com"
        case _:
            return {"boolean": True, "timestamp": NOW}.get(shape.type_name, 1)


def _with(answer: Json, path: str, value: str) -> Json:
    """A copy of *answer* with *value* in the place of a member; every structure on the way is there."""
    copied = copy.deepcopy(answer)
    _put(copied, path.replace("[]", ".[]").split("."), value)
    return copied


def _put(place: object, steps: list[str], value: str) -> None:
    step, *rest = steps
    if isinstance(place, list):
        if not rest:
            place[:] = [value]
            return
        if not place:
            place.append({})
        _put(place[0], rest, value)
        return
    assert isinstance(place, dict)
    if step == "*":
        step = next(iter(place))
    if not rest:
        place[step] = value
        return
    _put(place.setdefault(step, [] if rest[0] == "[]" else {}), rest, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAnswer:
    """Answers the calls of one read."""

    operation: str
    answer_of_it: Json

    def answer(self, request: Request) -> Answer:
        # A body is the JSON of its members; the policy of a function and the parameters of a domain need no more.
        body = self.answer_of_it if request.operation == self.operation else FIRST.get(request.operation, {})
        return Answer(body=cast("Json", body))


@dataclass(frozen=True, slots=True)
class Everywhere(dict[str, Service]):
    service: Service

    def __missing__(self, _: str) -> Service:
        return self.service


def reading(read: Read, answer: Json) -> object:
    """What the adapter makes of an answer, without the settings that MW108 compares as texts."""
    wire = Wire(services=Everywhere(OneAnswer(operation=read.operation, answer_of_it=answer)))
    found = read.read(Clients(wire.session()))
    return replace(found, settings={}) if isinstance(found, Pool) else found


ENUMERATIONS = [
    Enumeration(read=read, path=path, values=values)
    for read in READS
    if read.service not in XML | {"ssm"}
    for path, values in _enumerations(_output(read.service, read.operation))
]


def test_the_models_have_the_enumerations_that_the_tables_name() -> None:
    there = {(each.read.operation, each.path) for each in ENUMERATIONS}

    assert {*UNKNOWN, *HARMLESS} <= there, sorted({*UNKNOWN, *HARMLESS} - there)
    assert not UNKNOWN.keys() & HARMLESS.keys()


@pytest.mark.parametrize("each", ENUMERATIONS, ids=str)
def test_a_value_that_no_model_knows_is_unknown_and_never_a_crash(each: Enumeration) -> None:
    whole = _whole(each.read.service, each.read.operation)
    known = [reading(each.read, _with(whole, each.path, value)) for value in each.values]

    new = reading(each.read, _with(whole, each.path, NEW))

    is_read = any(found != known[0] for found in known)
    key = (each.read.operation, each.path)
    if key in UNKNOWN:
        assert UNKNOWN[key](new), f"a new value of {each} is read as {new}"
    elif key not in HARMLESS:
        assert not is_read, f"say in this file what an unknown value of {each} means"
        assert new == known[0]
