"""Finds the stack that owns a pool by its physical id, because CloudFormation does not put stack tags on user pools."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, message_of
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import message
from mailwarden.ports.repair.stacks import NotOwned, Owned, Ownership

DESCRIBE = "cloudformation:DescribeStackResources"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFormationStacks:
    """Implements the port ``Stacks`` with CloudFormation in the pool's region."""

    clients: Clients

    def owner_of(self, pool: PoolRef) -> Ownership:
        """The owner. Only CloudFormation's "does not exist" means that there is none; any other error means owned."""
        try:
            client = self.clients.cloudformation(pool.region)
            answer = client.describe_stack_resources(PhysicalResourceId=pool.pool_id)
        except (ClientError, BotoCoreError) as error:
            # For a resource without a stack the error is a ValidationError "Stack for … does not exist"
            # (CloudFormation API reference, DescribeStackResources).
            if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
                return NotOwned()
            return Owned(by=message("owner.unknown", code=code_of(error)))
        for resource in answer.get("StackResources", []):
            return Owned(by=message("owner.stack", name=resource.get("StackName", "")))
        return Owned(by=message("owner.no-stack-in-response"))
