"""AWS adds a value to an enumeration that we read: the reading says that it is not known, and no look crashes.

Every enumeration in the answers of our reads is found in the service models. One is read if a value that the model
knows changes the reading; then a value that no model knows has to be one that the rules call unknown.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from mailwarden.domain.readings import (
    Identity,
    Pool,
    SenderMode,
    Unreadable,
    VerificationStatus,
)
from tests.functional.aws.reads import READS, Read
from tests.functional.aws.whole_answers import XML, output_of, reading, whole_answer
from tests.functional.aws.wire.wire import Json

NEW = "NEW_VALUE"


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


ENUMERATIONS = [
    Enumeration(read=read, path=path, values=values)
    for read in READS
    if read.service not in XML | {"ssm"}
    for path, values in _enumerations(output_of(read.service, read.operation))
]


def test_the_models_have_the_enumerations_that_the_tables_name() -> None:
    there = {(each.read.operation, each.path) for each in ENUMERATIONS}

    assert {*UNKNOWN, *HARMLESS} <= there, sorted({*UNKNOWN, *HARMLESS} - there)
    assert not UNKNOWN.keys() & HARMLESS.keys()


@pytest.mark.parametrize("each", ENUMERATIONS, ids=str)
def test_a_value_that_no_model_knows_is_unknown_and_never_a_crash(each: Enumeration) -> None:
    whole = whole_answer(each.read.service, each.read.operation)
    known = [reading(each.read, _with(whole, each.path, value)) for value in each.values]

    new = reading(each.read, _with(whole, each.path, NEW))

    is_read = any(found != known[0] for found in known)
    key = (each.read.operation, each.path)
    if key in UNKNOWN:
        assert UNKNOWN[key](new), f"a new value of {each} is read as {new}"
    elif key not in HARMLESS:
        assert not is_read, f"say in this file what an unknown value of {each} means"
        assert new == known[0]
