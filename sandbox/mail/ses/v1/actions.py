"""SES v1 (query protocol) over the one store; other actions go to the emulator."""

from collections.abc import Callable

from sandbox.mail import emulator
from sandbox.mail.policies import policy_rules
from sandbox.mail.ses.store import Identity, dkim_tokens, realm
from sandbox.mail.ses.v1 import sending_actions, xml_wire
from sandbox.mail.ses.v1.xml_wire import Entries, Parameters

_STATUS_WORDS = {
    "PENDING": "Pending",
    "SUCCESS": "Success",
    "FAILED": "Failed",
    "TEMPORARY_FAILURE": "TemporaryFailure",
    "NOT_STARTED": "NotStarted",
}
_NOTIFICATIONS = ("Bounce", "Complaint", "Delivery")
_PAGE = 1000


def _verify(action: str, name: str) -> emulator.Answer:
    identity = realm().add(name)
    if identity.verification_status == "FAILED":
        identity.verification_status = "PENDING"
    token = dkim_tokens(identity.name)[0] if identity.kind == "DOMAIN" else None
    return xml_wire.answer(action, {"VerificationToken": token})


def _verify_email(parameters: Parameters) -> emulator.Answer:
    return _verify("VerifyEmailIdentity", parameters.text("EmailAddress"))


def _verify_domain(parameters: Parameters) -> emulator.Answer:
    return _verify("VerifyDomainIdentity", parameters.text("Domain"))


def _verify_domain_dkim(parameters: Parameters) -> emulator.Answer:
    identity = realm().add(parameters.text("Domain"))
    if not identity.dkim_tokens:
        identity.dkim_tokens = dkim_tokens(identity.name)
        identity.dkim_status = "PENDING"
        identity.dkim_signing_enabled = True
    return xml_wire.answer("VerifyDomainDkim", {"DkimTokens": identity.dkim_tokens})


def _delete_identity(parameters: Parameters) -> emulator.Answer:
    found = realm().identity(parameters.text("Identity"))
    if found is not None:
        del realm().identities[found.name]
    return xml_wire.answer("DeleteIdentity")


def _list_identities(parameters: Parameters) -> emulator.Answer:
    wanted = {"EmailAddress": "EMAIL_ADDRESS", "Domain": "DOMAIN"}.get(parameters.text("IdentityType"))
    names = [one.name for one in realm().identities.values() if wanted in (None, one.kind)]
    start = int(parameters.text("NextToken", "0") or 0)
    end = start + min(int(parameters.text("MaxItems", str(_PAGE))), _PAGE)
    token = str(end) if end < len(names) else None
    return xml_wire.answer("ListIdentities", {"Identities": names[start:end], "NextToken": token})


def _of_each(parameters: Parameters, describe: Callable[[Identity], emulator.Json]) -> Entries:
    found = {name: realm().identity(name) for name in parameters.members("Identities")}
    return Entries({name: describe(identity) for name, identity in found.items() if identity is not None})


def _verification_attributes(parameters: Parameters) -> emulator.Answer:
    def describe(identity: Identity) -> emulator.Json:
        token = dkim_tokens(identity.name)[0] if identity.kind == "DOMAIN" else None
        return {"VerificationStatus": _STATUS_WORDS[identity.verification_status], "VerificationToken": token}

    found = _of_each(parameters, describe)
    return xml_wire.answer("GetIdentityVerificationAttributes", {"VerificationAttributes": found})


def _dkim_attributes(parameters: Parameters) -> emulator.Answer:
    def describe(identity: Identity) -> emulator.Json:
        return {
            "DkimEnabled": identity.dkim_signing_enabled,
            "DkimVerificationStatus": _STATUS_WORDS[identity.dkim_status],
            "DkimTokens": identity.dkim_tokens,
        }

    return xml_wire.answer("GetIdentityDkimAttributes", {"DkimAttributes": _of_each(parameters, describe)})


def _mail_from_attributes(parameters: Parameters) -> emulator.Answer:
    def describe(identity: Identity) -> emulator.Json:
        rejects = identity.mail_from_on_failure == "REJECT_MESSAGE"
        return {
            "MailFromDomain": identity.mail_from_domain or "",
            "MailFromDomainStatus": _STATUS_WORDS[identity.mail_from_status],
            "BehaviorOnMXFailure": "RejectMessage" if rejects else "UseDefaultValue",
        }

    return xml_wire.answer(
        "GetIdentityMailFromDomainAttributes", {"MailFromDomainAttributes": _of_each(parameters, describe)}
    )


def _notification_attributes(parameters: Parameters) -> emulator.Answer:
    def describe(identity: Identity) -> emulator.Json:
        topics = {f"{kind}Topic": identity.topics.get(kind) or None for kind in _NOTIFICATIONS}
        headers = {f"HeadersIn{kind}NotificationsEnabled": False for kind in _NOTIFICATIONS}
        return topics | headers | {"ForwardingEnabled": identity.feedback_forwarding}

    found = _of_each(parameters, describe)
    return xml_wire.answer("GetIdentityNotificationAttributes", {"NotificationAttributes": found})


def _set_dkim(parameters: Parameters, identity: Identity) -> emulator.Answer:
    identity.dkim_signing_enabled = parameters.flag("DkimEnabled")
    return xml_wire.answer("SetIdentityDkimEnabled")


def _set_mail_from(parameters: Parameters, identity: Identity) -> emulator.Answer:
    identity.mail_from_domain = parameters.text("MailFromDomain") or None
    identity.mail_from_status = "PENDING"
    rejects = parameters.text("BehaviorOnMXFailure") == "RejectMessage"
    identity.mail_from_on_failure = "REJECT_MESSAGE" if rejects else "USE_DEFAULT_VALUE"
    return xml_wire.answer("SetIdentityMailFromDomain")


def _set_feedback(parameters: Parameters, identity: Identity) -> emulator.Answer:
    identity.feedback_forwarding = parameters.flag("ForwardingEnabled")
    return xml_wire.answer("SetIdentityFeedbackForwardingEnabled")


def _set_topic(parameters: Parameters, identity: Identity) -> emulator.Answer:
    identity.topics[parameters.text("NotificationType")] = parameters.text("SnsTopic")
    return xml_wire.answer("SetIdentityNotificationTopic")


def _put_policy(parameters: Parameters, identity: Identity) -> emulator.Answer:
    name, text = parameters.text("PolicyName"), parameters.text("Policy")
    if not identity.usable:
        return xml_wire.error("InvalidParameterValue", f"Identity {identity.name} is not verified.")
    too_many = name not in identity.policies and len(identity.policies) >= policy_rules.MAX_POLICIES
    objection = (
        policy_rules.objection_to_name(name)
        or policy_rules.objection_to_policy(text, realm().arn_of(identity.name))
        or (f"An identity can have at most {policy_rules.MAX_POLICIES} policies." if too_many else None)
    )
    if objection:
        return xml_wire.error("InvalidPolicy", objection)
    identity.policies[name] = text
    return xml_wire.answer("PutIdentityPolicy")


def _delete_policy(parameters: Parameters) -> emulator.Answer:
    identity = realm().identity(parameters.text("Identity"))
    if identity is not None:
        identity.policies.pop(parameters.text("PolicyName"), None)
    return xml_wire.answer("DeleteIdentityPolicy")


def _get_policies(parameters: Parameters) -> emulator.Answer:
    identity = realm().identity(parameters.text("Identity"))
    policies = identity.policies if identity is not None else {}
    wanted = Entries({name: policies[name] for name in parameters.members("PolicyNames") if name in policies})
    return xml_wire.answer("GetIdentityPolicies", {"Policies": wanted})


def _list_policies(parameters: Parameters) -> emulator.Answer:
    identity = realm().identity(parameters.text("Identity"))
    return xml_wire.answer("ListIdentityPolicies", {"PolicyNames": list(identity.policies if identity else ())})


def _list_verified_addresses(_: Parameters) -> emulator.Answer:
    names = [one.name for one in realm().identities.values() if one.usable and one.kind == "EMAIL_ADDRESS"]
    return xml_wire.answer("ListVerifiedEmailAddresses", {"VerifiedEmailAddresses": names})


def _on_existing(
    change: Callable[[Parameters, Identity], emulator.Answer],
) -> Callable[[Parameters], emulator.Answer]:
    def handler(parameters: Parameters) -> emulator.Answer:
        identity = realm().identity(parameters.text("Identity"))
        if identity is None:
            return xml_wire.error("InvalidParameterValue", f"Identity {parameters.text('Identity')} does not exist.")
        return change(parameters, identity)

    return handler


HANDLERS: dict[str, Callable[[Parameters], emulator.Answer]] = {
    "VerifyEmailIdentity": _verify_email,
    "VerifyEmailAddress": _verify_email,
    "VerifyDomainIdentity": _verify_domain,
    "VerifyDomainDkim": _verify_domain_dkim,
    "DeleteIdentity": _delete_identity,
    "ListIdentities": _list_identities,
    "ListVerifiedEmailAddresses": _list_verified_addresses,
    "GetIdentityVerificationAttributes": _verification_attributes,
    "GetIdentityDkimAttributes": _dkim_attributes,
    "GetIdentityMailFromDomainAttributes": _mail_from_attributes,
    "GetIdentityNotificationAttributes": _notification_attributes,
    "SetIdentityDkimEnabled": _on_existing(_set_dkim),
    "SetIdentityMailFromDomain": _on_existing(_set_mail_from),
    "SetIdentityFeedbackForwardingEnabled": _on_existing(_set_feedback),
    "SetIdentityNotificationTopic": _on_existing(_set_topic),
    "PutIdentityPolicy": _on_existing(_put_policy),
    "DeleteIdentityPolicy": _delete_policy,
    "GetIdentityPolicies": _get_policies,
    "ListIdentityPolicies": _list_policies,
    **sending_actions.HANDLERS,
}
