"""CloudFormation in memory: which stack has which physical resource."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .wire import Answer, Request, xml_refusal


@dataclass(slots=True)
class CloudFormation:
    """Stack names by region and physical id."""

    stacks: dict[tuple[str, str], str] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        physical_id = parse_qs(request.body)["PhysicalResourceId"][0]
        name = self.stacks.get((request.region, physical_id))
        if name is None:
            return xml_refusal("ValidationError", f"Stack for {physical_id} does not exist")
        return described(f"<member><StackName>{name}</StackName></member>")


def described(members: str) -> Answer:
    """An answer to DescribeStackResources."""
    result = f"<DescribeStackResourcesResult><StackResources>{members}</StackResources></DescribeStackResourcesResult>"
    return Answer(body=f"<DescribeStackResourcesResponse>{result}</DescribeStackResourcesResponse>")
