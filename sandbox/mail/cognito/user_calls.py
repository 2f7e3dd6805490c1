"""Cognito operations of users that send mail and that the emulator lacks or does not send mail for."""

import functools
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from sandbox.mail import emulator
from sandbox.mail.cognito import risk
from sandbox.mail.emulator import Handler

_CODE = "246810"
_NOT_AUTHORIZED = "NotAuthorizedException"


def get_attribute_verification_code(data: emulator.Json) -> emulator.Answer:
    """Send a code to the user's address (GetUserAttributeVerificationCode)."""
    user, pool = _signed_in(data)
    if user is None or pool is None:
        return emulator.cognito_error(_NOT_AUTHORIZED, "Invalid Access Token")
    name = data.get("AttributeName")
    address = _attributes(user).get("email")
    if name != "email" or not address:
        return emulator.cognito_error("InvalidParameterException", f"User does not have attribute {name}.")
    _send_code(pool, user)
    return emulator.cognito_answer({"CodeDeliveryDetails": _delivery_details(address)})


def verify_attribute(data: emulator.Json) -> emulator.Answer:
    """Take the code that was sent, and call the address verified (VerifyUserAttribute)."""
    user, _ = _signed_in(data)
    if user is None:
        return emulator.cognito_error(_NOT_AUTHORIZED, "Invalid Access Token")
    if user.get("_sandbox_attribute_code") != data.get("Code"):
        return emulator.cognito_error("CodeMismatchException", "Invalid verification code provided, please try again.")
    del user["_sandbox_attribute_code"]
    _set_attribute(user, "email_verified", "true")
    return emulator.cognito_answer({})


def updating_attributes(below: Handler) -> Handler:
    """Make UpdateUserAttributes: a changed address becomes unverified and is sent a code, if the pool verifies it."""

    def update_user_attributes(data: emulator.Json) -> emulator.Answer:
        user, pool = _signed_in(data)
        before = _attributes(user).get("email") if user else None
        answer = below(data)
        if user is None or pool is None:
            return answer
        after = _attributes(user).get("email")
        if after == before or "email" not in (pool.get("AutoVerifiedAttributes") or []):
            return answer
        _set_attribute(user, "email_verified", "false")
        _send_code(pool, user)
        details = [_delivery_details(after)] if after else []
        return emulator.cognito_answer({"CodeDeliveryDetailsList": details})

    return update_user_attributes


def resending(below: Handler) -> Handler:
    """Make ResendConfirmationCode: refused in a pool that verifies nothing."""

    def resend_confirmation_code(data: emulator.Json) -> emulator.Answer:
        pool = emulator.pool_of_client(data.get("ClientId", ""))
        if pool is not None and not pool.get("AutoVerifiedAttributes"):
            said = "Cannot resend codes. Auto verification not turned on."
            return emulator.cognito_error("InvalidParameterException", said)
        return below(data)

    return resend_confirmation_code


def signing_up(below: Handler) -> Handler:
    """Make SignUp: without verification of addresses there is no code, so the answer promises none."""

    def sign_up(data: emulator.Json) -> emulator.Answer:
        pool = emulator.pool_of_client(data.get("ClientId", ""))
        answer = below(data)
        parsed = emulator.parsed(answer)
        if pool is None or "CodeDeliveryDetails" not in parsed:
            return answer
        if "email" in (pool.get("AutoVerifiedAttributes") or []):
            return answer
        return emulator.cognito_answer({k: v for k, v in parsed.items() if k != "CodeDeliveryDetails"})

    return sign_up


def confirming_sign_up(below: Handler) -> Handler:
    """Make ConfirmSignUp: the address that received the code is verified by it."""

    def confirm_sign_up(data: emulator.Json) -> emulator.Answer:
        answer = below(data)
        pool = emulator.pool_of_client(data.get("ClientId", ""))
        if answer[0] == HTTPStatus.OK and pool is not None and "email" in (pool.get("AutoVerifiedAttributes") or []):
            user, _ = emulator.module("services.cognito")._resolve_user(pool, data.get("Username"))
            if user is not None and _attributes(user).get("email"):
                _set_attribute(user, "email_verified", "true")
        return answer

    return confirm_sign_up


def _signed_in(data: emulator.Json) -> tuple[emulator.Json | None, emulator.Json | None]:
    found = emulator.module("services.cognito")._user_pool_for_access_token(data.get("AccessToken", ""))
    return cast("tuple[emulator.Json | None, emulator.Json | None]", found)


def _attributes(user: emulator.Json) -> Mapping[str, str]:
    return {item["Name"]: item["Value"] for item in user.get("Attributes", [])}


def _set_attribute(user: emulator.Json, name: str, value: str) -> None:
    kept = [item for item in user.get("Attributes", []) if item["Name"] != name]
    user["Attributes"] = [*kept, {"Name": name, "Value": value}]


def _send_code(pool: emulator.Json, user: emulator.Json) -> None:
    user["_sandbox_attribute_code"] = _CODE
    send = emulator.module("services.cognito")._send_verification_email
    send(pool, user["Username"], dict(_attributes(user)), _CODE)


def _delivery_details(address: str) -> emulator.Json:
    masked = emulator.module("services.cognito")._masked_destination(address)
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


OPERATIONS: dict[str, Handler] = {
    "GetUserAttributeVerificationCode": get_attribute_verification_code,
    "VerifyUserAttribute": verify_attribute,
}


def install() -> None:
    """Put these operations among the emulator's."""
    cognito = emulator.module("services.cognito")
    cognito._update_user_attributes = updating_attributes(cognito._update_user_attributes)
    cognito._resend_confirmation_code = resending(cognito._resend_confirmation_code)
    cognito._sign_up = signing_up(cognito._sign_up)
    cognito._confirm_sign_up = confirming_sign_up(cognito._confirm_sign_up)
    cognito._UNSIGNED_IDP_ACTIONS |= set(OPERATIONS)
    dispatch = cognito._dispatch_idp

    @functools.wraps(dispatch)
    async def dispatch_idp(operation: str, data: emulator.Json) -> emulator.Answer:
        handler = OPERATIONS.get(operation) or risk.OPERATIONS.get(operation)
        if handler is None:
            return cast("emulator.Answer", await dispatch(operation, data))
        run = emulator.module("core.concurrency").run_reentrant
        return cast("emulator.Answer", await run(cognito._run_idp_handler, handler, operation, data))

    cognito._dispatch_idp = dispatch_idp
