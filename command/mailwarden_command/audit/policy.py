"""The smallest IAM policy with which an audit can read everything, from the actions that rules and adapters declare."""

from collections.abc import Iterable, Mapping

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE

# By action, in the form of IAM; an action without a resource type has "*" (Service Authorization Reference).
_RESOURCES: Mapping[str, tuple[str, ...]] = {
    "cloudformation:DescribeStackResources": ("arn:{partition}:cloudformation:*:{account}:stack/*",),
    "cognito-idp:DescribeRiskConfiguration": ("arn:{partition}:cognito-idp:*:{account}:userpool/*",),
    "cognito-idp:DescribeUserPool": ("arn:{partition}:cognito-idp:*:{account}:userpool/*",),
    "cognito-idp:GetUserPoolMfaConfig": ("arn:{partition}:cognito-idp:*:{account}:userpool/*",),
    "cognito-idp:DescribeUserPoolDomain": ("*",),
    "cognito-idp:ListUserPools": ("*",),
    "cloudwatch:GetMetricData": ("*",),
    "iam:GetRole": (
        # Where no role has this name, IAM asks for the name without the path.
        f"arn:{{partition}}:iam::{{account}}:role/{EMAIL_SERVICE_ROLE}",
        f"arn:{{partition}}:iam::{{account}}:role/aws-service-role/{EMAIL_SERVICE}/{EMAIL_SERVICE_ROLE}",
    ),
    "kms:DescribeKey": ("arn:{partition}:kms:*:{account}:key/*",),
    "organizations:ListAccounts": ("*",),
    "lambda:GetPolicy": ("arn:{partition}:lambda:*:{account}:function:*",),
    "ses:GetAccount": ("*",),
    "ses:GetConfigurationSet": ("arn:{partition}:ses:*:{account}:configuration-set/*",),
    "ses:GetConfigurationSetEventDestinations": ("arn:{partition}:ses:*:{account}:configuration-set/*",),
    "ses:GetDedicatedIpPool": ("arn:{partition}:ses:*:{account}:dedicated-ip-pool/*",),
    "ses:GetEmailIdentity": ("arn:{partition}:ses:*:{account}:identity/*",),
    "sts:AssumeRole": ("arn:{partition}:iam::*:role/{role}",),
}


def policy_document(
    actions: Iterable[str], *, partition: str = "aws", account: str = "*", role_name: str = "*"
) -> JsonDocument:
    """The policy for *actions*, one statement for each set of resources; raises KeyError for an unknown action.

    *role_name* is the role that may be assumed in other accounts.
    """
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(set(actions)):
        by_resources.setdefault(_RESOURCES[action], []).append(action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Audit{number}",
                "Effect": "Allow",
                "Action": list(named),
                "Resource": [each.format(partition=partition, account=account, role=role_name) for each in resources],
            }
            for number, (resources, named) in enumerate(by_resources.items(), start=1)
        ],
    }
