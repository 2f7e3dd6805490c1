"""CloudFormation in memory: which stack has which physical resource."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .wire import Answer, Request, xml_refusal


@dataclass(slots=True)
class CloudFormation:
    """Stack names by region and physical id, and by stack the types of its other resources."""

    stacks: dict[tuple[str, str], str] = field(default_factory=dict)
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    logical_id: str = "UserPool"

    def answer(self, request: Request) -> Answer:
        physical_id = parse_qs(request.body)["PhysicalResourceId"][0]
        name = self.stacks.get((request.region, physical_id))
        if name is None:
            return xml_refusal("ValidationError", f"Stack for {physical_id} does not exist")
        others = "".join(
            f"<member><StackName>{name}</StackName><LogicalResourceId>{kind[-8:]}</LogicalResourceId>"
            f"<ResourceType>{kind}</ResourceType></member>"
            for kind in self.others.get(name, ())
        )
        own = (
            f"<member><StackName>{name}</StackName><LogicalResourceId>{self.logical_id}</LogicalResourceId>"
            f"<PhysicalResourceId>{physical_id}</PhysicalResourceId>"
            "<ResourceType>AWS::Cognito::UserPool</ResourceType></member>"
        )
        return described(others + own)


def described(members: str) -> Answer:
    """An answer to DescribeStackResources."""
    result = f"<DescribeStackResourcesResult><StackResources>{members}</StackResources></DescribeStackResourcesResult>"
    return Answer(body=f"<DescribeStackResourcesResponse>{result}</DescribeStackResourcesResponse>")
