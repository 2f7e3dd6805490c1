"""The environment of a stack in the CDK's output, from the ``manifest.json`` beside its template."""

import re
from collections.abc import Iterator
from pathlib import Path

from mailwarden_command.checking.source.json_nodes import json_tree
from mailwarden_command.checking.source.nodes import Members, Node, NotReadable, Scalar

# "aws://111122223333/eu-west-1" (CDK API reference, cloud-assembly-schema, "environment").
_ENVIRONMENT = re.compile(r"aws://([^/]*)/([^/]*)")
_ACCOUNT = re.compile(r"[0-9]{12}")
_LONGEST = 16 * 1024 * 1024


def environment_of(template: Path) -> tuple[str | None, str | None]:
    """The region and the account that the CDK was given for a template; None for what it was not given."""
    manifest = template.parent / "manifest.json"
    try:
        if manifest.stat().st_size > _LONGEST:
            return None, None
        root = json_tree(manifest.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NotReadable):
        return None, None
    environments = dict(_environments(root))
    # A nested stack is no artifact; it is deployed where its parent is.
    of_all = set(environments.values())
    environment = environments.get(template.name) or (of_all.pop() if len(of_all) == 1 else "")
    found = _ENVIRONMENT.fullmatch(environment)
    if found is None:
        return None, None
    account, region = found[1], found[2]
    return None if region.startswith("unknown-") else region, account if _ACCOUNT.fullmatch(account) else None


def _environments(root: Node) -> Iterator[tuple[str, str]]:
    """The file of each stack's template, and its environment."""
    artifacts = root.get("artifacts") if isinstance(root, Members) else None
    for artifact in artifacts.members.values() if isinstance(artifacts, Members) else ():
        properties = artifact.get("properties") if isinstance(artifact, Members) else None
        if isinstance(artifact, Members) and isinstance(properties, Members):
            file, environment = _text(properties, "templateFile"), _text(artifact, "environment")
            if file and environment:
                yield file, environment


def _text(members: Members, name: str) -> str:
    found = members.get(name)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else ""
