"""How the written cases of the rules tell of readings that only some pools and sets need."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.readings import (
    CustomSender,
    DedicatedIpPool,
    LinkDomain,
    Missing,
    RoleReading,
    ServiceLinkedRole,
    ThreatNotices,
    Unreadable,
)
from tests.builders import ACCOUNT, unread

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


def second_factor(told: bool | str, region: str) -> bool | Unreadable:
    return unread("cognito-idp:GetUserPoolMfaConfig", region, reason=told) if isinstance(told, str) else told


def first_factor(told: bool | str, region: str) -> bool | Unreadable:
    return unread("cognito-idp:DescribeUserPool", region, reason=told) if isinstance(told, str) else told


def threat_notices(told: Mapping[str, str] | str, region: str) -> ThreatNotices | Unreadable:
    if isinstance(told, str):
        return unread("cognito-idp:DescribeRiskConfiguration", region, reason=told)
    return ThreatNotices(source_arn=told["SourceArn"], from_address=told.get("From"), reply_to=told.get("ReplyTo"))


def link_domain(told: str, region: str) -> LinkDomain | Unreadable:
    match told:
        case option if option.startswith("by "):
            return unread("cognito-idp:DescribeUserPool", region, reason="UnexpectedResponse")
        case "none":
            return LinkDomain(name=None)
        case "prefix":
            return LinkDomain(name="shop")
        case "" | "ACTIVE" | "CREATING" | "UPDATING" | "DELETING" | "FAILED":
            return LinkDomain(name="auth.example.com", custom_status=told)
        case reason:
            refused = unread("cognito-idp:DescribeUserPoolDomain", region, reason=reason)
            return LinkDomain(name="auth.example.com", custom_status=refused)


def ip_pool(told: Mapping[str, str], region: str) -> DedicatedIpPool | None:
    known = {"there": True, "gone": False}
    for name, state in told.items():
        refused = unread("ses:GetDedicatedIpPool", region, reason=state)
        return DedicatedIpPool(name=name, exists=known.get(state, refused))
    return None


def delivery_failures(told: Mapping[str, Any]) -> DeliveryFailures:
    return DeliveryFailures(
        first=datetime.fromisoformat(told["first"]),
        last=datetime.fromisoformat(told["last"]),
        number=told["number"],
        last_call="SignUp",
        last_code="InvalidEmailRoleAccessPolicyException",
        at_daily_limit=datetime.fromisoformat(told["at_daily_limit"]) if "at_daily_limit" in told else None,
    )


def custom_sender(pool: Mapping[str, Any]) -> CustomSender:
    told, function = pool["custom_sender"], pool["custom_sender_lambda"]
    policy, key = told["policy"], told["key"]
    return CustomSender(
        function_arn=function,
        policy=json.dumps(policy) if isinstance(policy, dict) else _absent(policy, function, "lambda:GetPolicy"),
        key_arn=None if key is None else KEY,
        key_state=_absent(key, KEY, "kms:DescribeKey") if key in {"missing", "AccessDenied"} else key,
    )


def _absent(told: str, arn: str, action: str) -> Missing | Unreadable:
    return Missing(arn=arn) if told == "missing" else unread(action, reason=told)


def role(told: str) -> RoleReading:
    return ServiceLinkedRole(told) if told in set(ServiceLinkedRole) else unread("iam:GetRole", reason=told)
