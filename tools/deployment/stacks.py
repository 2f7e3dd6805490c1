"""One CloudFormation stack: its state, a deployment through a change set, a preview, its end."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tools.deployment.template import parameters_of

# A stack that was never complete cannot be updated, and one that was half deleted neither.
NEVER_COMPLETE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
REMOVED_FIRST = NEVER_COMPLETE | {"DELETE_FAILED"}
# An update whose rollback failed goes on only after ContinueUpdateRollback.
STUCK = frozenset({"UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED"})

_GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"})
_NEW = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
# CloudFormation's two messages for an update without changes.
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_LONGEST_WAIT_SECONDS = 900.0


class StackFailed(Exception):
    """A stack did not reach its target state; the message gives the state and CloudFormation's first reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack as CloudFormation describes it."""

    name: str
    stack_id: str
    status: str
    reason: str
    tags: Mapping[str, str]
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A stack as it should be: parameters that its template does not declare are not sent."""

    name: str
    template: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    capabilities: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacks:
    """The stacks of one region, with the pause between two questions about a state."""

    cloudformation: Any
    poll_seconds: float

    def find(self, name: str) -> Stack | None:
        """The stack of a name, or None. Raises ClientError if it may not be read."""
        try:
            described = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return Stack(
            name=str(described["StackName"]),
            stack_id=str(described["StackId"]),
            status=str(described["StackStatus"]),
            reason=str(described.get("StackStatusReason", "")),
            tags={tag["Key"]: tag["Value"] for tag in described.get("Tags", ())},
            parameters={each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", ())},
            outputs={each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", ())},
        )

    def deploy(self, wanted: Wanted) -> str:
        """Create or update a stack; the state it ends in, or that there are no changes. Raises StackFailed."""
        change_set = self._change_set(wanted, self._ready(wanted.name))
        if not self._has_changes(wanted.name, change_set):
            self.cloudformation.delete_change_set(ChangeSetName=change_set)
            return "no changes"
        self.cloudformation.execute_change_set(ChangeSetName=change_set)
        return str(self.settled(wanted.name))

    def preview(self, wanted: Wanted) -> Sequence[str]:
        """The changes that a deployment would make, each resource in a line; nothing is left of the change set."""
        before = self.find(wanted.name)
        if before is not None and before.status in REMOVED_FIRST:
            return (f"the stack is {before.status}: it would be deleted and created again",)
        change_set = self._change_set(wanted, before)
        try:
            if not self._has_changes(wanted.name, change_set):
                return ()
            described = self.cloudformation.describe_change_set(ChangeSetName=change_set)
            return tuple(
                f"{each['ResourceChange']['Action']} {each['ResourceChange']['LogicalResourceId']} "
                f"({each['ResourceChange']['ResourceType']})"
                for each in described["Changes"]
            )
        finally:
            self.cloudformation.delete_change_set(ChangeSetName=change_set)
            if before is None or before.status in _NEW:
                self.remove(wanted.name)

    def remove(self, name: str) -> str:
        """Delete a stack; succeeds if there is none. Raises StackFailed if a resource could not be deleted."""
        found = self.find(name)
        if found is None:
            return "not there"
        if found.status.endswith("_IN_PROGRESS") and found.status != "REVIEW_IN_PROGRESS":
            self._until_final(name)
        self.cloudformation.delete_stack(StackName=name)
        # A deleted stack is found by its id only.
        return self.settled(found.stack_id) or "DELETE_COMPLETE"

    def settled(self, name: str) -> str | None:
        """Wait for the end of what CloudFormation does; raises StackFailed if it does not end well."""
        status = self._until_final(name)
        if status is None or status in _GOOD:
            return status
        raise StackFailed(f"{status}{self.first_failure(name)}")

    def rolled_back(self, name: str) -> str:
        """Wait for the end of a rollback; raises StackFailed if it failed again."""
        status = self._until_final(name)
        if status not in {"UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"}:
            raise StackFailed(f"{name} is {status}{self.first_failure(name)}")
        return status

    def first_failure(self, name: str) -> str:
        """The first reason that CloudFormation gave in the latest operation, to be appended to a state."""
        reasons = []
        for event in self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]:
            if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in event.get("ResourceStatusReason", ""):
                reasons.append(f": {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}")
            if event.get("PhysicalResourceId") == event["StackId"] and event.get("ResourceStatusReason") in {
                "User Initiated",
                "Transformation succeeded",
            }:
                break
        return reasons[-1] if reasons else ""

    def _ready(self, name: str) -> Stack | None:
        found = self.find(name)
        if found is not None and found.status.endswith("_IN_PROGRESS") and found.status != "REVIEW_IN_PROGRESS":
            self._until_final(name)
            found = self.find(name)
        if found is not None and found.status in REMOVED_FIRST:
            self.remove(name)
            return None
        if found is not None and found.status in STUCK:
            raise StackFailed(f"{found.status}: roll it back first (make rollback)")
        return found

    def _change_set(self, wanted: Wanted, found: Stack | None) -> str:
        return str(
            self.cloudformation.create_change_set(
                StackName=wanted.name,
                ChangeSetName=f"mailwarden-{time.time_ns()}",
                ChangeSetType="CREATE" if found is None or found.status in _NEW else "UPDATE",
                TemplateBody=wanted.template,
                Capabilities=list(wanted.capabilities),
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": wanted.parameters[name]}
                    for name in parameters_of(wanted.template)
                    if name in wanted.parameters
                ],
                Tags=[{"Key": key, "Value": value} for key, value in wanted.tags.items()],
            )["Id"]
        )

    def _has_changes(self, name: str, change_set: str) -> bool:
        for _ in self._moments():
            described = self.cloudformation.describe_change_set(ChangeSetName=change_set)
            reason = described.get("StatusReason", "")
            if described["Status"] == "CREATE_COMPLETE":
                return True
            if described["Status"] == "FAILED":
                if any(words in reason for words in _NO_CHANGES):
                    return False
                raise StackFailed(reason)
        raise StackFailed(f"the change set of {name} was not ready in time")

    def _until_final(self, name: str) -> str | None:
        for _ in self._moments():
            found = self.find(name)
            if found is None:
                return None
            if not found.status.endswith("_IN_PROGRESS"):
                return found.status
        raise StackFailed(f"{name} did not settle in time")

    def _moments(self) -> Iterator[float]:
        end = time.monotonic() + _LONGEST_WAIT_SECONDS
        while (now := time.monotonic()) < end:
            yield now
            time.sleep(self.poll_seconds)
