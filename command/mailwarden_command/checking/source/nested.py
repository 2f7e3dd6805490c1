"""The stacks that a template nests: their pools are in templates of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailwarden_command.checking.source.nodes import Members, Place, Scalar

# The member that names the template, by kind of resource.
_TEMPLATE = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
# Where the CDK notes the file of a nested stack (CDK API reference, cx-api, "ASSET_RESOURCE_METADATA_PATH_KEY").
_OF_CDK = "aws:asset:path"


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedStack:
    """A nested stack; ``template`` is its text in the source, empty for one that is known after a deployment only."""

    name: str
    place: Place
    template: str

    def is_among(self, files: frozenset[Path], *, beside: Path) -> bool:
        """Whether its template is one of these files, which are resolved; *beside* is the file that nests it."""
        return bool(self.template) and "://" not in self.template and (beside.parent / self.template).resolve() in files


def nested_stacks(root: Members) -> Iterator[NestedStack]:
    """The nested stacks of a template, under every condition."""
    resources = root.get("Resources")
    for name, resource in resources.members.items() if isinstance(resources, Members) else ():
        kind = _text(resource, "Type")
        if isinstance(resource, Members) and kind in _TEMPLATE:
            template = _text(resource.get("Metadata"), _OF_CDK) or _text(resource.get("Properties"), _TEMPLATE[kind])
            yield NestedStack(name=name, place=resource.place, template=template)


def _text(members: object, name: str) -> str:
    found = members.get(name) if isinstance(members, Members) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else ""
