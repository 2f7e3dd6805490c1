"""The members that AWS sends in every answer: one that is not there is no fact, such as "no policies".

The service models require hardly any of them. AWS sends these even when they are empty or false, as its own examples
of answers show: an identity without policies has ``"Policies": {}``, a pool without triggers ``"LambdaConfig": {}``
(SES v2 and Cognito API references, AWS CLI reference). A member that AWS leaves out when it is not set, such as
``ConfigurationSetName``, is not among them. Nor is one that is empty in a sound account, if no answer is known that
shows it empty: to miss it there would make the whole reading unknown, and alert about nothing.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

# By operation, the paths in the answer: ``[]`` means every element of a list.
ALWAYS_SENT: Mapping[str, tuple[str, ...]] = {
    "DescribeKey": ("KeyMetadata", "KeyMetadata.KeyState"),
    "DescribeRiskConfiguration": ("RiskConfiguration",),
    "DescribeTrails": (
        "trailList",
        "trailList[].HasCustomEventSelectors",
        "trailList[].HomeRegion",
        "trailList[].IncludeGlobalServiceEvents",
        "trailList[].IsMultiRegionTrail",
        "trailList[].IsOrganizationTrail",
        "trailList[].TrailARN",
    ),
    "DescribeUserPool": (
        "UserPool",
        # Empty in a pool that was never given a sender, and still there.
        "UserPool.EmailConfiguration",
        "UserPool.LambdaConfig",
        "UserPool.LastModifiedDate",
        "UserPool.UserPoolTags",
    ),
    # A domain that does not exist is described by nothing at all.
    "DescribeUserPoolDomain": ("DomainDescription",),
    "GetAccount": (
        "EnforcementStatus",
        "ProductionAccessEnabled",
        "SendQuota.Max24HourSend",
        "SendQuota.SentLast24Hours",
        "SendingEnabled",
    ),
    "GetConfigurationSet": ("SendingOptions.SendingEnabled",),
    # Not the list itself: a set without destinations may lack it.
    "GetConfigurationSetEventDestinations": (
        "EventDestinations[].Enabled",
        "EventDestinations[].MatchingEventTypes",
        "EventDestinations[].Name",
    ),
    "GetEmailIdentity": (
        "DkimAttributes.SigningEnabled",
        "DkimAttributes.Status",
        "FeedbackForwardingStatus",
        # The only one of the attributes without a custom domain.
        "MailFromAttributes.BehaviorOnMxFailure",
        "Policies",
        "Tags",
        "Tags[].Key",
        "Tags[].Value",
        "VerificationStatus",
        "VerifiedForSendingStatus",
    ),
    "GetEventSelectors": ("EventSelectors[].IncludeManagementEvents", "EventSelectors[].ReadWriteType"),
    "GetMetricData": (
        "MetricDataResults",
        "MetricDataResults[].Id",
        "MetricDataResults[].StatusCode",
    ),
    "GetPolicy": ("Policy",),
    "GetRole": ("Role", "Role.Path"),
    "GetSuppressedDestination": (
        "SuppressedDestination",
        "SuppressedDestination.LastUpdateTime",
        "SuppressedDestination.Reason",
    ),
    "GetTrailStatus": ("IsLogging",),
    "GetUserPoolMfaConfig": ("MfaConfiguration",),
    "ListSuppressedDestinations": (
        "SuppressedDestinationSummaries[].LastUpdateTime",
        "SuppressedDestinationSummaries[].Reason",
    ),
    "ListUserPoolClients": ("UserPoolClients", "UserPoolClients[].ClientId"),
    "ListUserPools": ("UserPools", "UserPools[].Id"),
    "LookupEvents": ("Events", "Events[].CloudTrailEvent"),
}


def missing_member(operation: str, document: Mapping[str, object]) -> str | None:
    """The path of the first member that an answer in JSON should have and has not; null is not a value."""
    always = ALWAYS_SENT.get(operation, ())
    return next((path for path in always if not _has(document, path.split("."))), None)


def missing_element(operation: str, document: ET.Element) -> str | None:
    """As ``missing_member``, for an answer in XML, whose result is inside another element."""
    always = ALWAYS_SENT.get(operation, ())
    return next((path for path in always if document.find(_steps_to(path)) is None), None)


def _has(value: object, steps: list[str]) -> bool:
    step, *rest = steps
    name = step.removesuffix("[]")
    member = value.get(name) if isinstance(value, Mapping) else None
    if name != step:
        # A list that may be left out has a path of its own if it may not.
        return member is None or (isinstance(member, list) and all(_has(each, rest) for each in member))
    return member is not None and (not rest or _has(member, rest))


def _steps_to(path: str) -> str:
    return ".//" + "/".join(f"{{*}}{step}" for step in path.split("."))
