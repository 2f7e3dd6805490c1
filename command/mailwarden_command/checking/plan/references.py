"""Follows the references of a configuration from a value that is known after apply to the resource that it is of.

A plan has the references of an expression and not the expression: a function around a single reference is not seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden_command.checking.plan.changes import PlannedResource, members_in, text_in
from mailwarden_command.checking.source.nodes import Items, Members, Node, Scalar

_DEEPEST = 20

type AttributeOf = Callable[[PlannedResource, str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The configuration of a plan. ``resources`` are by module and address; ``attribute`` is of one resource."""

    root: Members
    resources: Mapping[str, tuple[PlannedResource, ...]]
    attribute: AttributeOf

    def expression(self, resource: PlannedResource, *way: str | int) -> Node | None:
        """The expression of a value of a resource; None if the configuration has none."""
        found: Node | None = self._configured(resource)
        for step in ("expressions", *way):
            if isinstance(step, int):
                items = found.items if isinstance(found, Items) else (found,) if step == 0 else ()
                found = items[step] if step < len(items) else None
            else:
                found = found.get(step) if isinstance(found, Members) else None
        return found

    def is_configured(self, resource: PlannedResource) -> bool:
        """Whether the plan has the configuration of a resource."""
        return self._configured(resource) is not None

    def provider_region(self, resource: PlannedResource) -> str | None:
        """The region of a resource's provider, if the plan has it."""
        configured = self._configured(resource)
        key = None if configured is None else text_in(configured, "provider_config_key")
        provider = members_in(self.root, "configuration", "provider_config", key or "")
        # The provider of a module is declared where it is configured.
        module = tuple(part for part in (text_in(provider, "module_address") or "").split(".") if part != "module")
        return self.text(module if module != ("",) else (), provider_region(provider))

    def text(self, module: tuple[str, ...], expression: Node | None, *, deep: int = 0) -> str | None:
        """The text that an expression of one reference has; None if it cannot be known."""
        if not isinstance(expression, Members) or deep > _DEEPEST:
            return None
        constant = expression.get("constant_value")
        if isinstance(constant, Scalar):
            return constant.value if isinstance(constant.value, str) else None
        reference = _only_reference(expression)
        if reference is None:
            return None
        first, _, rest = reference.partition(".")
        match first:
            case "var" if not module:
                return text_in(members_in(self.root, "variables", rest), "value")
            case "var":
                call = members_in(self._module(module[:-1]), "module_calls", module[-1], "expressions", rest)
                return self.text(module[:-1], call, deep=deep + 1)
            case "module":
                name, _, output = rest.partition(".")
                found = members_in(
                    self._module(module), "module_calls", name, "module", "outputs", output, "expression"
                )
                return self.text((*module, name), found, deep=deep + 1)
            case _:
                return self._of_resource(module, reference)

    def _of_resource(self, module: tuple[str, ...], reference: str) -> str | None:
        address, _, attribute = reference.rpartition(".")
        found = self.resources.get(".".join((*module, address.partition("[")[0])), ())
        # Of several instances the references do not show which one is meant.
        return self.attribute(found[0], attribute) if len(found) == 1 else None

    def _configured(self, resource: PlannedResource) -> Members | None:
        found = self._module(resource.module).get("resources")
        for each in found.items if isinstance(found, Items) else ():
            if isinstance(each, Members) and text_in(each, "address") == resource.in_module:
                return each
        return None

    def _module(self, module: tuple[str, ...]) -> Members:
        found = members_in(self.root, "configuration", "root_module")
        for name in module:
            found = members_in(found, "module_calls", name, "module")
        return found


def provider_region(provider: Members) -> Node | None:
    """The expression of a provider's region."""
    return members_in(provider, "expressions").get("region")


def _only_reference(expression: Members) -> str | None:
    """The one reference, without those to the resources that it is in; None for several."""
    listed = expression.get("references")
    texts = [each.value for each in listed.items if isinstance(each, Scalar)] if isinstance(listed, Items) else []
    names = [text for text in texts if isinstance(text, str)]
    longest = [name for name in names if not any(_is_within(other, name) for other in names)]
    return longest[0] if len(set(longest)) == 1 else None


def _is_within(other: str, name: str) -> bool:
    return other != name and other.startswith((f"{name}.", f"{name}["))
