"""A user pool as its declaration makes it, in the form in which the service reads a live one."""

from collections.abc import Mapping

from mailwarden.domain.readings import (
    EmailConfiguration,
    LinkDomain,
    MailFactors,
    Pool,
    SenderMode,
    ThreatNotices,
    Unreadable,
)
from mailwarden.domain.refs.mail_templates import MailTemplate, without_placeholder
from mailwarden.domain.refs.resources import PoolRef
from mailwarden_command.checking.absence import not_in_source
from mailwarden_command.checking.source.declared import (
    Case,
    DeclaredResource,
    NotKnown,
    ResourceKind,
    flag_of,
    part,
    text_of,
    texts_of,
)
from mailwarden_command.checking.source.deployment import NOW
from mailwarden_command.checking.source.holes import holes_in
from mailwarden_command.checking.source.nodes import Members, every_text
from mailwarden_command.checking.template.serverless import triggers_of

_FIRST_FACTOR, _SECOND_FACTOR, _BY_LINK = "EMAIL_OTP", "EMAIL_OTP", "CONFIRM_WITH_LINK"
_CUSTOM_MESSAGE = "CustomMessage"
# Factors that need no password (Cognito API reference, SignInPolicyType).
_WITHOUT_PASSWORD = frozenset({"EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"})
# YAML reads OFF without quotes as false.
_OFF = ("OFF", "false")
_ENFORCED, _ALL_CLIENTS = "ENFORCED", "ALL"


def pool_of(declared: DeclaredResource, ref: PoolRef, case: Case) -> Pool:
    """The pool; raises NotKnown if a part that mail depends on is not known."""
    if not declared.is_known:
        raise NotKnown("Properties", declared.place)
    members = declared.members
    written = part(members, "EmailConfiguration")
    mode = text_of(written, "EmailSendingAccount")
    triggers = part(members, "LambdaConfig")
    custom = part(triggers, "CustomEmailSender")
    function = text_of(custom, "LambdaArn")
    known = mode is None or mode in {SenderMode.COGNITO_DEFAULT, SenderMode.DEVELOPER}
    return Pool(
        ref=ref,
        name=text_of(members, "UserPoolName") or declared.name,
        email=EmailConfiguration(
            sending_account=None if mode is None else SenderMode(mode) if known else SenderMode.UNKNOWN,
            source_arn=text_of(written, "SourceArn"),
            from_address=text_of(written, "From"),
            reply_to=text_of(written, "ReplyToEmailAddress"),
            configuration_set=text_of(written, "ConfigurationSet"),
        ),
        custom_sender_lambda=function,
        tags={},
        last_modified=NOW,
        factors=_factors(members),
        link_domain=_link_domain(members, ref, declared, case) if function is None else None,
        threat_notices=_threat_notices(members, ref, declared, case) if function is None else None,
        custom_sender_key=text_of(triggers, "KMSKeyID"),
        unknown_sender=None if known else mode,
        templates_without_code=without_placeholder(mail_texts(members)),
        has_custom_message=_has_custom_message(triggers, declared, case),
        is_passwordless=not _WITHOUT_PASSWORD.isdisjoint(_first_factors(members)),
    )


def _factors(members: Members) -> MailFactors:
    """MfaConfiguration is OFF without it (CloudFormation template reference, AWS::Cognito::UserPool)."""
    mfa = text_of(members, "MfaConfiguration")
    return MailFactors(
        second_factor=mfa not in {None, *_OFF} and _SECOND_FACTOR in (texts_of(members, "EnabledMfas") or ()),
        first_factor=_FIRST_FACTOR in _first_factors(members),
    )


def _first_factors(members: Members) -> tuple[str, ...]:
    return texts_of(part(part(members, "Policies"), "SignInPolicy"), "AllowedFirstAuthFactors") or ()


def mail_texts(members: Members) -> Mapping[MailTemplate, str | None]:
    """The texts of a pool's mail that are in use; raises NotKnown."""
    message = part(members, "VerificationMessageTemplate")
    by_link = text_of(message, "DefaultEmailOption") == _BY_LINK
    invitation = part(part(members, "AdminCreateUserConfig"), "InviteMessageTemplate")
    return {
        MailTemplate.CODE: text_of(message, "EmailMessage") or text_of(members, "EmailVerificationMessage"),
        MailTemplate.LINK: text_of(message, "EmailMessageByLink") if by_link else None,
        MailTemplate.INVITATION: text_of(invitation, "EmailMessage"),
    }


def _has_custom_message(triggers: Members, declared: DeclaredResource, case: Case) -> bool:
    """Whether a function may write the texts."""
    functions = case.of_kind(ResourceKind.FUNCTION)
    named = text_of(triggers, _CUSTOM_MESSAGE) is not None
    return named or any(_CUSTOM_MESSAGE in triggers_of(each, declared) for each in functions)


def _link_domain(
    members: Members, ref: PoolRef, declared: DeclaredResource, case: Case
) -> LinkDomain | Unreadable | None:
    """The domain of the links in verification mail; None if the pool's mail has none."""
    option = text_of(part(members, "VerificationMessageTemplate"), "DefaultEmailOption")
    only_by_admin = flag_of(part(members, "AdminCreateUserConfig"), "AllowAdminCreateUserOnly", absent=False)
    if option != _BY_LINK or only_by_admin or "email" not in (texts_of(members, "AutoVerifiedAttributes") or ()):
        return None
    known = text_of(members, "Domain")
    if known is not None:
        return LinkDomain(name=known)
    domains = [each for each in case.of_kind(ResourceKind.POOL_DOMAIN) if not each.is_deleted]
    if any(text_of(each.members, "UserPoolId") == declared.pool_id for each in domains):
        return LinkDomain(name=declared.name)
    # The domain may be one of a pool whose id is not known, or that of a pool that exists.
    if domains or declared.was_there:
        return not_in_source("cognito-idp:DescribeUserPoolDomain", ref.region)
    return LinkDomain(name=None)


def _threat_notices(
    members: Members, ref: PoolRef, declared: DeclaredResource, case: Case
) -> ThreatNotices | Unreadable | None:
    """The sender of the notices of threat protection, for all app clients; None where it mails nothing."""
    add_ons = part(members, "UserPoolAddOns")
    modes = (
        text_of(add_ons, "AdvancedSecurityMode"),
        text_of(part(add_ons, "AdvancedSecurityAdditionalFlows"), "CustomAuthMode"),
    )
    if _ENFORCED not in modes:
        return None
    for each in case.of_kind(ResourceKind.RISK_CONFIGURATION):
        of_all = (text_of(each.members, "ClientId") or _ALL_CLIENTS) == _ALL_CLIENTS
        if not each.is_deleted and of_all and text_of(each.members, "UserPoolId") == declared.pool_id:
            return _notices(each, ref)
    return None


def _notices(risk: DeclaredResource, ref: PoolRef) -> ThreatNotices | Unreadable | None:
    takeover = part(risk.members, "AccountTakeoverRiskConfiguration")
    if any(holes_in(text) for text in every_text(takeover)):
        return not_in_source("cognito-idp:DescribeRiskConfiguration", ref.region)
    notify, actions = part(takeover, "NotifyConfiguration"), part(takeover, "Actions")
    levels = [part(actions, name) for name in ("LowAction", "MediumAction", "HighAction")]
    if not notify.members or not any(flag_of(each, "Notify", absent=False) for each in levels):
        return None
    return ThreatNotices(
        source_arn=text_of(notify, "SourceArn") or "",
        from_address=text_of(notify, "From"),
        reply_to=text_of(notify, "ReplyTo"),
    )
