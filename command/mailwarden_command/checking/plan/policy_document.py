"""The JSON of a data source ``aws_iam_policy_document`` that Terraform reads during the apply."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from mailwarden_command.checking.plan.changes import PlannedResource
from mailwarden_command.checking.source.declared import NotKnown, parts_of, text_of, texts_of
from mailwarden_command.checking.source.holes import holes_in
from mailwarden_command.checking.source.nodes import Members

type ListOf = Callable[[PlannedResource, tuple[str | int, ...], str], str]

_OTHERS = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
_LISTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """The data source; ``known`` gives the text of a hole at a way, if its reference leads to one."""

    resource: PlannedResource
    known: ListOf

    def text(self) -> str | None:
        """The policy; None if it has other documents in it, or a part that is not known."""
        values = self.resource.values
        try:
            if any(texts_of(values, name) for name in _OTHERS):
                return None
            statements = [self._statement(each, at) for at, each in enumerate(parts_of(values, "statement"))]
            version = text_of(values, "version") or "2012-10-17"
        except NotKnown:
            return None
        return json.dumps({"Version": version, "Statement": statements}, ensure_ascii=False)

    def _statement(self, statement: Members, at: int) -> dict[str, object]:
        found: dict[str, object] = {"Effect": text_of(statement, "effect") or "Allow"}
        for name, member in _LISTS:
            texts = self._texts(statement, name, ("statement", at))
            if texts:
                found[member] = texts
        for name, member in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
            principals: dict[str, list[str]] = {}
            for number, each in enumerate(parts_of(statement, name)):
                whom = self._texts(each, "identifiers", ("statement", at, name, number))
                principals.setdefault(text_of(each, "type") or "*", []).extend(whom)
            if principals:
                found[member] = "*" if "*" in principals else principals
        conditions: dict[str, dict[str, list[str]]] = {}
        for number, each in enumerate(parts_of(statement, "condition")):
            values = self._texts(each, "values", ("statement", at, "condition", number))
            keys = conditions.setdefault(text_of(each, "test") or "", {})
            keys.setdefault(text_of(each, "variable") or "", []).extend(values)
        if conditions:
            found["Condition"] = conditions
        return found

    def _texts(self, members: Members, name: str, way: tuple[str | int, ...]) -> list[str]:
        texts = texts_of(members, name) or ()
        return [self.known(self.resource, (*way, name), text) if holes_in(text) else text for text in texts]
