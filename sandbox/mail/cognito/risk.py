"""Threat protection's risk configuration, and the notices that it mails.

| condition | answer | confidence |
|---|---|---|
| threat protection is off | UserPoolAddOnNotEnabledException | declared |
| no risk configuration was set | one with the pool's id only | documented: "set to defaults" by UserPoolId alone |
| an app client that does not exist | ResourceNotFoundException | declared |
| a response or an event of another name | InvalidParameterException | the enums of the service model |
| identity of another account, missing or unverified | as for UpdateUserPool | inferred: the same errors are declared |
| no policy lets a principal of Cognito send | InvalidEmailRoleAccessPolicyException | declared |

A part that a call leaves out is removed: "to delete the risk configuration pass null values for all four configuration
types" (earlier Cognito API reference, SetRiskConfiguration). For one part AWS documents nothing; this half assumes the
worst. An app client's configuration is another one, and a call without ClientId leaves it alone.

Of the notices AWS documents the From and the policy of the identity, and neither the SES regions nor the principal:
this half takes those of the default sender with an identity. No caller sees that a notice was lost.
"""

import time
from typing import cast

from sandbox.mail import emulator
from sandbox.mail.emulator import Handler
from sandbox.mail.mail_path import chain
from sandbox.mail.mail_path.chain import Verdict
from sandbox.mail.mail_path.mailbox import MAILBOX, Loss, Mail
from sandbox.mail.mail_path.pool_mail import PoolMail

_KEPT = "_sandbox_risk_configurations"
_OF_THE_POOL = "ALL"
_PARTS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)
_TAKEOVER_ACTIONS = frozenset({"BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION"})
_CREDENTIAL_ACTIONS = frozenset({"BLOCK", "NO_ACTION"})
_EVENTS = frozenset({"SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP"})


def describe_risk_configuration(data: emulator.Json) -> emulator.Answer:
    """Describe the configuration of a pool, or of one app client (DescribeRiskConfiguration)."""
    pool = emulator.user_pools().get(data.get("UserPoolId"))
    refused = _refusal(pool, data)
    return refused or emulator.cognito_answer({"RiskConfiguration": _shown(cast("emulator.Json", pool), data)})


def set_risk_configuration(data: emulator.Json) -> emulator.Answer:
    """Replace the configuration of a pool, or of one app client (SetRiskConfiguration)."""
    pool = emulator.user_pools().get(data.get("UserPoolId"))
    refused = _refusal(pool, data)
    if refused is not None:
        return refused
    found = cast("emulator.Json", pool)
    unknown = _unknown_value(data)
    if unknown is not None:
        return emulator.cognito_error("InvalidParameterException", unknown)
    notify = (data.get("AccountTakeoverRiskConfiguration") or {}).get("NotifyConfiguration")
    if notify is not None:
        verdict = chain.judge_notices(_mail_of(found, notify))
        if verdict.error is not None:
            return emulator.cognito_error(verdict.error, verdict.reason)
    given = {part: data[part] for part in _PARTS if part in data}
    found.setdefault(_KEPT, {})[data.get("ClientId") or _OF_THE_POOL] = given | {"LastModifiedDate": time.time()}
    return emulator.cognito_answer({"RiskConfiguration": _shown(found, data)})


def assess(pool: emulator.Json, to: str, level: str) -> Verdict | None:
    """Let threat protection find a sign-in risky: the verdict on its notice, or nothing where it mails none."""
    add_ons = pool.get("UserPoolAddOns") or {}
    takeover = pool.get(_KEPT, {}).get(_OF_THE_POOL, {}).get("AccountTakeoverRiskConfiguration") or {}
    notify = takeover.get("NotifyConfiguration")
    action = (takeover.get("Actions") or {}).get(f"{level}Action") or {}
    if add_ons.get("AdvancedSecurityMode") != "ENFORCED" or notify is None or not action.get("Notify"):
        return None
    pool_mail = _mail_of(pool, notify)
    verdict = chain.judge_notices(pool_mail)
    mail = Mail(
        id=emulator.new_id(),
        time=time.time(),
        pool=pool_mail.pool_id,
        trigger="ThreatProtection",
        sender=pool_mail.sender,
        reply_to=pool_mail.reply_to,
        to=to,
        subject=f"A sign-in of {level.lower()} risk",
        body=f"Action: {action.get('EventAction', 'NO_ACTION')}",
        ses_region=next(iter(verdict.ses_regions), None),
        identity=pool_mail.identity_name or None,
        message_type="Notice",
        handed_to=pool_mail.handed_to,
    )
    if verdict.accepted:
        MAILBOX.deliver(mail)
    else:
        MAILBOX.lose(mail, Loss(stage=verdict.stage or "", reason=verdict.reason, error=None))
    return verdict


def _mail_of(pool: emulator.Json, notify: emulator.Json) -> PoolMail:
    sender = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": notify.get("SourceArn"),
        "From": notify.get("From"),
        "ReplyToEmailAddress": notify.get("ReplyTo"),
    }
    return PoolMail.of(pool | {"EmailConfiguration": sender})


def _shown(pool: emulator.Json, data: emulator.Json) -> emulator.Json:
    client = data.get("ClientId")
    named = {"UserPoolId": pool["Id"], **({"ClientId": client} if client else {})}
    shown: emulator.Json = named | pool.get(_KEPT, {}).get(client or _OF_THE_POOL, {})
    return shown


def _refusal(pool: emulator.Json | None, data: emulator.Json) -> emulator.Answer | None:
    if pool is None:
        said = f"User pool {data.get('UserPoolId')} does not exist."
        return emulator.cognito_error("ResourceNotFoundException", said)
    if (pool.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF") == "OFF":
        said = "This is an add on feature. Please update AdvancedSecurityMode for your user pool to access this API."
        return emulator.cognito_error("UserPoolAddOnNotEnabledException", said)
    client = data.get("ClientId")
    if client is not None and client not in pool.get("_clients", {}):
        return emulator.cognito_error("ResourceNotFoundException", f"User pool client {client} does not exist.")
    return None


def _unknown_value(data: emulator.Json) -> str | None:
    """A value that the service model's enums refuse."""
    takeover = data.get("AccountTakeoverRiskConfiguration") or {}
    for level, action in (takeover.get("Actions") or {}).items():
        if action.get("EventAction") not in _TAKEOVER_ACTIONS:
            return f"Invalid EventAction of {level}: {action.get('EventAction')}"
    credentials = data.get("CompromisedCredentialsRiskConfiguration")
    if credentials is None:
        return None
    event_action = (credentials.get("Actions") or {}).get("EventAction")
    if event_action not in _CREDENTIAL_ACTIONS:
        return f"Invalid EventAction: {event_action}"
    others = set(credentials.get("EventFilter") or ()) - _EVENTS
    return f"Invalid EventFilter: {sorted(others)}" if others else None


OPERATIONS: dict[str, Handler] = {
    "DescribeRiskConfiguration": describe_risk_configuration,
    "SetRiskConfiguration": set_risk_configuration,
}
