"""The source of a resource: the infrastructure as code that sets it, so that a fix has to be made there.

What withholds a write because of its source is a message. It is made and read back here, so that alerts, answers and
the ledger hold the same words and the same facts.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from mailwarden.message import Message, message

_OWNED, _OWNED_SET, _DEPLOYED = "guard.owned", "guard.owned-set", "guard.deployed"
_STACK, _TOOL = "owner.stack", "deployment.tool"
_FORM, _LOGICAL_ID = "form", "logical_id"
_CDK_METADATA = "AWS::CDK::Metadata"
# CDK developer guide, "Identifiers": a logical ID ends in eight hexadecimal digits, a hash of the construct's path.
_CDK_LOGICAL_ID = re.compile(r".*[0-9A-F]{8}")
# Amplify Gen 2 deploys stacks with names amplify-<app>-<branch>-… (Amplify documentation, "Custom resources").
_AMPLIFY_STACK = "amplify-"


class SourceForm(StrEnum):
    """The languages in which a source is written."""

    CLOUDFORMATION = "cloudformation"
    CDK = "cdk"
    AMPLIFY = "amplify"
    TERRAFORM = "terraform"


_FORMS_BY_TOOL = {
    "cloudformation.amazonaws.com": SourceForm.CLOUDFORMATION,
    "serverless": SourceForm.CLOUDFORMATION,
    "terraform": SourceForm.TERRAFORM,
    "opentofu": SourceForm.TERRAFORM,
    "aws-cdk": SourceForm.CDK,
    "amplify": SourceForm.AMPLIFY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a resource is set; ``form`` and ``logical_id`` are None where they are not known."""

    form: SourceForm | None
    logical_id: str | None = None

    @property
    def forms(self) -> tuple[SourceForm, ...]:
        """Every language, the likeliest first."""
        first = self.form or SourceForm.CLOUDFORMATION
        return (first, *(form for form in SourceForm if form is not first))


def owner_stack(name: str, *, logical_id: str, types: Collection[str]) -> Message:
    """The stack that owns a resource with this logical id; *types* are the types of the stack's resources."""
    form = SourceForm.CLOUDFORMATION
    if name.startswith(_AMPLIFY_STACK):
        form = SourceForm.AMPLIFY
    elif _CDK_METADATA in types or _CDK_LOGICAL_ID.fullmatch(logical_id):
        form = SourceForm.CDK
    return message(_STACK, name=name, logical_id=logical_id, form=form.value)


def names_stack(owner: Message) -> bool:
    """Whether the owner is a stack that is known, and not a failure to ask for one."""
    return owner.id == _STACK


def owned_by(owner: Message) -> Message:
    """Nothing is written because infrastructure as code owns the resource."""
    return message(_OWNED, owner=owner)


def is_known(reason: Message) -> bool:
    """Whether a reason names a source, and not only a failure to find one."""
    owner = next((value for _, value in reason.args if isinstance(value, Message)), None)
    return source_in(reason) is not None and (reason.id == _DEPLOYED or (owner is not None and names_stack(owner)))


def may_be_known_later(reason: Message) -> bool:
    """Whether nothing is written because the question for the owner failed in a way that may pass."""
    return any(name == "owner" and isinstance(of, Message) and of.id == "owner.not-now" for name, of in reason.args)


def set_owned_by(owner: Message) -> Message:
    """A configuration set belongs to a source."""
    return message(_OWNED_SET, owner=owner)


def deployed_from(deployment: Message) -> Message:
    """Nothing is written because a deployment made the last change."""
    return message(_DEPLOYED, deployment=deployment)


def source_in(reason: Message | None) -> Source | None:
    """The source because of which nothing is written; None if that is not the reason."""
    if reason is None or reason.id not in {_OWNED, _OWNED_SET, _DEPLOYED}:
        return None
    owner = next((value for _, value in reason.args if isinstance(value, Message)), None)
    facts = {} if owner is None else {name: str(value) for name, value in owner.args}
    if owner is not None and owner.id == _STACK:
        known = facts.get(_FORM)
        # The ledger may hold what an earlier version stored.
        form = SourceForm(known) if known in set(SourceForm) else None
        return Source(form=form, logical_id=facts.get(_LOGICAL_ID) or None)
    return Source(form=_FORMS_BY_TOOL.get(facts.get("tool", "")))
