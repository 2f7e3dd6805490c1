"""SES v2 calls about the account: its standing, the suppression list, tags of identities, and sending."""

import time
from collections.abc import Callable

from sandbox.mail import emulator
from sandbox.mail.mail_path import delivery
from sandbox.mail.ses import sending
from sandbox.mail.ses.raw_message import RawMessage
from sandbox.mail.ses.sending import RefusalKind
from sandbox.mail.ses.store import Identity, Suppressed, realm
from sandbox.mail.ses.v2.rest_call import Call, bad_request, not_found, tag_list, tag_map

_PAGE = 1000
_REASONS = {"BOUNCE", "COMPLAINT"}
_DETAILS = (
    "MailType",
    "WebsiteURL",
    "ContactLanguage",
    "UseCaseDescription",
    "AdditionalContactEmailAddresses",
)
_ERRORS = {
    RefusalKind.ACCOUNT_SHUT_DOWN: "AccountSuspendedException",
    RefusalKind.SENDING_DISABLED: "SendingPausedException",
    RefusalKind.QUOTA: "TooManyRequestsException",
    RefusalKind.NOT_VERIFIED: "MessageRejected",
    RefusalKind.NO_CONFIGURATION_SET: "NotFoundException",
    RefusalKind.NO_IP_POOL: "BadRequestException",
    RefusalKind.CONFIGURATION_SET_DISABLED: "SendingPausedException",
    RefusalKind.MAIL_FROM_NOT_VERIFIED: "MailFromDomainNotVerifiedException",
}


def _get_account(_: Call) -> emulator.Answer:
    account = realm().account
    shown: emulator.Json = {
        "DedicatedIpAutoWarmupEnabled": account.dedicated_ip_warmup,
        "EnforcementStatus": account.enforcement_status,
        "ProductionAccessEnabled": account.production_access,
        "SendQuota": {
            "Max24HourSend": account.max_24_hour_send,
            "MaxSendRate": account.max_send_rate,
            "SentLast24Hours": account.sent_last_24_hours(),
        },
        "SendingEnabled": account.sending_enabled,
        "SuppressionAttributes": {"SuppressedReasons": account.suppressed_reasons},
        "VdmAttributes": {"VdmEnabled": "DISABLED"},
    }
    return emulator.ses_v2_answer(shown | ({"Details": account.details} if account.details else {}))


def _put_sending(call: Call) -> emulator.Answer:
    """Switch sending; a pause that AWS imposed is not lifted by it (service model)."""
    realm().account.sending_enabled = bool(call.data.get("SendingEnabled"))
    return emulator.ses_v2_answer({})


def _put_suppression(call: Call) -> emulator.Answer:
    reasons = call.data.get("SuppressedReasons") or []
    if not set(reasons) <= _REASONS:
        return bad_request("SuppressedReasons may hold BOUNCE and COMPLAINT only.")
    realm().account.suppressed_reasons = list(reasons)
    return emulator.ses_v2_answer({})


def _put_details(call: Call) -> emulator.Answer:
    """Store the details of a request for production access; AWS decides manually, so nothing is granted."""
    if call.data.get("MailType") not in {"MARKETING", "TRANSACTIONAL"} or not call.data.get("WebsiteURL"):
        return bad_request("MailType and WebsiteURL are required.")
    kept = {name: call.data[name] for name in _DETAILS if name in call.data}
    realm().account.details = kept | {"ReviewDetails": {"Status": "PENDING", "CaseId": "1"}}
    return emulator.ses_v2_answer({})


def _put_warmup(call: Call) -> emulator.Answer:
    realm().account.dedicated_ip_warmup = bool(call.data.get("AutoWarmupEnabled"))
    return emulator.ses_v2_answer({})


def _put_suppressed(call: Call) -> emulator.Answer:
    address, reason = str(call.data.get("EmailAddress", "")).lower(), call.data.get("Reason", "")
    if "@" not in address or reason not in _REASONS:
        return bad_request("EmailAddress and Reason (BOUNCE or COMPLAINT) are required.")
    realm().suppressed[address] = Suppressed(address=address, reason=reason, updated=round(time.time(), 3))
    return emulator.ses_v2_answer({})


def _get_suppressed(call: Call) -> emulator.Answer:
    entry = realm().suppressed.get(call.path["address"].lower())
    if entry is None:
        return not_found("Email address does not exist on your suppression list.")
    attributes = {"Attributes": {"MessageId": entry.message_id}} if entry.message_id else {}
    return emulator.ses_v2_answer({"SuppressedDestination": _summary(entry) | attributes})


def _delete_suppressed(call: Call) -> emulator.Answer:
    if realm().suppressed.pop(call.path["address"].lower(), None) is None:
        return not_found("Email address does not exist on your suppression list.")
    return emulator.ses_v2_answer({})


def _list_suppressed(call: Call) -> emulator.Answer:
    reasons = call.query_values("Reason") or call.query_values("Reasons") or list(_REASONS)
    if not set(reasons) <= _REASONS:
        return bad_request("Reasons may hold BOUNCE and COMPLAINT only.")
    if not 1 <= int(call.query_text("PageSize") or _PAGE) <= _PAGE:
        return bad_request(f"PageSize is between 1 and {_PAGE}.")
    start, end = _moment(call.query_text("StartDate"), 0.0), _moment(call.query_text("EndDate"), float("inf"))
    entries = list(realm().suppressed.values())
    found = [entry for entry in entries if entry.reason in reasons and start <= entry.updated <= end]
    page, token = call.page(found, largest=_PAGE)
    shown = {"SuppressedDestinationSummaries": [_summary(entry) for entry in page]}
    return emulator.ses_v2_answer(shown | ({"NextToken": token} if token else {}))


def _moment(text: str | None, otherwise: float) -> float:
    return emulator.moment(text) if text else otherwise


def _summary(entry: Suppressed) -> emulator.Json:
    return {"EmailAddress": entry.address, "Reason": entry.reason, "LastUpdateTime": entry.updated}


def _tagged(arn: str | None) -> Identity | None:
    if arn is None or not arn.startswith(realm().arn_of("")):
        return None
    return realm().identity(arn)


def _is_identity(arn: str | None) -> bool:
    return arn is not None and ":identity/" in arn


def _list_tags(call: Call) -> emulator.Answer | None:
    arn = call.query_text("ResourceArn")
    if not _is_identity(arn):
        return None
    identity = _tagged(arn)
    if identity is None:
        return not_found(f"Resource {arn} not found")
    return emulator.ses_v2_answer({"Tags": tag_list(identity.tags)})


def _tag(call: Call) -> emulator.Answer | None:
    arn = call.data.get("ResourceArn")
    if not _is_identity(arn):
        return None
    identity = _tagged(arn)
    if identity is None:
        return not_found(f"Resource {arn} not found")
    identity.tags |= tag_map(call.data.get("Tags") or [])
    return emulator.ses_v2_answer({})


def _untag(call: Call) -> emulator.Answer | None:
    arn = call.query_text("ResourceArn")
    if not _is_identity(arn):
        return None
    identity = _tagged(arn)
    if identity is None:
        return not_found(f"Resource {arn} not found")
    for key in call.query_values("TagKeys"):
        identity.tags.pop(key, None)
    return emulator.ses_v2_answer({})


def _send_email(call: Call) -> emulator.Answer | None:
    """Send a simple or raw message; templates stay with the emulator, which keeps them."""
    content = call.data.get("Content") or {}
    if "Template" in content:
        return None
    raw = RawMessage(content["Raw"].get("Data", "")) if "Raw" in content else None
    simple = content.get("Simple") or {}
    body = simple.get("Body") or {}
    destination = call.data.get("Destination") or {}
    named = [one for group in ("To", "Cc", "Bcc") for one in destination.get(f"{group}Addresses") or []]
    sender = call.data.get("FromEmailAddress") or (raw.sender if raw else "")
    recipients = named or (raw.recipients if raw else [])
    configuration_set = call.data.get("ConfigurationSetName")
    refused = sending.refusal(realm(), sender, recipients, configuration_set)
    if refused is not None:
        status = 404 if refused.kind is RefusalKind.NO_CONFIGURATION_SET else 400
        return emulator.ses_v2_error(_ERRORS[refused.kind], refused.message, status)
    message_id = delivery.send_by_api(
        realm(),
        action="SendEmail",
        sender=sender,
        addresses=recipients,
        subject=raw.subject if raw else simple.get("Subject", {}).get("Data", ""),
        body=raw.body if raw else (body.get("Text") or body.get("Html") or {}).get("Data", ""),
        reply_to=next(iter(call.data.get("ReplyToAddresses") or []), None),
        configuration_set=configuration_set,
    )
    return emulator.ses_v2_answer({"MessageId": message_id})


_ADDRESS = "/suppression/addresses/(?P<address>[^/]+)"

ROUTES: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    ("GET", "/account", _get_account),
    ("PUT", "/account/sending", _put_sending),
    ("PUT", "/account/suppression", _put_suppression),
    ("POST", "/account/details", _put_details),
    ("PUT", "/account/dedicated-ips/warmup", _put_warmup),
    ("PUT", "/suppression/addresses", _put_suppressed),
    ("GET", "/suppression/addresses", _list_suppressed),
    ("GET", _ADDRESS, _get_suppressed),
    ("DELETE", _ADDRESS, _delete_suppressed),
    ("GET", "/tags", _list_tags),
    ("POST", "/tags", _tag),
    ("DELETE", "/tags", _untag),
    ("POST", "/outbound-emails", _send_email),
]
