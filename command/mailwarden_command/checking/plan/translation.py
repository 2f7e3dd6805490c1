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
            return empty(values.place)


def _pool(values: Members) -> Members:
    found = _Parts(place=values.place, members={}, keys={})
    for old, new in {
        "name": "UserPoolName",
        "mfa_configuration": "MfaConfiguration",
        "auto_verified_attributes": "AutoVerifiedAttributes",
    }.items():
        found.put(new, values.get(old), values.place_of(old))
    domain = text_of(values, "custom_domain") or text_of(values, "domain")
    if domain and not holes_in(domain):
        found.put("Domain", Scalar(place=values.place, value=domain))
    for each in _blocks(values, "email_configuration"):
        found.put("EmailConfiguration", renamed(each, _EMAIL), values.place_of("email_configuration"))
    for each in _blocks(values, "lambda_config"):
        triggers = renamed(each, {"kms_key_id": "KMSKeyID"})
        for sender in _blocks(each, "custom_email_sender"):
            triggers = _with(
                triggers,
                "CustomEmailSender",
                renamed(sender, {"lambda_arn": "LambdaArn"}),
                each.place_of("custom_email_sender"),
            )
        found.put("LambdaConfig", triggers, values.place_of("lambda_config"))
    for _ in _blocks(values, "email_mfa_configuration"):
        place = values.place_of("email_mfa_configuration")
        found.put("EnabledMfas", Items(place=place, items=(Scalar(place=place, value="EMAIL_OTP"),)), place)
    for each in _blocks(values, "sign_in_policy"):
        policy = renamed(each, {"allowed_first_auth_factors": "AllowedFirstAuthFactors"})
        found.put("Policies", _with(empty(each.place), "SignInPolicy", policy, values.place_of("sign_in_policy")))
    for each in _blocks(values, "verification_message_template"):
        found.put("VerificationMessageTemplate", renamed(each, {"default_email_option": "DefaultEmailOption"}))
    for each in _blocks(values, "admin_create_user_config"):
        only = renamed(each, {"allow_admin_create_user_only": "AllowAdminCreateUserOnly"})
        found.put("AdminCreateUserConfig", only)
    return found.all()


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
