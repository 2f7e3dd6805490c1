"""CreateUserPool, UpdateUserPool and DeleteUserPool as AWS does them: whole-object writes with checks."""

import time
from typing import cast

from sandbox.mail import emulator
from sandbox.mail.cognito import caller, email_checks, factors, message_checks, pool_members
from sandbox.mail.emulator import Handler

ALSO_RESETS: set[str] = set()
"""The members that UpdateUserPool resets although they are sent: a service that does not do what is documented."""


def creating(below: Handler) -> Handler:
    """Make CreateUserPool: the emulator's own, then this half's members and checks."""

    def create_user_pool(data: emulator.Json) -> emulator.Answer:
        refused = _refusal(data, {})
        if refused is not None:
            return refused
        known = set(emulator.user_pools())
        answer = below(data)
        made = set(emulator.user_pools()) - known
        if not made:
            return answer
        pool = cast("emulator.Json", emulator.user_pools()[made.pop()])
        configuration = data.get("EmailConfiguration") or {}
        refused = email_checks.refusal(pool, configuration, creating=True)
        if refused is not None:
            del emulator.user_pools()[pool["Id"]]
            return refused
        pool_members.write(pool, data, creating=True)
        return emulator.cognito_answer({"UserPool": pool_members.shown(pool)})

    return create_user_pool


def update_user_pool(data: emulator.Json) -> emulator.Answer:
    """Make UpdateUserPool: check the request against the pool, then replace everything that it may replace."""
    pool = emulator.user_pools().get(data.get("UserPoolId"))
    if pool is None:
        return _not_found(data)
    refused = _refusal(data, pool) or emulator.tier_refusal(data, pool)
    if refused is None:
        refused = email_checks.refusal(pool, data.get("EmailConfiguration") or {}, creating=False)
    if refused is not None:
        return refused
    pool_members.write(pool, data, creating=False)
    for name in ALSO_RESETS:
        pool_members.reset(pool, name)
    if data.get("PoolName"):
        pool["Name"] = data["PoolName"]
    if data.get("SmsConfiguration") and data.get("MfaConfiguration") in {"ON", "OPTIONAL"}:
        # Reported for pools with TOTP only: both members together switch SMS on as a factor.
        pool["SmsMfaConfiguration"] = {"SmsConfiguration": data["SmsConfiguration"]}
    pool["LastModifiedDate"] = max(time.time(), pool["LastModifiedDate"] + 0.001)
    return emulator.cognito_answer({})


def deleting(below: Handler) -> Handler:
    """Make DeleteUserPool: refused while the pool is protected."""

    def delete_user_pool(data: emulator.Json) -> emulator.Answer:
        pool = emulator.user_pools().get(data.get("UserPoolId"))
        if pool is not None and pool.get("DeletionProtection") == "ACTIVE":
            return _invalid(
                "The user pool cannot be deleted because deletion protection is activated. Deletion protection must "
                "be inactivated first."
            )
        return below(data)

    return delete_user_pool


def _refusal(data: emulator.Json, pool: emulator.Json) -> emulator.Answer | None:
    """Refuse the requests that Cognito refuses for any pool."""
    said = (
        message_checks.objection(data)
        or _objection_to_validity(data, pool)
        or _objection_to_messages(data, pool)
        or _objection_to_attributes(data)
        or _objection_to_factors(data, pool)
    )
    if said:
        return _invalid(said)
    reserved = [key for key in data.get("UserPoolTags") or {} if key.lower().startswith("aws:")]
    if reserved:
        return emulator.cognito_error(
            "UserPoolTaggingException", "aws: prefixed tag key names are not allowed for external use."
        )
    sms = data.get("SmsConfiguration")
    if sms is not None and not sms.get("SnsCallerArn") and not sms.get("EumsSms"):
        return _invalid("SmsConfiguration must name a role.")
    return caller.refusal_to_pass_role(sms["SnsCallerArn"]) if sms and sms.get("SnsCallerArn") else None


def _objection_to_validity(data: emulator.Json, pool: emulator.Json) -> str | None:
    unused = (data.get("AdminCreateUserConfig") or {}).get("UnusedAccountValidityDays")
    if unused and (pool_members.temporary_validity(data) or pool.get("_sandbox_validity_by_policy")):
        return "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
    return None


def _objection_to_messages(data: emulator.Json, pool: emulator.Json) -> str | None:
    """Object to both forms of the verification message, which some pools of the real service refuse (aws-cli 8280)."""
    conflicting = pool_members.conflicting_message(data)
    if conflicting:
        return f"{conflicting} must be equal to the message of VerificationMessageTemplate."
    template = data.get("VerificationMessageTemplate") or {}
    both = any(template.get(name) and template.get(f"{name}ByLink") for name in ("EmailMessage", "EmailSubject"))
    return "The message is invalid" if both and pool.get("_sandbox_refuses_both_messages") else None


def _objection_to_attributes(data: emulator.Json) -> str | None:
    verified = set(data.get("AutoVerifiedAttributes") or [])
    settings = data.get("UserAttributeUpdateSettings") or {}
    if not set(settings.get("AttributesRequireVerificationBeforeUpdate") or []) <= verified:
        return "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"
    if "phone_number" in verified and not data.get("SmsConfiguration"):
        return "SMS configuration is required when phone_number is selected for auto verification"
    return None


def _objection_to_factors(data: emulator.Json, pool: emulator.Json) -> str | None:
    email = data.get("EmailConfiguration") or {}
    if pool.get("EmailMfaConfiguration") and email.get("EmailSendingAccount") != "DEVELOPER":
        return (
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of "
            "COGNITO_DEFAULT"
        )
    if pool.get("EmailMfaConfiguration") and factors.recovers_by_email_only(data):
        return factors.RECOVERY_BY_EMAIL_ONLY
    blocks = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration")
    wanted = data.get("MfaConfiguration") in {"ON", "OPTIONAL"}
    if pool and wanted and not data.get("SmsConfiguration") and not any(pool.get(one) for one in blocks):
        return "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
    return None


def _not_found(data: emulator.Json) -> emulator.Answer:
    return emulator.cognito_error("ResourceNotFoundException", f"User pool {data.get('UserPoolId')} does not exist.")


def _invalid(message: str) -> emulator.Answer:
    return emulator.cognito_error("InvalidParameterException", message)
