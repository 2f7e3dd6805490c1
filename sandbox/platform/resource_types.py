"""Knows the resource types that CloudFormation lacks in some regions, and refuses templates that name them there."""

from collections.abc import Callable, Mapping
from typing import Any

_SES_TYPES = frozenset({"AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination"})
WITHOUT_SES_TYPES = frozenset(
    {
        "ap-east-1",
        "ap-east-2",
        "ap-southeast-4",
        "ap-southeast-6",
        "ap-southeast-7",
        "eu-south-2",
        "mx-central-1",
    }
)
"""Source: CloudFormation's published schemas by region, as cfn-lint 1.58 has them."""


def install() -> None:
    """Wrap `validate_template_support` in `handlers` and `changesets`, and add the action DescribeType.

    A condition is no excuse for a type: AWS looks at types first, and ValidateTemplate has no parameters to evaluate
    a condition with (https://github.com/aws/aws-cli/issues/2684, https://github.com/aws/aws-cdk/issues/25634).
    """
    from ministack.services.cloudformation import changesets, handlers

    for module in (changesets, handlers):
        module.validate_template_support = _in_this_region(module.validate_template_support)
    handlers._ACTION_HANDLERS["DescribeType"] = _describe_type


def _unknown_here() -> frozenset[str]:
    from ministack.core.responses import get_region

    return _SES_TYPES if get_region() in WITHOUT_SES_TYPES else frozenset()


def _in_this_region(validate: Callable[..., None]) -> Callable[..., None]:
    def validated(template: Mapping[str, Any], *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        types = {str(resource.get("Type")) for resource in (template.get("Resources") or {}).values()}
        if unknown := sorted(types & _unknown_here()):
            raise ValueError(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
        validate(template, *arguments, **options)

    return validated


def _describe_type(parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
    from ministack.services.cloudformation import handlers, provisioners

    name = str(handlers._p(parameters, "TypeName"))
    if name in _unknown_here() or name not in provisioners._RESOURCE_HANDLERS:
        return handlers._error("TypeNotFoundException", f"The type '{name}' cannot be found.", 404)
    found = f"<TypeName>{name}</TypeName><Type>RESOURCE</Type><DeprecatedStatus>LIVE</DeprecatedStatus>"
    return handlers._xml(200, "DescribeTypeResponse", f"<DescribeTypeResult>{found}</DescribeTypeResult>")
