"""Lists the accounts of an organization, and names the role to assume in each."""

from dataclasses import dataclass

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.response_bodies import refuse_broken_bodies

LIST_ACCOUNTS = "organizations:ListAccounts"
# Any region leads to the one endpoint of its partition.
_ANY_REGION = "us-east-1"
_PATIENT = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 8})
_ACTIVE = "ACTIVE"


class NotListed(Exception):
    """The accounts cannot be listed; the message has the reason, and who may list them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An account of the organization; only an active one can be entered."""

    account: str
    name: str
    state: str

    @property
    def is_active(self) -> bool:
        """Whether its roles can be assumed."""
        return self.state == _ACTIVE


def members_of(session: Session) -> tuple[Member, ...]:
    """All accounts, that of the management included, in the order of their ids; raises NotListed.

    A page may be empty although others follow (Organizations API reference, ListAccounts).
    """
    try:
        client = session.client("organizations", region_name=session.region_name or _ANY_REGION, config=_PATIENT)
        refuse_broken_bodies(client.meta)
        listed = [
            each for page in client.get_paginator("list_accounts").paginate() for each in page.get("Accounts", [])
        ]
    except (BotoCoreError, ClientError) as error:
        raise NotListed(_reason(error)) from error
    # "State" replaces "Status" (Organizations API reference, Account); a value that neither has is not active.
    members = (
        Member(
            account=each["Id"],
            name=each.get("Name", ""),
            state=str(each.get("State") or each.get("Status") or "unknown"),
        )
        for each in listed
    )
    return tuple(sorted(members, key=lambda member: member.account))


def role_arn(partition: str, account: str, role_name: str) -> str:
    """The ARN of a role, whose name may follow a path."""
    return f"arn:{partition}:iam::{account}:role/{role_name.lstrip('/')}"


def _reason(error: BotoCoreError | ClientError) -> str:
    match code_of(error):
        case "AWSOrganizationsNotInUseException":
            return "the account of the caller belongs to no organization: leave --organization out"
        case "AccessDenied":
            return (
                f"AWS refused {LIST_ACCOUNTS}. The management account may call it, and an account that is the"
                " organization's delegated administrator for a service; the caller needs the permission there"
            )
        case _:
            return f"{LIST_ACCOUNTS}: {error}"
