"""Cognito's user pools in memory, with the resets of UpdateUserPool: omitted members fall back to a default.

Written against what was measured of the service and, where nothing was, assuming a reset. It shares no code with the
product: the product's assumptions about UpdateUserPool are tested against this.
"""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .wire import Answer, Request, refusal

type Pool = dict[str, object]

# Left out, these stay as they are; everything else is reset.
KEPT = frozenset({"MfaConfiguration", "Policies", "UserPoolTier", "Name"})
DESCRIBED_ONLY = frozenset(
    {
        "Id",
        "Arn",
        "Status",
        "LastModifiedDate",
        "CreationDate",
        "SchemaAttributes",
        "AliasAttributes",
        "UsernameAttributes",
        "UsernameConfiguration",
        "EstimatedNumberOfUsers",
        "SmsConfigurationFailure",
        "EmailConfigurationFailure",
        "Domain",
        "CustomDomain",
    },
)
DEFAULTS: Mapping[str, object] = {
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "UserPoolTags": {},
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
}
TEMPLATE_OF = {
    "SmsVerificationMessage": "SmsMessage",
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
}
RISK_PARTS = (
    "AccountTakeoverRiskConfiguration",
    "CompromisedCredentialsRiskConfiguration",
    "RiskExceptionConfiguration",
)


class Invalid(Exception):
    """Refused with InvalidParameterException, or with the code given second."""


def mirror(pool: Pool) -> None:
    """The older members repeat the newer ones."""
    template = _dictionary(pool.get("VerificationMessageTemplate"))
    for older, newer in TEMPLATE_OF.items():
        if newer in template:
            pool[older] = template[newer]
    days = temporary_validity(pool)
    admin = pool.get("AdminCreateUserConfig")
    if days is not None and isinstance(admin, dict):
        admin["UnusedAccountValidityDays"] = days


def temporary_validity(pool: Mapping[str, object]) -> object:
    """PasswordPolicy.TemporaryPasswordValidityDays, or None."""
    return _dictionary(_dictionary(pool.get("Policies")).get("PasswordPolicy")).get("TemporaryPasswordValidityDays")


@dataclass(slots=True)
class Cognito:
    """Pools and their MFA configuration by id.

    ``disturbed_by`` may change both after each update; ``shows_as_null`` are members described as null where absent,
    and ``shows_beside`` what an answer to DescribeUserPool has beside the pool.
    """

    pools: dict[str, Pool] = field(default_factory=dict)
    mfa: dict[str, dict[str, object]] = field(default_factory=dict)
    updates: list[dict[str, object]] = field(default_factory=list)
    disturbed_by: Callable[[Pool, dict[str, object]], object] | None = None
    shows_as_null: frozenset[str] = frozenset()
    shows_beside: Mapping[str, object] = field(default_factory=dict)
    domains: dict[str, dict[str, object]] = field(default_factory=dict)
    risk: dict[str, dict[str, object]] = field(default_factory=dict)
    risk_disturbed_by: Callable[[dict[str, object]], object] | None = None

    def put(self, pool: Pool, mfa: dict[str, object] | None = None) -> None:
        self.pools[str(pool["Id"])] = pool
        self.mfa[str(pool["Id"])] = mfa if mfa is not None else {"MfaConfiguration": "OFF"}

    def answer(self, request: Request) -> Answer:
        body = json.loads(request.body)
        if request.operation == "ListUserPools":
            return self._list(body)
        if request.operation == "DescribeUserPoolDomain":
            # A domain that does not exist is no error.
            return Answer(body={"DomainDescription": self.domains.get(body["Domain"], {})})
        pool = self.pools.get(body["UserPoolId"])
        if pool is None:
            return refusal("ResourceNotFoundException", f"User pool {body['UserPoolId']} does not exist.")
        match request.operation:
            case "DescribeUserPool":
                described = dict.fromkeys(self.shows_as_null) | copy.deepcopy(pool)
                return Answer(body={"UserPool": described, **self.shows_beside})
            case "DescribeRiskConfiguration":
                held = self.risk.get(body["UserPoolId"], {})
                return Answer(body={"RiskConfiguration": {"UserPoolId": body["UserPoolId"], **held}})
            case "SetRiskConfiguration":
                # Replaced whole: a part that is left out is gone. AWS does not document that; this assumes the worst.
                parts = {name: body[name] for name in RISK_PARTS if name in body}
                self.risk[body["UserPoolId"]] = parts
                if self.risk_disturbed_by is not None:
                    self.risk_disturbed_by(parts)
                return Answer(body={"RiskConfiguration": {"UserPoolId": body["UserPoolId"], **parts}})
            case "GetUserPoolMfaConfig":
                return Answer(body=copy.deepcopy(self.mfa[body["UserPoolId"]]))
            case "UpdateUserPool":
                return self._update(pool, body)
            case other:
                raise AssertionError(f"{other} is not expected here")

    def _list(self, body: Mapping[str, object]) -> Answer:
        ids = sorted(self.pools)
        start = int(str(body.get("NextToken", 0)))
        size = int(str(body["MaxResults"]))
        following = {"NextToken": str(start + size)} if start + size < len(ids) else {}
        pools = [{"Id": pool_id, "Name": pool_id} for pool_id in ids[start : start + size]]
        return Answer(body={"UserPools": pools, **following})

    def _update(self, pool: Pool, body: dict[str, object]) -> Answer:
        self.updates.append(copy.deepcopy(body))
        sent = {("Name" if name == "PoolName" else name): value for name, value in body.items() if name != "UserPoolId"}
        try:
            _validate(pool, sent)
        except Invalid as invalid:
            code = invalid.args[1] if len(invalid.args) > 1 else "InvalidParameterException"
            return refusal(code, str(invalid.args[0]))
        mfa = self.mfa[str(pool["Id"])]
        if "MfaConfiguration" in sent and "SmsConfiguration" in sent:
            mfa["SmsMfaConfiguration"] = {"SmsConfiguration": sent["SmsConfiguration"]}
        updated = {name: value for name, value in pool.items() if name in DESCRIBED_ONLY | KEPT}
        updated |= copy.deepcopy(dict(DEFAULTS)) | copy.deepcopy(sent)
        _keep_policies_left_out(pool, updated)
        _keep_system_tags(pool, updated)
        mirror(updated)
        pool.clear()
        pool.update(updated)
        pool["LastModifiedDate"] = float(str(pool["LastModifiedDate"])) + 1.5
        pool["EstimatedNumberOfUsers"] = int(str(pool.get("EstimatedNumberOfUsers", 0))) + 1
        if self.disturbed_by is not None:
            self.disturbed_by(pool, mfa)
        return Answer(body={})


def _validate(pool: Pool, sent: dict[str, object]) -> None:
    email = _dictionary(sent.get("EmailConfiguration"))
    if email.get("EmailSendingAccount") == "DEVELOPER":
        if "SourceArn" not in email:
            raise Invalid("SourceArn is required for DEVELOPER")
    elif "From" in email:
        raise Invalid("Cannot configure From email address for default email configuration")
    if any(key.startswith("aws:") for key in _dictionary(sent.get("UserPoolTags"))):
        raise Invalid("aws: prefixed tag key names are not allowed", "UserPoolTaggingException")
    for empty in ("SmsConfiguration", "UserPoolAddOns"):
        if sent.get(empty) == {}:
            raise Invalid(f"{empty} must not be empty")
    _validate_validity(pool, sent)
    _validate_verification(sent)


def _validate_validity(pool: Pool, sent: dict[str, object]) -> None:
    unused = "UnusedAccountValidityDays" in _dictionary(sent.get("AdminCreateUserConfig"))
    if unused and (temporary_validity(sent) is not None or temporary_validity(pool) is not None):
        raise Invalid("Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays")
    if temporary_validity(sent) == 0:
        _dictionary(_dictionary(sent["Policies"])["PasswordPolicy"])["TemporaryPasswordValidityDays"] = 7


def _validate_verification(sent: dict[str, object]) -> None:
    template = _dictionary(sent.get("VerificationMessageTemplate"))
    for older, newer in TEMPLATE_OF.items():
        if older in sent and newer in template and sent[older] != template[newer]:
            raise Invalid(f"{older} conflicts with VerificationMessageTemplate")
    before = _dictionary(sent.get("UserAttributeUpdateSettings")).get("AttributesRequireVerificationBeforeUpdate", [])
    verified = sent.get("AutoVerifiedAttributes", [])
    if isinstance(before, list) and isinstance(verified, list) and not set(before) <= set(verified):
        raise Invalid(
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
        )


def _keep_policies_left_out(pool: Pool, updated: Pool) -> None:
    live, policies = _dictionary(pool.get("Policies")), _dictionary(updated.get("Policies"))
    if policies or live:
        updated["Policies"] = live | policies


def _keep_system_tags(pool: Pool, updated: Pool) -> None:
    system = {k: v for k, v in _dictionary(pool.get("UserPoolTags")).items() if k.startswith("aws:")}
    if system or "UserPoolTags" in updated:
        updated["UserPoolTags"] = system | _dictionary(updated.get("UserPoolTags"))


def _dictionary(value: object) -> dict[str, object]:
    """The dictionary itself, not a copy; an empty one for anything else."""
    return value if isinstance(value, dict) else {}
