"""Why the judge's answer may differ from ours where AWS's documentation agrees with ours; each has a written case.

``tests/unit/cases/policy`` holds the cases, by the names below.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.judge.comparison import Compared
from benchmarks.judge.questions import ROLE

IAM_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The judge's behavior and the documented one, with AWS's page and the written case (a file and a name)."""

    text: str
    page: str
    case: tuple[str, str]


EXPLANATIONS: Mapping[str, Explanation] = {
    "variable in an old version": Explanation(
        text="The judge takes `${…}` for a variable in every version. Without Version 2012-10-17 it is literal text.",
        page=f"{IAM_GUIDE}reference_policies_variables.html",
        case=("variables", "in the old version it is text"),
    ),
    "role without its path": Explanation(
        text="The judge compares the names of roles only. The ARN of a role contains its path.",
        page=f"{IAM_GUIDE}reference_identifiers.html",
        case=("role", "the role without its path is another role"),
    ),
    "resource that is no ARN": Explanation(
        text="The judge does not compare the first part of a resource. An ARN begins with `arn`.",
        page=f"{IAM_GUIDE}reference_policies_elements_resource.html",
        case=("resources", "a first part that is not arn"),
    ),
}


def explanation(found: Compared) -> str | None:
    """The name of the explanation of a difference; None if there is none."""
    statements = [statement for policy in found.question.policies for statement in _statements(policy)]
    if any(
        "${" in json.dumps(_statements(policy)) and policy.get("Version") != "2012-10-17"
        for policy in found.question.policies
    ):
        return "variable in an old version"
    if found.question.mode == "role" and any(_names_without_path(statement) for statement in statements):
        return "role without its path"
    resources = [text for statement in statements for text in _texts(statement.get("Resource", []))]
    if any(text != "*" and not text.startswith("arn:") for text in resources):
        return "resource that is no ARN"
    return None


def _statements(policy: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    statements = policy["Statement"]
    return statements if isinstance(statements, list) else [statements]  # type: ignore[list-item]


def _names_without_path(statement: Mapping[str, object]) -> bool:
    name = f"role/{ROLE.rpartition('/')[2]}"
    return any(text.endswith(name) and text != ROLE for text in _texts(statement.get("Principal", [])))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for inner in value:
                yield from _texts(inner)
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case _:
            return
