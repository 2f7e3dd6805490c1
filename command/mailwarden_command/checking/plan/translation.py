"""Resources of the AWS provider in the form of CloudFormation's properties, each value at its place in the plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mailwarden_command.checking.plan.changes import PlannedResource
from mailwarden_command.checking.source.declared import ResourceKind, parts_of, renamed, text_of
from mailwarden_command.checking.source.holes import holes_in
from mailwarden_command.checking.source.nodes import Items, Members, Node, Place, Scalar, empty

# The member that names an identity, by type.
IDENTITIES: Mapping[str, str] = {
    "aws_ses_domain_identity": "domain",
    "aws_ses_email_identity": "email",
    "aws_sesv2_email_identity": "email_identity",
}
_POLICIES = {"aws_ses_identity_policy": "identity", "aws_sesv2_email_identity_policy": "email_identity"}
_SETS = {"aws_ses_configuration_set": "name", "aws_sesv2_configuration_set": "configuration_set_name"}
_DESTINATIONS = frozenset({"aws_ses_event_destination", "aws_sesv2_configuration_set_event_destination"})
KINDS: Mapping[str, ResourceKind] = {
    "aws_cognito_user_pool": ResourceKind.POOL,
    "aws_cognito_user_pool_domain": ResourceKind.POOL_DOMAIN,
    "aws_cognito_risk_configuration": ResourceKind.RISK_CONFIGURATION,
    "aws_lambda_function": ResourceKind.FUNCTION,
    "aws_lambda_permission": ResourceKind.PERMISSION,
    **dict.fromkeys(IDENTITIES, ResourceKind.IDENTITY),
    **dict.fromkeys(_POLICIES, ResourceKind.IDENTITY_POLICY),
    **dict.fromkeys(_SETS, ResourceKind.CONFIGURATION_SET),
    **dict.fromkeys(_DESTINATIONS, ResourceKind.EVENT_DESTINATION),
}
_EMAIL = {
    "email_sending_account": "EmailSendingAccount",
    "source_arn": "SourceArn",
    "from_email_address": "From",
    "reply_to_email_address": "ReplyToEmailAddress",
    "configuration_set": "ConfigurationSet",
}
_MESSAGE = {
    "default_email_option": "DefaultEmailOption",
    "email_message": "EmailMessage",
    "email_message_by_link": "EmailMessageByLink",
}
_PERMISSION = {
    "action": "Action",
    "function_name": "FunctionName",
    "principal": "Principal",
    "source_arn": "SourceArn",
    "source_account": "SourceAccount",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Collects members at their places."""

    place: Place
    members: dict[str, Node]
    keys: dict[str, Place]

    def put(self, name: str, value: Node | None, place: Place | None = None) -> None:
        if value is None or (isinstance(value, Scalar) and value.value is None):
            return
        self.members[name] = value
        self.keys[name] = place or value.place

    def all(self) -> Members:
        return Members(place=self.place, members=self.members, keys=self.keys)


def properties_of(resource: PlannedResource) -> Members:
    """The properties; raises NotKnown."""
    values = resource.before if resource.is_deleted else resource.values
    match KINDS[resource.kind]:
        case ResourceKind.POOL:
            return _pool(values)
        case ResourceKind.POOL_DOMAIN:
            return renamed(values, {"user_pool_id": "UserPoolId", "domain": "Domain"})
        case ResourceKind.IDENTITY:
            return _identity(values, IDENTITIES[resource.kind])
        case ResourceKind.IDENTITY_POLICY:
            return renamed(values, {_POLICIES[resource.kind]: "EmailIdentity", "policy": "Policy"})
        case ResourceKind.CONFIGURATION_SET:
            return _set(values, _SETS[resource.kind])
        case ResourceKind.EVENT_DESTINATION:
            return _destination(values)
        case ResourceKind.FUNCTION:
            return renamed(values, {"function_name": "FunctionName"})
        case ResourceKind.PERMISSION:
            return renamed(values, _PERMISSION)
        case ResourceKind.RISK_CONFIGURATION:
            return _risk(values)


def _pool(values: Members) -> Members:
    found = _Parts(place=values.place, members={}, keys={})
    for old, new in {
        "name": "UserPoolName",
        "mfa_configuration": "MfaConfiguration",
        "auto_verified_attributes": "AutoVerifiedAttributes",
        "email_verification_message": "EmailVerificationMessage",
    }.items():
        found.put(new, values.get(old), values.place_of(old))
    domain = text_of(values, "custom_domain") or text_of(values, "domain")
    if domain and not holes_in(domain):
        found.put("Domain", Scalar(place=values.place, value=domain))
    for each in _blocks(values, "email_configuration"):
        found.put("EmailConfiguration", renamed(each, _EMAIL), values.place_of("email_configuration"))
    for each in _blocks(values, "lambda_config"):
        found.put("LambdaConfig", _triggers(each), values.place_of("lambda_config"))
    _put_sign_in(values, found)
    for each in _blocks(values, "user_pool_add_ons"):
        found.put("UserPoolAddOns", _add_ons(each))
    return found.all()


def _triggers(block: Members) -> Members:
    triggers = renamed(block, {"kms_key_id": "KMSKeyID", "custom_message": "CustomMessage"})
    for sender in _blocks(block, "custom_email_sender"):
        own = renamed(sender, {"lambda_arn": "LambdaArn"})
        triggers = _with(triggers, "CustomEmailSender", own, block.place_of("custom_email_sender"))
    return triggers


def _add_ons(block: Members) -> Members:
    add_ons = renamed(block, {"advanced_security_mode": "AdvancedSecurityMode"})
    for flows in _blocks(block, "advanced_security_additional_flows"):
        own = renamed(flows, {"custom_auth_mode": "CustomAuthMode"})
        add_ons = _with(add_ons, "AdvancedSecurityAdditionalFlows", own, flows.place)
    return add_ons


def _put_sign_in(values: Members, found: _Parts) -> None:
    for _ in _blocks(values, "email_mfa_configuration"):
        place = values.place_of("email_mfa_configuration")
        found.put("EnabledMfas", Items(place=place, items=(Scalar(place=place, value="EMAIL_OTP"),)), place)
    for each in _blocks(values, "sign_in_policy"):
        policy = renamed(each, {"allowed_first_auth_factors": "AllowedFirstAuthFactors"})
        found.put("Policies", _with(empty(each.place), "SignInPolicy", policy, values.place_of("sign_in_policy")))
    for each in _blocks(values, "verification_message_template"):
        found.put("VerificationMessageTemplate", renamed(each, _MESSAGE))
    for each in _blocks(values, "admin_create_user_config"):
        only = renamed(each, {"allow_admin_create_user_only": "AllowAdminCreateUserOnly"})
        for invitation in _blocks(each, "invite_message_template"):
            own = renamed(invitation, {"email_message": "EmailMessage"})
            only = _with(only, "InviteMessageTemplate", own, each.place_of("invite_message_template"))
        found.put("AdminCreateUserConfig", only)


def _risk(values: Members) -> Members:
    found = renamed(values, {"user_pool_id": "UserPoolId", "client_id": "ClientId"})
    for takeover in _blocks(values, "account_takeover_risk_configuration"):
        inner = empty(takeover.place)
        for notify in _blocks(takeover, "notify_configuration"):
            names = {"source_arn": "SourceArn", "from": "From", "reply_to": "ReplyTo"}
            inner = _with(
                inner, "NotifyConfiguration", renamed(notify, names), takeover.place_of("notify_configuration")
            )
        for actions in _blocks(takeover, "actions"):
            levels = empty(actions.place)
            for old, new in {
                "low_action": "LowAction",
                "medium_action": "MediumAction",
                "high_action": "HighAction",
            }.items():
                for level in _blocks(actions, old):
                    levels = _with(levels, new, renamed(level, {"notify": "Notify"}), level.place)
            inner = _with(inner, "Actions", levels, actions.place)
        found = _with(found, "AccountTakeoverRiskConfiguration", inner, takeover.place)
    return found


def _identity(values: Members, name: str) -> Members:
    found = renamed(values, {name: "EmailIdentity"})
    configuration = text_of(values, "configuration_set_name") if name == "email_identity" else None
    if configuration is None:
        return found
    place = values.place_of("configuration_set_name")
    inner = _with(empty(place), "ConfigurationSetName", Scalar(place=place, value=configuration), place)
    return _with(found, "ConfigurationSetAttributes", inner, place)


def _set(values: Members, name: str) -> Members:
    found = renamed(values, {name: "Name"})
    for each in _blocks(values, "delivery_options"):
        options = renamed(each, {"tls_policy": "TlsPolicy", "sending_pool_name": "SendingPoolName"})
        found = _with(found, "DeliveryOptions", options, values.place_of("delivery_options"))
    for each in _blocks(values, "sending_options"):
        found = _with(found, "SendingOptions", renamed(each, {"sending_enabled": "SendingEnabled"}), each.place)
    if "sending_enabled" in values.members:
        found = _with(found, "SendingOptions", renamed(values, {"sending_enabled": "SendingEnabled"}), values.place)
    for each in _blocks(values, "suppression_options"):
        reasons = renamed(each, {"suppressed_reasons": "SuppressedReasons"})
        found = _with(found, "SuppressionOptions", reasons, values.place_of("suppression_options"))
    return found


def _destination(values: Members) -> Members:
    found = renamed(values, {"configuration_set_name": "ConfigurationSetName"})
    names = {
        "event_destination_name": "Name",
        "name": "Name",
        "enabled": "Enabled",
        "matching_event_types": "MatchingEventTypes",
        "matching_types": "MatchingEventTypes",
    }
    blocks = [*_blocks(values, "event_destination")] or [values]
    return _with(found, "EventDestination", renamed(blocks[0], names), values.place)


def _blocks(values: Members, name: str) -> Iterator[Members]:
    """The first block of a name, of which there is at most one; raises NotKnown."""
    yield from parts_of(values, name)[:1]


def _with(members: Members, name: str, value: Node, place: Place) -> Members:
    return replace(members, members={**members.members, name: value}, keys={**members.keys, name: place})
