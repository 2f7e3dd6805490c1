"""SES v2 calls about identities: create, read, list, delete, and their attributes."""

from collections.abc import Callable

from sandbox.mail import emulator
from sandbox.mail.ses.store import Identity, dkim_tokens, realm
from sandbox.mail.ses.v2.rest_call import Call, bad_request, not_found, tag_list, tag_map

_PAGE = 1000
_MOST_IDENTITIES = 10_000


def missing(name: str) -> emulator.Answer:
    """Answer that there is no such identity."""
    return not_found(f"Email identity <{name}> does not exist.")


def on_existing(
    handle: Callable[[Call, Identity], emulator.Answer],
) -> Callable[[Call], emulator.Answer]:
    """Look the identity of the path up first, and refuse if there is none."""

    def handler(call: Call) -> emulator.Answer:
        identity = realm().identity(call.path["identity"])
        return missing(call.path["identity"]) if identity is None else handle(call, identity)

    return handler


def _create(call: Call) -> emulator.Answer:
    name = call.data.get("EmailIdentity", "")
    if not name:
        return bad_request("EmailIdentity is required.")
    if realm().identity(name) is not None:
        return emulator.ses_v2_error("AlreadyExistsException", f"Email identity {name} already exist.")
    if len(realm().identities) >= _MOST_IDENTITIES:
        return emulator.ses_v2_error("LimitExceededException", "Too many identities in this region.")
    configuration_set = call.data.get("ConfigurationSetName")
    if configuration_set and not _configuration_set_exists(configuration_set):
        return not_found(f"Configuration set <{configuration_set}> does not exist.")
    identity = realm().add(name)
    identity.configuration_set = configuration_set
    identity.tags = tag_map(call.data.get("Tags") or [])
    if identity.kind == "DOMAIN":
        identity.dkim_tokens = dkim_tokens(identity.name)
        identity.dkim_status = "PENDING"
        identity.dkim_signing_enabled = True
    return emulator.ses_v2_answer(
        {
            "IdentityType": identity.kind,
            "VerifiedForSendingStatus": identity.usable,
            "DkimAttributes": _dkim(identity),
        }
    )


def describe(identity: Identity) -> emulator.Json:
    """Describe an identity as GetEmailIdentity does."""
    shown: emulator.Json = {
        "IdentityType": identity.kind,
        "FeedbackForwardingStatus": identity.feedback_forwarding,
        "VerifiedForSendingStatus": identity.usable,
        "DkimAttributes": _dkim(identity),
        "MailFromAttributes": _mail_from(identity),
        "Policies": identity.policies,
        "Tags": tag_list(identity.tags),
        "VerificationStatus": identity.verification_status,
        "VerificationInfo": _verification_info(identity),
    }
    if identity.configuration_set:
        shown["ConfigurationSetName"] = identity.configuration_set
    return shown


def _get(_: Call, identity: Identity) -> emulator.Answer:
    return emulator.ses_v2_answer(describe(identity))


def _delete(_: Call, identity: Identity) -> emulator.Answer:
    del realm().identities[identity.name]
    return emulator.ses_v2_answer({})


def _list(call: Call) -> emulator.Answer:
    wanted = call.data.get("Filter") or {}
    found = [
        {
            "IdentityType": identity.kind,
            "IdentityName": identity.name,
            "SendingEnabled": identity.usable,
            "VerificationStatus": identity.verification_status,
        }
        for identity in realm().identities.values()
        if wanted.get("IDENTITY_NAME_CONTAINS", "") in identity.name
        and wanted.get("IDENTITY_TYPE", identity.kind) == identity.kind
        and wanted.get("VERIFICATION_STATUS", identity.verification_status) == identity.verification_status
    ]
    page, token = call.page(found, largest=_PAGE)
    return emulator.ses_v2_answer({"EmailIdentities": page} | ({"NextToken": token} if token else {}))


def _put_dkim(call: Call, identity: Identity) -> emulator.Answer:
    identity.dkim_signing_enabled = bool(call.data.get("SigningEnabled"))
    return emulator.ses_v2_answer({})


def _put_dkim_signing(call: Call, identity: Identity) -> emulator.Answer:
    identity.dkim_origin = call.data.get("SigningAttributesOrigin", "AWS_SES")
    identity.dkim_tokens = dkim_tokens(identity.name) if identity.dkim_origin == "AWS_SES" else []
    identity.dkim_status = "PENDING"
    return emulator.ses_v2_answer({"DkimStatus": identity.dkim_status, "DkimTokens": identity.dkim_tokens})


def _put_mail_from(call: Call, identity: Identity) -> emulator.Answer:
    identity.mail_from_domain = call.data.get("MailFromDomain") or None
    identity.mail_from_on_failure = call.data.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")
    identity.mail_from_status = "PENDING"
    return emulator.ses_v2_answer({})


def _put_feedback(call: Call, identity: Identity) -> emulator.Answer:
    identity.feedback_forwarding = bool(call.data.get("EmailForwardingEnabled"))
    return emulator.ses_v2_answer({})


def _put_configuration_set(call: Call, identity: Identity) -> emulator.Answer:
    name = call.data.get("ConfigurationSetName") or None
    if name and not _configuration_set_exists(name):
        return not_found(f"Configuration set <{name}> does not exist.")
    identity.configuration_set = name
    return emulator.ses_v2_answer({})


def _configuration_set_exists(name: str) -> bool:
    return emulator.configuration_set(realm().account_id, realm().region, name) is not None


def _dkim(identity: Identity) -> emulator.Json:
    shown: emulator.Json = {
        "SigningEnabled": identity.dkim_signing_enabled,
        "Status": identity.dkim_status,
        "SigningAttributesOrigin": identity.dkim_origin,
    }
    if identity.dkim_tokens:
        shown |= {
            "Tokens": identity.dkim_tokens,
            "NextSigningKeyLength": "RSA_2048_BIT",
            "CurrentSigningKeyLength": "RSA_2048_BIT",
        }
    return shown


def _mail_from(identity: Identity) -> emulator.Json:
    shown: emulator.Json = {"BehaviorOnMxFailure": identity.mail_from_on_failure}
    if identity.mail_from_domain:
        shown |= {
            "MailFromDomain": identity.mail_from_domain,
            "MailFromDomainStatus": identity.mail_from_status,
        }
    return shown


def _verification_info(identity: Identity) -> emulator.Json:
    shown = {
        "LastCheckedTimestamp": identity.last_checked,
        "LastSuccessTimestamp": identity.last_success,
        "ErrorType": identity.error_type,
    }
    return {name: value for name, value in shown.items() if value is not None}


_ONE = r"/identities/(?P<identity>[^/]+)"

ROUTES: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    ("POST", "/identities", _create),
    ("GET", "/identities", _list),
    ("POST", "/list-identities", _list),
    ("GET", _ONE, on_existing(_get)),
    ("DELETE", _ONE, on_existing(_delete)),
    ("PUT", _ONE + "/dkim", on_existing(_put_dkim)),
    ("PUT", _ONE + "/dkim/signing", on_existing(_put_dkim_signing)),
    ("PUT", _ONE + "/mail-from", on_existing(_put_mail_from)),
    ("PUT", _ONE + "/feedback", on_existing(_put_feedback)),
    ("PUT", _ONE + "/configuration-set", on_existing(_put_configuration_set)),
]
