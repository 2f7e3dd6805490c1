"""A template as the resources that carry mail, case by case."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden_command.checking.source.declared import Case, DeclaredResource, NotKnown, ResourceKind, text_of
from mailwarden_command.checking.source.deployment import Deployment
from mailwarden_command.checking.source.holes import Holes
from mailwarden_command.checking.source.nodes import Members, NotReadable, Scalar, empty, every_text
from mailwarden_command.checking.template.evaluation import Evaluation
from mailwarden_command.checking.template.parameters import Choice, Parameters, compared_values
from mailwarden_command.checking.template.serverless import implied_by_events

_MOST_CASES = 64
_POOL = "AWS::Cognito::UserPool"
# Of the transform AWS::LanguageExtensions.
_LOOP = "Fn::ForEach::"
_KINDS: Mapping[str, ResourceKind] = {
    _POOL: ResourceKind.POOL,
    "AWS::Cognito::UserPoolDomain": ResourceKind.POOL_DOMAIN,
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": ResourceKind.RISK_CONFIGURATION,
    "AWS::SES::EmailIdentity": ResourceKind.IDENTITY,
    "AWS::SES::ConfigurationSet": ResourceKind.CONFIGURATION_SET,
    "AWS::SES::ConfigurationSetEventDestination": ResourceKind.EVENT_DESTINATION,
    "AWS::Lambda::Function": ResourceKind.FUNCTION,
    "AWS::Serverless::Function": ResourceKind.FUNCTION,
    "AWS::Lambda::Permission": ResourceKind.PERMISSION,
}
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_CONCERNED = frozenset({ResourceKind.IDENTITY, ResourceKind.POOL})
_SES = re.compile(r"ses|identity|cognito", re.IGNORECASE)
# The member that Ref returns, if it is one of the properties (CloudFormation template reference, "Return values").
_REFERENCES = {
    ResourceKind.IDENTITY: "EmailIdentity",
    ResourceKind.CONFIGURATION_SET: "Name",
    ResourceKind.FUNCTION: "FunctionName",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A template with the values of parameters that the caller knows; ``where`` is where it will be deployed."""

    root: Members
    given: Mapping[str, str]
    where: Deployment
    holes: Holes

    def cases(self) -> tuple[Case, ...]:
        """Every case; raises NotReadable, also for too many."""
        parameters = Parameters(
            declared=self.section("Parameters"),
            given=self.given,
            compared=compared_values(self.section("Conditions")),
        )
        found: list[Case] = []
        waiting: list[Mapping[str, str]] = [{}]
        while waiting:
            choices = waiting.pop()
            try:
                found.append(_Evaluated(stack=self, parameters=parameters, choices=choices).case())
            except Choice as choice:
                waiting += [{**choices, choice.name: option} for option in reversed(choice.options)]
            if len(found) + len(waiting) > _MOST_CASES:
                raise NotReadable(
                    f"its conditions leave more than {_MOST_CASES} cases: give values with --parameter NAME=VALUE"
                )
        return tuple(found)

    def section(self, name: str) -> Members:
        """A section of the template; empty without it."""
        found = self.root.get(name)
        return found if isinstance(found, Members) else empty(self.root.place)


def _may_write_policies(custom: Members, declared: tuple[DeclaredResource, ...]) -> bool:
    """Whether a custom resource has anything of SES, of an identity or of a pool in it."""
    names = {each.name for each in declared if each.kind in _CONCERNED}
    try:
        names |= {text_of(each.members, "EmailIdentity") or each.name for each in declared if each.kind in _CONCERNED}
    except NotKnown:
        return True
    return any(_SES.search(text) or any(name in text for name in names) for text in every_text(custom))


@dataclass(slots=True, kw_only=True)
class _Evaluated:
    """The template in one case."""

    stack: Stack
    parameters: Parameters
    choices: Mapping[str, str]
    evaluation: Evaluation = field(init=False)
    _referred: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evaluation = Evaluation(
            parameters=self.parameters,
            mappings=self.stack.section("Mappings"),
            conditions=self.stack.section("Conditions"),
            where=self.stack.where,
            choices=self.choices,
            holes=self.stack.holes,
            attribute=self._attribute,
        )

    def case(self) -> Case:
        """The resources that exist."""
        declared = tuple(self._declared())
        return Case(
            choices=self.choices,
            resources=(*declared, *implied_by_events(declared)),
            has_custom_resources=any(
                kind.startswith(_CUSTOM) and _may_write_policies(resource, declared)
                for _, resource, kind in self._resources()
            ),
        )

    def _declared(self) -> Iterator[DeclaredResource]:
        for name, resource, kind in self._resources():
            if kind in _KINDS and self._exists(resource):
                yield self._resource(name, resource, _KINDS[kind])
        yield from self._generated_pools()

    def _generated_pools(self) -> Iterator[DeclaredResource]:
        """The loops that make pools, each as one of which nothing is known."""
        resources = self.stack.section("Resources")
        for name, loop in resources.members.items():
            if name.startswith(_LOOP) and _POOL in every_text(loop):
                place = resources.place_of(name)
                yield DeclaredResource(
                    kind=ResourceKind.POOL,
                    name=name,
                    members=empty(place),
                    place=place,
                    where=self.stack.where,
                    is_known=False,
                )

    def _resource(self, name: str, resource: Members, kind: ResourceKind) -> DeclaredResource:
        written = resource.get("Properties")
        evaluated = None if written is None else self.evaluation.value(written)
        properties = empty(resource.place) if evaluated is None else evaluated
        return DeclaredResource(
            kind=kind,
            name=name,
            members=properties if isinstance(properties, Members) else empty(resource.place),
            place=self.stack.section("Resources").place_of(name),
            where=self.stack.where,
            is_known=isinstance(properties, Members),
        )

    def _resources(self) -> Iterator[tuple[str, Members, str]]:
        for name, resource in self.stack.section("Resources").members.items():
            if isinstance(resource, Members):
                kind = resource.get("Type")
                yield name, resource, str(kind.value) if isinstance(kind, Scalar) else ""

    def _exists(self, resource: Members) -> bool:
        condition = resource.get("Condition")
        if not isinstance(condition, Scalar) or not isinstance(condition.value, str):
            return True
        return self.evaluation.holds(condition.value)

    def _attribute(self, name: str, attribute: str) -> str | None:
        """The text that Ref or Fn::GetAtt returns of a resource, as far as the template decides it."""
        found = self.stack.section("Resources").get(name)
        kind = found.get("Type") if isinstance(found, Members) else None
        known = _KINDS.get(str(kind.value)) if isinstance(kind, Scalar) else None
        if not isinstance(found, Members) or known is None or name in self._referred:
            return None
        where = self.stack.where
        pool = DeclaredResource(kind=known, name=name, members=found, place=found.place, where=where)
        match known, attribute:
            case ResourceKind.POOL, "" | "UserPoolId":
                return pool.pool_id
            case ResourceKind.POOL, "Arn":
                return pool.pool_arn
            case ResourceKind.FUNCTION, "Arn":
                own = self._property(found, name, "FunctionName") or name
                return f"arn:{where.partition}:lambda:{where.region}:{where.account}:function:{own}"
            case ResourceKind.FUNCTION | ResourceKind.CONFIGURATION_SET, "":
                # AWS makes a name of the logical id where there is none.
                return self._property(found, name, _REFERENCES[known]) or name
            case _, "":
                return self._property(found, name, _REFERENCES.get(known, ""))
            case _:
                return None

    def _property(self, resource: Members, name: str, member: str) -> str | None:
        properties = resource.get("Properties")
        written = properties.get(member) if isinstance(properties, Members) else None
        if written is None:
            return None
        self._referred.append(name)
        try:
            found = self.evaluation.value(written)
        finally:
            self._referred.remove(name)
        return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None
