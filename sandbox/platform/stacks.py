"""Makes CloudFormation answer about ownership as AWS does, and leaves the tags of user pools alone."""

from collections.abc import Callable, Mapping
from typing import Any


def install() -> None:
    """Wrap `handlers._describe_stack_resources`; take user pools out of `provisioners._STACK_TAG_PROPERTY`.

    The emulator cannot look a resource up by its physical id, and gives pools the tags of their stack, which AWS
    does not (measured; facts section 4). Wrap `iam_actions.extract_resource_arn`, too: a call that names no stack is
    authorized on all of them (`stack/*/*`, as in AWS's refusals), and not on no resource.
    """
    from ministack.core import iam_actions
    from ministack.services.cloudformation import handlers, provisioners

    resource_arn = iam_actions.extract_resource_arn

    def all_stacks(service: str, *request: Any) -> str:  # noqa: ANN401 - passed on
        found: str = resource_arn(service, *request)
        parameters, region, account = request[4:7]
        if service == "cloudformation" and handlers._p(parameters, "PhysicalResourceId") and found == "*":
            return f"arn:aws:cloudformation:{region}:{account}:stack/*/*"
        return found

    iam_actions.extract_resource_arn = all_stacks

    provisioners._STACK_TAG_PROPERTY.pop("AWS::Cognito::UserPool")
    describe = _by_physical_id(handlers._describe_stack_resources)
    handlers._describe_stack_resources = describe
    handlers._ACTION_HANDLERS["DescribeStackResources"] = describe


def _by_physical_id(describe: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    def described(parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
        from ministack.services.cloudformation import handlers

        physical_id = handlers._p(parameters, "PhysicalResourceId")
        if not physical_id:
            return describe(parameters)
        if handlers._p(parameters, "StackName"):
            message = "You must specify either StackName or PhysicalResourceId, but not both."
            return handlers._error("ValidationError", message)
        stack = _owner(physical_id)
        if stack is None:
            return handlers._error("ValidationError", f"Stack for {physical_id} does not exist")
        return describe({**parameters, "StackName": [stack["StackId"]]})

    return described


def _owner(physical_id: str) -> Mapping[str, Any] | None:
    """The stack of the caller's region that has the resource and was not deleted."""
    from ministack.services.cloudformation import _stacks

    for stack in _stacks.values():
        if stack.get("StackStatus") == "DELETE_COMPLETE":
            continue
        for resource in stack.get("_resources", {}).values():
            if (
                physical_id == resource.get("PhysicalResourceId")
                and resource.get("ResourceStatus") != "DELETE_COMPLETE"
            ):
                found: Mapping[str, Any] = stack
                return found
    return None
