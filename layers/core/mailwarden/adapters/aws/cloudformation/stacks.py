"""Finds the stack that owns a pool by its physical id, because CloudFormation does not put stack tags on user pools."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, may_pass, message_of
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef
from mailwarden.domain.repair.source import owner_stack
from mailwarden.message import message
from mailwarden.ports.repair.stacks import NotOwned, Owned, Ownership

DESCRIBE = "cloudformation:DescribeStackResources"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFormationStacks:
    """Implements the port ``Stacks`` with CloudFormation in the pool's region."""

    clients: Clients

    def owner_of(self, pool: PoolRef) -> Ownership:
        """The owner. Only CloudFormation's "does not exist" means that there is none; any other error means owned."""
        return self._owner(pool.region, pool.pool_id)

    def owner_of_set(self, ref: ConfigurationSetRef) -> Ownership:
        """The owner of a set, whose physical id is its name (resource specification, AWS::SES::ConfigurationSet)."""
        return self._owner(ref.region, ref.name)

    def _owner(self, region: str, physical_id: str) -> Ownership:
        try:
            client = self.clients.cloudformation(region)
            answer = client.describe_stack_resources(PhysicalResourceId=physical_id)
        except (ClientError, BotoCoreError) as error:
            # For a resource without a stack the error is a ValidationError "Stack for … does not exist"
            # (CloudFormation API reference, DescribeStackResources).
            if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
                return NotOwned()
            said = "owner.not-now" if may_pass(error) else "owner.unknown"
            return Owned(by=message(said, code=code_of(error)))
        resources = answer.get("StackResources", [])
        if not resources:
            return Owned(by=message("owner.no-stack-in-response"))
        # All resources of the stack are in the answer, up to 100 (API reference, DescribeStackResources).
        own = next((each for each in resources if each.get("PhysicalResourceId") == physical_id), None)
        return Owned(
            by=owner_stack(
                resources[0].get("StackName", ""),
                logical_id="" if own is None else own.get("LogicalResourceId", ""),
                types={each.get("ResourceType", "") for each in resources},
            )
        )
