"""AWS leaves a member out that it always sends: the reading is unknown and names it; it is no fact such as "none".

Every member of the answers of our reads is taken away, one at a time. If the reading changes, either the reading is
unknown, or the member is one that AWS leaves out when it is not set.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import cast

import pytest
from botocore.model import ListShape, Shape, StructureShape

from mailwarden.adapters.aws.required_members import ALWAYS_SENT
from mailwarden.domain.readings import OwnReason, Unreadable
from tests.functional.aws.reads import READS, Read
from tests.functional.aws.whole_answers import XML, output_of, reading, whole_answer
from tests.functional.aws.wire.wire import Json

# The reading says that they are not there, as AWS does: by the operation and the beginning of the path.
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("DescribeRiskConfiguration", "RiskConfiguration."): "a part that is not set; all of them are compared",
    ("DescribeUserPool", "UserPool.AdminCreateUserConfig"): "Cognito's own text",
    ("DescribeUserPool", "UserPool.AutoVerifiedAttributes"): "nothing is verified",
    ("DescribeUserPool", "UserPool.CustomDomain"): "no custom domain",
    ("DescribeUserPool", "UserPool.EmailConfiguration."): "empty in a pool that was never given a sender",
    ("DescribeUserPool", "UserPool.Name"): "shown, and never judged",
    ("DescribeUserPool", "UserPool.VerificationMessageTemplate"): "Cognito's own text, by code",
    ("GetAccount", "SuppressionAttributes"): "not documented; no reason is set",
    ("GetConfigurationSet", "DeliveryOptions"): "neither a policy nor an IP pool was chosen",
    ("GetConfigurationSet", "SuppressionOptions"): "the account's reasons apply",
    ("GetConfigurationSetEventDestinations", "EventDestinations"): "the set has no destination",
    ("GetEmailIdentity", "ConfigurationSetName"): "no default set",
    ("GetEmailIdentity", "IdentityType"): "the name shows what the identity is",
    ("GetEmailIdentity", "MailFromAttributes.MailFromDomain"): "no custom domain",
    ("GetEmailIdentity", "VerificationInfo"): "never checked",
    ("GetEventSelectors", "EventSelectors[].ExcludeManagementEventSources"): "nothing is excluded",
    ("GetMetricData", "Messages"): "no message",
    ("GetMetricData", "MetricDataResults[].Timestamps"): "not documented; a metric without data",
    ("GetMetricData", "MetricDataResults[].Values"): "not documented; a metric without data",
    ("GetSuppressedDestination", "SuppressedDestination.Attributes"): "no message is known",
    ("ListSuppressedDestinations", "NextToken"): "the last page",
    ("ListSuppressedDestinations", "SuppressedDestinationSummaries"): "not documented; the list is empty",
    ("ListUserPools", "NextToken"): "the last page",
}
# A member without which the whole answer says nothing, or one that is needed where another is there.
BY_THE_READER = {
    ("DescribeUserPoolDomain", "DomainDescription.Status"),
    ("GetEmailIdentity", "MailFromAttributes.MailFromDomainStatus"),
    ("GetEventSelectors", "EventSelectors"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of an answer; ``path`` names it as in the answer."""

    read: Read
    path: str

    def __str__(self) -> str:
        return f"{self.read.operation}-{self.path}"


def _members(shape: Shape, path: str = "", above: tuple[str, ...] = ()) -> Iterator[str]:
    if shape.name in above:
        return
    match shape:
        case StructureShape() if not shape.is_tagged_union:
            for name, member in shape.members.items():
                inner = f"{path}.{name}" if path else name
                yield inner
                yield from _members(member, inner, (*above, shape.name))
        case ListShape():
            yield from _members(shape.member, f"{path}[]", (*above, shape.name))
        case _:
            return


def _without(answer: Json, path: str) -> Json | None:
    """A copy of *answer* without a member; None if the answer has none."""
    copied = copy.deepcopy(answer)
    place: object = copied
    *steps, last = path.split(".")
    for step in steps:
        place = cast("dict[str, object]", place).get(step.removesuffix("[]"))
        if step.endswith("[]"):
            place = place[0] if isinstance(place, list) and place else None
        if not isinstance(place, dict):
            return None
    return copied if cast("dict[str, object]", place).pop(last, None) is not None else None


def _unknown_in(found: object) -> Iterator[Unreadable]:
    if isinstance(found, Unreadable):
        yield found
    elif isinstance(found, tuple):
        for each in found:
            yield from _unknown_in(each)
    elif is_dataclass(found):
        for field in fields(found):
            yield from _unknown_in(getattr(found, field.name))


def _names(found: object, path: str) -> bool:
    said = ("MissingMember", path, False)
    return any((each.reason, each.about, each.transient) == said for each in _unknown_in(found))


JSON_READS = [read for read in READS if read.service not in XML | {"ssm"}]
MEMBERS = [
    Member(read=read, path=path)
    for read in JSON_READS
    for path in _members(output_of(read.service, read.operation))
    if _without(whole_answer(read.service, read.operation), path) is not None
]
# Nothing in the answer is an answer: there is none of what was asked for.
NONE_OF_THEM = {
    ("GetConfigurationSetEventDestinations", "EventDestinations"),
    ("ListSuppressedDestinations", "SuppressedDestinationSummaries"),
}
# A path of the table stands for those above it, too: an answer without its structure is without the member.
NAMED = {
    (operation, ".".join(steps[:length]).removesuffix("[]"))
    for operation, paths in ALWAYS_SENT.items()
    for steps in (path.split(".") for path in paths)
    for length in range(1, len(steps) + 1)
} - NONE_OF_THEM


def test_the_models_have_the_members_that_the_tables_name() -> None:
    there = {
        (read.operation, path) for read in JSON_READS for path in _members(output_of(read.service, read.operation))
    }
    named = {(operation, path) for operation, paths in ALWAYS_SENT.items() if operation != "GetRole" for path in paths}

    assert named | BY_THE_READER <= there
    assert ALWAYS_SENT.keys() <= {read.operation for read in READS}


@pytest.mark.parametrize("each", MEMBERS, ids=str)
def test_a_member_that_is_not_there_is_unknown_unless_aws_leaves_it_out(each: Member) -> None:
    operation = each.read.operation
    whole = whole_answer(each.read.service, operation)

    found = reading(each.read, cast("Json", _without(whole, each.path)))

    if operation == "ListUserPoolClients":
        # A search: the next one asks again.
        assert found == {}
    elif (operation, each.path) in BY_THE_READER:
        assert _names(found, each.path)
    elif (operation, each.path) in NAMED:
        assert _names(found, next(path for path in ALWAYS_SENT[operation] if path.startswith(each.path)))
    elif any(operation == known and each.path.startswith(path) for known, path in LEFT_OUT):
        assert set(_unknown_in(found)) <= set(_unknown_in(reading(each.read, whole)))
    else:
        assert found == reading(each.read, whole)


@pytest.mark.parametrize(
    "each", [each for each in JSON_READS if ALWAYS_SENT.get(each.operation)], ids=lambda each: each.operation
)
def test_an_answer_with_nothing_in_it_is_unknown(each: Read) -> None:
    found = reading(each, {})

    if each.operation == "ListUserPoolClients":
        assert found == {}
    elif each.operation == "GetEventSelectors":
        assert _names(found, "EventSelectors")
    elif each.operation in dict(NONE_OF_THEM):
        assert list(_unknown_in(found)) == []
    else:
        assert _names(found, ALWAYS_SENT[each.operation][0])


@pytest.mark.parametrize(
    ("times", "values"), [([0], None), ([0], []), (None, [1.0]), ([], [1.0]), ([0, 300], [1.0]), ([0], [1.0, 2.0])]
)
def test_data_points_that_lack_a_time_or_a_value_are_unknown(
    times: list[int] | None, values: list[float] | None
) -> None:
    read = next(each for each in JSON_READS if each.operation == "GetMetricData")
    points = {"Timestamps": times, "Values": values}
    result = {"Id": "m0", "StatusCode": "Complete"} | {name: each for name, each in points.items() if each is not None}

    (found,) = _unknown_in(reading(read, {"MetricDataResults": [result]}))

    assert found.reason == OwnReason.UNEXPECTED_RESPONSE
