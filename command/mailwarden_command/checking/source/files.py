"""Finds and reads the files that a check is about: templates, plans, and the output of the CDK."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mailwarden_command.checking.source.holes import without_holes
from mailwarden_command.checking.source.json_nodes import json_tree
from mailwarden_command.checking.source.nodes import Members, Node, NotReadable
from mailwarden_command.checking.source.yaml_nodes import yaml_tree
from mailwarden_command.text_files import NotText, text_of

# CloudFormation takes templates of up to 1 MB (CloudFormation user guide, "Understand CloudFormation quotas").
_LONGEST_YAML = 4 * 1024 * 1024
_LONGEST = 32 * 1024 * 1024
_CDK = "*.template.json"


class SourceKind(Enum):
    """The kinds of file."""

    TEMPLATE = auto()
    PLAN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was read; ``path`` is as the caller named it."""

    path: Path
    kind: SourceKind
    root: Members


def named_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files: those that are named, and in a folder every template that the CDK wrote, at any depth.

    Raises NotReadable for a folder without one.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.rglob(_CDK))
        if not found:
            raise NotReadable(f"the folder has no {_CDK}: is it the output of cdk synth?")
        yield from found


def read_file(path: Path) -> SourceFile:
    """Read a template or a plan; raises NotReadable, and OSError."""
    with path.open("rb") as file:
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise NotReadable(f"it has more than {_LONGEST // 1024 // 1024} MB")
    root = _tree(content)
    kind = _kind(root)
    if not isinstance(root, Members) or kind is None:
        raise NotReadable(_unlike(root), root.place)
    return SourceFile(path=path, kind=kind, root=root)


def _tree(content: bytes) -> Node:
    text = without_holes(_text(content))
    if text.lstrip().startswith(("{", "[")):
        return json_tree(text)
    if len(content) > _LONGEST_YAML:
        raise NotReadable(f"it is YAML of more than {_LONGEST_YAML // 1024 // 1024} MB")
    return yaml_tree(text)


def _text(content: bytes) -> str:
    try:
        return text_of(content)
    except NotText as error:
        raise NotReadable(str(error)) from None


def _kind(root: Node) -> SourceKind | None:
    if not isinstance(root, Members):
        return None
    if isinstance(root.get("Resources"), Members):
        return SourceKind.TEMPLATE
    if "format_version" in root.members and "resource_changes" in root.members:
        return SourceKind.PLAN
    return None


def _unlike(root: Node) -> str:
    if isinstance(root, Members) and "format_version" in root.members:
        return "it has no resource_changes: terraform show -json prints a plan only if it is given the plan's file"
    if isinstance(root, Members) and "terraform_version" in root.members:
        return "it is a state of Terraform and no plan"
    return "it is neither a template, which has Resources, nor a plan, which has resource_changes"
