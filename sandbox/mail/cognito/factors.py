"""Second factors of a pool: SetUserPoolMfaConfig as a full replacement, and codes by e-mail.

SetUserPoolMfaConfig replaces everything, an omitted MfaConfiguration means OFF; the refusals are in the words that
were measured on the real service (cdkd).
"""

import secrets
import time
from typing import cast

from sandbox.mail import emulator
from sandbox.mail.emulator import Handler

_FACTORS = ("SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration")
_CODE = "13579024"
_SUBJECT = "Your authentication code"
_MESSAGE = "Your authentication code is {####}"
_CHALLENGE = "EMAIL_OTP"
# Observed as a refusal (terraform-provider-aws 41049); the text is not published.
RECOVERY_BY_EMAIL_ONLY = "Email MFA requires a way of account recovery besides verified_email."


def set_user_pool_mfa_config(data: emulator.Json) -> emulator.Answer:
    """Replace the factors of a pool."""
    pool = emulator.user_pools().get(data.get("UserPoolId"))
    if pool is None:
        return emulator.cognito_error(
            "ResourceNotFoundException", f"User pool {data.get('UserPoolId')} does not exist."
        )
    said = _objection(data, pool)
    if said is not None:
        return emulator.cognito_error("InvalidParameterException", said)
    for name in (*_FACTORS, "WebAuthnConfiguration"):
        if name in data:
            pool[name] = data[name]
        elif name in _FACTORS:
            pool.pop(name, None)
    pool["MfaConfiguration"] = data.get("MfaConfiguration", "OFF")
    pool["LastModifiedDate"] = max(time.time(), pool["LastModifiedDate"] + 0.001)
    read = emulator.module("services.cognito")._get_user_pool_mfa_config
    return cast("emulator.Answer", read({"UserPoolId": data["UserPoolId"]}))


def _objection(data: emulator.Json, pool: emulator.Json) -> str | None:
    wanted = data.get("MfaConfiguration", "OFF")
    enabled = [name for name in _FACTORS if data.get(name) and data[name] != {"Enabled": False}]
    if wanted == "OFF" and enabled:
        return "Invalid MFA configuration given, can't turn off MFA and configure an MFA together"
    email = pool.get("EmailConfiguration") or {}
    if data.get("EmailMfaConfiguration") and email.get("EmailSendingAccount") != "DEVELOPER":
        return (
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of "
            "COGNITO_DEFAULT"
        )
    if data.get("EmailMfaConfiguration") and recovers_by_email_only(pool):
        return RECOVERY_BY_EMAIL_ONLY
    first = ((pool.get("Policies") or {}).get("SignInPolicy") or {}).get("AllowedFirstAuthFactors") or []
    if wanted == "ON" and not set(first) <= {"PASSWORD", "WEB_AUTHN"}:
        return "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"
    return None


def recovers_by_email_only(pool: emulator.Json) -> bool:
    """Whether a forgotten password is recovered by a verified email address and by nothing else."""
    mechanisms = (pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or []
    return [one.get("Name") for one in mechanisms] == ["verified_email"]


def _challenge(pool: emulator.Json, user: emulator.Json, username: str) -> emulator.Json | None:
    """Ask for a code by e-mail if the pool offers it and the user chose it, or has to use something."""
    settings = pool.get("EmailMfaConfiguration")
    address = next((item["Value"] for item in user.get("Attributes", []) if item["Name"] == "email"), None)
    chosen = _CHALLENGE in user.get("_mfa_enabled", [])
    forced = pool.get("MfaConfiguration") == "ON" and not user.get("_mfa_enabled")
    if not settings or not address or pool.get("MfaConfiguration", "OFF") == "OFF" or not (chosen or forced):
        return None
    cognito = emulator.module("services.cognito")
    session = secrets.token_urlsafe(32)
    user["_sandbox_email_code"] = (session, _CODE)
    cognito._deliver_cognito_email(
        pool,
        address,
        settings.get("Subject") or _SUBJECT,
        (settings.get("Message") or _MESSAGE).replace("{####}", _CODE),
        "CognitoEmailMfaMessage",
    )
    return {
        "ChallengeName": _CHALLENGE,
        "Session": session,
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": username,
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": cognito._masked_destination(address),
        },
    }


def responding(below: Handler) -> Handler:
    """Make RespondToAuthChallenge: take the code that went by e-mail."""

    def respond_to_auth_challenge(data: emulator.Json) -> emulator.Answer:
        cognito = emulator.module("services.cognito")
        responses = data.get("ChallengeResponses") or {}
        pool = emulator.pool_of_client(data.get("ClientId", ""))
        if data.get("ChallengeName") != _CHALLENGE or pool is None:
            return below(data)
        user, refused = cognito._resolve_user(pool, responses.get("USERNAME"))
        if refused:
            return cast("emulator.Answer", refused)
        expected = user.pop("_sandbox_email_code", None)
        if expected != (data.get("Session"), responses.get("EMAIL_OTP_CODE")):
            return emulator.cognito_error("CodeMismatchException", "Invalid code received for user")
        result = cognito._build_auth_result(pool["Id"], data["ClientId"], user)
        return emulator.cognito_answer({"AuthenticationResult": result})

    return respond_to_auth_challenge


def install() -> None:
    """Put these factors among the emulator's."""
    cognito = emulator.module("services.cognito")
    cognito._set_user_pool_mfa_config = set_user_pool_mfa_config
    cognito._respond_to_auth_challenge = responding(cognito._respond_to_auth_challenge)
    cognito._admin_respond_to_auth_challenge = responding(cognito._admin_respond_to_auth_challenge)
    challenge_below, prefer_below = cognito._mfa_challenge_for_user, cognito._apply_mfa_preference

    def challenge(pool: emulator.Json, user: emulator.Json, pool_id: str, username: str) -> emulator.Json | None:
        found = challenge_below(pool, user, pool_id, username) or _challenge(pool, user, username)
        return cast("emulator.Json | None", found)

    def prefer(user: emulator.Json, data: emulator.Json) -> None:
        prefer_below(user, data)
        enabled = (data.get("EmailMfaSettings") or {}).get("Enabled")
        if enabled is not None:
            others = [name for name in user["_mfa_enabled"] if name != _CHALLENGE]
            user["_mfa_enabled"] = [*others, _CHALLENGE] if enabled else others

    cognito._mfa_challenge_for_user = challenge
    cognito._apply_mfa_preference = prefer
