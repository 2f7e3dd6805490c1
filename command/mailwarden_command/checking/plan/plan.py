"""A plan as the resources that carry mail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailwarden_command.checking.plan.changes import PlannedResource, by_address, members_in, planned, text_in
from mailwarden_command.checking.plan.policy_document import PolicyDocument
from mailwarden_command.checking.plan.references import References
from mailwarden_command.checking.plan.translation import IDENTITIES, KINDS, properties_of
from mailwarden_command.checking.source.declared import Case, DeclaredResource, NotKnown, ResourceKind
from mailwarden_command.checking.source.deployment import Deployment
from mailwarden_command.checking.source.holes import Holes, holes_in, lone_hole
from mailwarden_command.checking.source.nodes import Items, Members, Node, Scalar, empty

_DOCUMENT = "aws_iam_policy_document"
_VERIFICATION = "aws_ses_domain_identity_verification"
_WANTED = frozenset({*KINDS, _DOCUMENT, _VERIFICATION})
# Blocks that the provider never chooses itself (its schema, without "Computed"): if one is not known, and the plan has
# no expression for it, a dynamic block configures it.
_NEVER_DEFAULT: Mapping[str, frozenset[str]] = {
    "aws_cognito_user_pool": frozenset({"email_configuration", "email_mfa_configuration", "user_pool_add_ons"})
}
_NAMED = ("domain", "email", "email_identity", "configuration_set_name", "name", "function_name")


@dataclass(slots=True, kw_only=True)
class Plan:
    """A plan; ``where`` is where its providers deploy, as far as the caller knows it."""

    root: Members
    where: Deployment
    holes: Holes
    _resources: tuple[PlannedResource, ...] = field(init=False)
    _references: References = field(init=False)

    def __post_init__(self) -> None:
        self._resources = tuple(planned(self.root, self.holes, _WANTED))
        self._references = References(root=self.root, resources=by_address(self._resources), attribute=self._attribute)
        account = _caller(self.root)
        self.where = self.where.or_else(region=None, account=account)

    def cases(self) -> tuple[Case, ...]:
        """The one case of a plan: Terraform has decided every condition."""
        return (Case(choices={}, resources=tuple(self._declared())),)

    def _declared(self) -> Iterator[DeclaredResource]:
        for each in self._resources:
            if each.kind in KINDS and not each.in_module.startswith("data."):
                resolved = replace(each, values=self._resolved(each))
                try:
                    properties, is_known = properties_of(resolved), True
                except NotKnown:
                    properties, is_known = empty(each.place), False
                yield DeclaredResource(
                    kind=KINDS[each.kind],
                    name=each.address,
                    members=properties,
                    place=each.place,
                    where=self._where(each),
                    is_deleted=each.is_deleted,
                    was_there=each.was_there,
                    existing_id=_known(each, "id") if KINDS[each.kind] is ResourceKind.POOL else "",
                    is_known=is_known,
                )

    def _where(self, resource: PlannedResource) -> Deployment:
        parts = _known(resource, "arn").split(":")
        of_arn = (parts[3], parts[4]) if len(parts) > 5 else ("", "")
        region = _known(resource, "region") or of_arn[0] or self._references.provider_region(resource)
        return replace(self.where.or_else(region=None, account=of_arn[1]), region=region or self.where.region)

    def _resolved(self, resource: PlannedResource) -> Members:
        """The values, with the holes filled whose references lead to a value."""
        found = self._node(resource, resource.values, ())
        return found if isinstance(found, Members) else resource.values

    def _node(self, resource: PlannedResource, node: Node, way: tuple[str | int, ...]) -> Node | None:
        match node:
            case Scalar(value=str(text)) if lone_hole(text) is not None:
                return self._hole(resource, node, way)
            case Scalar():
                return node
            case Items():
                items = (self._node(resource, each, (*way, at)) for at, each in enumerate(node.items))
                return replace(node, items=tuple(each for each in items if each is not None))
            case Members():
                members = {name: self._node(resource, each, (*way, name)) for name, each in node.members.items()}
                return replace(node, members={name: each for name, each in members.items() if each is not None})

    def _hole(self, resource: PlannedResource, node: Scalar, way: tuple[str | int, ...]) -> Node | None:
        """The value of a hole, the hole, or None for a value that nothing configures: the provider's default."""
        expression = self._references.expression(resource, *way)
        is_default = expression is None and len(way) == 1 and way[0] not in _NEVER_DEFAULT.get(resource.kind, ())
        if is_default and self._references.is_configured(resource):
            return None
        text = self._references.text(resource.module, expression)
        return node if text is None else replace(node, value=text)

    def _attribute(self, resource: PlannedResource, name: str) -> str | None:
        """The text of an attribute, also of one that AWS makes from names that are known."""
        known = resource.text(name)
        if known is not None and not holes_in(known):
            return known
        where = self._where(resource)
        names = (text for text in map(resource.text, _NAMED) if text is not None and not holes_in(text))
        own = next(names, None)
        match resource.kind, name:
            case "aws_cognito_user_pool", "id" | "arn":
                pool = DeclaredResource(
                    kind=ResourceKind.POOL,
                    name=resource.address,
                    members=resource.values,
                    place=resource.place,
                    where=where,
                    existing_id=_known(resource, "id"),
                )
                return pool.pool_id if name == "id" else pool.pool_arn
            case "aws_iam_policy_document", "json":
                return PolicyDocument(resource=resource, known=self._text_at).text()
            case "aws_lambda_function", "arn" if own is not None:
                return f"arn:{where.partition}:lambda:{where.region}:{where.account}:function:{own}"
            case kind, "arn" if own is not None and (kind in IDENTITIES or kind == _VERIFICATION):
                return f"arn:{where.partition}:ses:{where.region}:{where.account}:identity/{own}"
            case kind, "id" if kind != _DOCUMENT:
                return own
            case _:
                return None

    def _text_at(self, resource: PlannedResource, way: tuple[str | int, ...], text: str) -> str:
        """The text that a hole of a data source has, if its reference leads to one; else the hole."""
        found = self._references.text(resource.module, self._references.expression(resource, *way))
        return text if found is None else found


def _known(resource: PlannedResource, name: str) -> str:
    text = resource.text(name) or text_in(resource.before, name) or ""
    return "" if holes_in(text) else text


def _caller(root: Members) -> str | None:
    """The account that the data source ``aws_caller_identity`` read."""
    found = members_in(root, "prior_state", "values", "root_module").get("resources")
    for each in found.items if isinstance(found, Items) else ():
        if isinstance(each, Members) and text_in(each, "type") == "aws_caller_identity":
            return text_in(members_in(each, "values"), "account_id")
    return None
