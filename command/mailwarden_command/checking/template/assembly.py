"""The environment of a stack in the CDK's output, from the ``manifest.json`` beside its template."""

import re
from pathlib import Path

from mailwarden_command.checking.source.json_nodes import json_tree
from mailwarden_command.checking.source.nodes import Members, NotReadable, Scalar

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
    artifacts = root.get("artifacts") if isinstance(root, Members) else None
    for artifact in artifacts.members.values() if isinstance(artifacts, Members) else ():
        properties = artifact.get("properties") if isinstance(artifact, Members) else None
        if isinstance(artifact, Members) and isinstance(properties, Members):
            found = _ENVIRONMENT.fullmatch(_text(artifact, "environment"))
            if found is not None and _text(properties, "templateFile") == template.name:
                account, region = found[1], found[2]
                return (
                    None if region.startswith("unknown-") else region,
                    account if _ACCOUNT.fullmatch(account) else None,
                )
    return None, None


def _text(members: Members, name: str) -> str:
    found = members.get(name)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else ""
