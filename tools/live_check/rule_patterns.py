"""The event patterns of regions.yaml, as CloudFormation deploys them for an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parents[2] / "regions.yaml"
_ACCOUNT = "AWS::AccountId"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePattern:
    """One rule for calls: its pattern, its state, and the calls that it matches."""

    name: str
    pattern: Mapping[str, Any]
    state: str

    def matches(self, source: str, operation: str) -> bool:
        """Whether the rule is for a call that succeeded."""
        detail = self.pattern["detail"]
        succeeded = detail.get("errorCode") == [{"exists": False}]
        return succeeded and source in self.pattern["source"] and operation in detail["eventName"]


class _Loader(yaml.SafeLoader):
    """A loader that keeps the argument of an intrinsic function."""


def _argument(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _argument)


def rule_patterns(account: str, template: Path = TEMPLATE) -> tuple[RulePattern, ...]:
    """The rules of the template that match API calls."""
    document = yaml.load(template.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    return tuple(
        RulePattern(
            name=name,
            pattern=_of_account(each["Properties"]["EventPattern"], account),
            state=each["Properties"].get("State", "ENABLED"),
        )
        for name, each in document["Resources"].items()
        if each["Type"] == "AWS::Events::Rule" and "eventName" in each["Properties"]["EventPattern"].get("detail", {})
    )


def _of_account(value: Any, account: str) -> Any:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            return {key: _of_account(each, account) for key, each in value.items()}
        case list():
            return [_of_account(each, account) for each in value]
        case _:
            return account if value == _ACCOUNT else value
