"""Whole answers: every member of the service model once, and what a read makes of one."""

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.session import Session

from mailwarden.adapters.aws.clients import Clients
from mailwarden.domain.readings import Pool
from tests.builders import NOON
from tests.functional.aws.reads import FIRST, Read
from tests.functional.aws.wire.wire import Answer, Json, Request, Service, Wire

# These speak XML: their answers are no JSON of their members.
XML = frozenset({"cloudformation", "iam"})
NOW = NOON.timestamp()


@cache
def output_of(service: str, operation: str) -> Shape:
    shape = Session().get_service_model(service).operation_model(operation).output_shape
    assert shape is not None
    return shape


@cache
def whole_answer(service: str, operation: str) -> Json:
    """An answer with every member of the model once, and what our reads need to look at all of it."""
    whole = cast("dict[str, object]", _sample(output_of(service, operation)))
    match operation:
        case "DescribeUserPool":
            pool = cast("dict[str, dict[str, object]]", whole["UserPool"])
            pool["LambdaConfig"] = {}
            pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] = False
            pool["AutoVerifiedAttributes"] = cast("dict[str, object]", ["email"])
            pool["EmailConfiguration"]["EmailSendingAccount"] = "COGNITO_DEFAULT"
        case "GetEventSelectors":
            del whole["AdvancedEventSelectors"]
        case "GetMetricData":
            whole |= {
                "Messages": [],
                "NextToken": None,
                "MetricDataResults": [{"Id": "m0", "StatusCode": "Complete", "Timestamps": [], "Values": []}],
            }
        case "ListUserPoolClients":
            whole |= {"NextToken": None, "UserPoolClients": [{"ClientId": "client"}]}
        case "LookupEvents":
            whole |= {"NextToken": None, "Events": [{"CloudTrailEvent": "{}"}]}
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
