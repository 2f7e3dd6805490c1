"""The permissions that the adapters need: the actions that each of them calls, and those that no call shows.

Resources are written as in the template, so that a test can hold the roles of the functions to exactly these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE

POOLS = "arn:${AWS::Partition}:cognito-idp:*:${AWS::AccountId}:userpool/*"
IDENTITIES = "arn:${AWS::Partition}:ses:*:${AWS::AccountId}:identity/*"
IP_POOLS = "arn:${AWS::Partition}:ses:*:${AWS::AccountId}:dedicated-ip-pool/*"
CONFIGURATION_SETS = "arn:${AWS::Partition}:ses:*:${AWS::AccountId}:configuration-set/*"
FUNCTIONS = "arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:function:*"
KEYS = "arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*"
STACKS = "arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/*"
ROLES = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"
SERVICE_ROLE = (
    f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/aws-service-role/{EMAIL_SERVICE}/{EMAIL_SERVICE_ROLE}"
)
# GetRole takes a name. Where no role has it there is no path either, and a policy that names only the path would turn
# "there is none" into "not allowed": the answer would be unknown just when it matters.
MISSING_SERVICE_ROLE = f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{EMAIL_SERVICE_ROLE}"
# An organization's trail is in the organization's management account, in any region.
TRAILS = "arn:${AWS::Partition}:cloudtrail:*:*:trail/*"
NO_RESOURCE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One action on one kind of resource.

    ``condition`` is what the statement must hold at least, in the form of IAM. ``dependent_on`` names the action whose
    call needs this one although no call of it is made, and ``source`` where AWS says so; both are empty for a call.
    """

    action: str
    resource: str
    condition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dependent_on: str = ""
    source: str = ""


_CREATE_EMAIL_ROLE = {"StringEquals": {"iam:AWSServiceName": EMAIL_SERVICE}}

READ_POOLS = (
    Permission(action="cognito-idp:DescribeUserPool", resource=POOLS),
    Permission(action="cognito-idp:GetUserPoolMfaConfig", resource=POOLS),
    Permission(action="cognito-idp:DescribeRiskConfiguration", resource=POOLS),
    # A domain is no resource of the Service Authorization Reference.
    Permission(action="cognito-idp:DescribeUserPoolDomain", resource=NO_RESOURCE),
)
READ_CUSTOM_SENDERS = (
    Permission(action="lambda:GetPolicy", resource=FUNCTIONS),
    Permission(action="kms:DescribeKey", resource=KEYS),
)
# The Service Authorization Reference lists no resource type for these two.
LIST_POOLS = (Permission(action="cognito-idp:ListUserPools", resource=NO_RESOURCE),)
LIST_APP_CLIENTS = (Permission(action="cognito-idp:ListUserPoolClients", resource=POOLS),)
READ_SES_ACCOUNTS = (Permission(action="ses:GetAccount", resource=NO_RESOURCE),)
READ_IDENTITIES = (Permission(action="ses:GetEmailIdentity", resource=IDENTITIES),)
READ_CONFIGURATION_SETS = (
    Permission(action="ses:GetConfigurationSet", resource=CONFIGURATION_SETS),
    Permission(action="ses:GetConfigurationSetEventDestinations", resource=CONFIGURATION_SETS),
    Permission(action="ses:GetDedicatedIpPool", resource=IP_POOLS),
)
READ_EMAIL_ROLE = (
    Permission(action="iam:GetRole", resource=SERVICE_ROLE),
    Permission(action="iam:GetRole", resource=MISSING_SERVICE_ROLE),
)
LOOKING = (
    *READ_POOLS,
    *READ_CUSTOM_SENDERS,
    *READ_IDENTITIES,
    *READ_CONFIGURATION_SETS,
    *READ_SES_ACCOUNTS,
    *READ_EMAIL_ROLE,
)
# CloudWatch has no resource for reading metrics; those of the suppression list take a tenant only, and Cognito's mail
# has none (Service Authorization Reference, Amazon CloudWatch and Amazon SES v2).
READ_FIGURES = (Permission(action="cloudwatch:GetMetricData", resource=NO_RESOURCE),)
LIST_SUPPRESSED = (Permission(action="ses:ListSuppressedDestinations", resource=NO_RESOURCE),)
LOOK_UP_SUPPRESSED = (Permission(action="ses:GetSuppressedDestination", resource=NO_RESOURCE),)
REMOVE_SUPPRESSED = (*LOOK_UP_SUPPRESSED, Permission(action="ses:DeleteSuppressedDestination", resource=NO_RESOURCE))
READ_STACKS = (Permission(action="cloudformation:DescribeStackResources", resource=STACKS),)
# LookupEvents has no resource type (Service Authorization Reference, AWS CloudTrail).
LOOK_UP_CALLS = (Permission(action="cloudtrail:LookupEvents", resource=NO_RESOURCE),)
# DescribeTrails has no resource type either.
READ_TRAILS = (
    Permission(action="cloudtrail:DescribeTrails", resource=NO_RESOURCE),
    Permission(action="cloudtrail:GetEventSelectors", resource=TRAILS),
    Permission(action="cloudtrail:GetTrailStatus", resource=TRAILS),
)

WRITE_POOLS = (
    Permission(action="cognito-idp:DescribeUserPool", resource=POOLS),
    Permission(action="cognito-idp:GetUserPoolMfaConfig", resource=POOLS),
    Permission(action="cognito-idp:UpdateUserPool", resource=POOLS),
    Permission(
        action="iam:PassRole",
        resource=ROLES,
        condition={"StringEquals": {"iam:PassedToService": "cognito-idp.amazonaws.com"}},
        dependent_on="cognito-idp:UpdateUserPool",
        source="CloudFormation registry schema of AWS::Cognito::UserPool, update handler: the pool's SMS role",
    ),
    Permission(
        action="iam:CreateServiceLinkedRole",
        resource=SERVICE_ROLE,
        condition=_CREATE_EMAIL_ROLE,
        dependent_on="cognito-idp:UpdateUserPool",
        source="Cognito developer guide, Using service-linked roles: created with the caller's rights for DEVELOPER",
    ),
)
# Of a sender of notices, on a person's order only.
WRITE_RISKS = (
    Permission(action="cognito-idp:DescribeRiskConfiguration", resource=POOLS),
    Permission(action="cognito-idp:SetRiskConfiguration", resource=POOLS),
)
WRITE_POLICIES = (
    Permission(action="ses:CreateEmailIdentityPolicy", resource=IDENTITIES),
    Permission(action="ses:GetEmailIdentity", resource=IDENTITIES),
    Permission(action="ses:UpdateEmailIdentityPolicy", resource=IDENTITIES),
)
# Only an undo takes a policy away, and it creates none.
UNDO_POLICIES = (
    Permission(action="ses:DeleteEmailIdentityPolicy", resource=IDENTITIES),
    Permission(action="ses:GetEmailIdentity", resource=IDENTITIES),
    Permission(action="ses:UpdateEmailIdentityPolicy", resource=IDENTITIES),
)
WRITE_EMAIL_ROLE = (
    *READ_EMAIL_ROLE,
    Permission(action="iam:CreateServiceLinkedRole", resource=SERVICE_ROLE, condition=_CREATE_EMAIL_ROLE),
)
