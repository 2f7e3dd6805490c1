"""Reads user pools: one pool, or a page of a region's pools. Nothing is cached between reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.risk import DESCRIBE_RISK, DescribedRisk, described_risk
from mailwarden.adapters.aws.cognito.settings import settings_of
from mailwarden.adapters.aws.cognito.templates import is_passwordless, templates_without_code
from mailwarden.adapters.aws.errors import code_of, unread, without_member
from mailwarden.adapters.aws.raw_responses import raw_response
from mailwarden.domain.known_good.risk_configuration import notices_in
from mailwarden.domain.readings import (
    LinkDomain,
    MailFactors,
    Missing,
    OwnReason,
    Pool,
    PoolReading,
    SenderMode,
    ThreatNotices,
    Unreadable,
)
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import email_from_document
from mailwarden.ports.mail_path.pools import PoolPage

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UserPoolTypeTypeDef

    from mailwarden.adapters.aws.raw_responses import RawMembers

DESCRIBE = "cognito-idp:DescribeUserPool"
LIST = "cognito-idp:ListUserPools"
GET_MFA = "cognito-idp:GetUserPoolMfaConfig"
DESCRIBE_DOMAIN = "cognito-idp:DescribeUserPoolDomain"
# "To log user security information but take no action, set to AUDIT" (Cognito API reference, UserPoolAddOnsType).
_WITHOUT_NOTICES = frozenset({"OFF", "AUDIT"})
_PAGE = 60  # The maximum of ListUserPools (Cognito API reference, ListUserPools, MaxResults).
_EMAIL_FACTOR = "EMAIL_OTP"
# AuthFactorType (Cognito API reference, SignInPolicyType).
_OTHER_FACTORS = frozenset({"PASSWORD", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"})
# DefaultEmailOptionType (Cognito API reference, VerificationMessageTemplateType); a code is the default.
_BY_CODE, _BY_LINK = "CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"
_KNOWN_MODES = frozenset({SenderMode.COGNITO_DEFAULT.value, SenderMode.DEVELOPER.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoPools:
    """Implements the ports ``Pools`` and ``SecondFactors`` with Cognito.

    ``partition`` and ``account`` are the deployment's. ``with_settings`` reads the settings, too, which only a ledger
    compares with earlier ones.
    """

    clients: Clients
    partition: str
    account: str
    with_settings: bool = True

    def read(self, pool: PoolRef) -> PoolReading:
        """The current state of one pool; raises every error but a refusal, a throttle or a timeout.

        Its MFA factors need another call. They are read only where they matter: on the default sender, which does not
        support e-mail MFA (Cognito guide, "SMS and email message MFA"). So do a custom domain, which is read only if
        the pool's mail has links, and the risk configuration, which is read only where threat protection acts.
        """
        if pool.account != self.account:
            return Unreadable(action=DESCRIBE, region=pool.region, reason=OwnReason.OTHER_ACCOUNT, about=pool.account)
        try:
            client = self.clients.cognito(pool.region)
            answer = client.describe_user_pool(UserPoolId=pool.pool_id)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "ResourceNotFoundException":
                return Missing(arn=pool.arn)
            return unread(error, action=DESCRIBE, region=pool.region)
        described = answer["UserPool"]
        reading = _pool(pool, described, raw_response(answer).unknown_members)
        if self.with_settings:
            written = client.meta.service_model.operation_model("UpdateUserPool").input_shape
            reading = replace(reading, settings=settings_of(described, written))
        if _may_send_links(described) and reading.custom_sender_lambda is None:
            option = _email_option(described)
            by_link = option == _BY_LINK
            domain = self._link_domain(pool.region, described) if by_link else _unexpected(pool.region, option)
            reading = replace(reading, link_domain=domain)
        if _acts_on_threats(described) and reading.custom_sender_lambda is None:
            risk = self._risk(pool)
            notices = risk if isinstance(risk, Unreadable) else _notices(risk)
            text = None if isinstance(risk, Unreadable) else risk.text
            reading = replace(reading, threat_notices=notices, acts_on_threats=True, risk=text)
        is_asked_for = reading.email.mode is SenderMode.COGNITO_DEFAULT and reading.custom_sender_lambda is None
        # Without MFA no second factor is in effect, even if one is configured.
        if not is_asked_for or described.get("MfaConfiguration") == "OFF":
            return reading
        return replace(reading, factors=replace(reading.factors, second_factor=self.mails_second_factor(pool)))

    def mails_second_factor(self, pool: PoolRef) -> bool | Unreadable:
        """Whether the pool mails codes as a second factor, whichever sender it has."""
        try:
            answer = self.clients.cognito(pool.region).get_user_pool_mfa_config(UserPoolId=pool.pool_id)
        except (ClientError, BotoCoreError) as error:
            # Also of a pool that was just deleted: the event of its deletion causes the next look.
            return unread(error, action=GET_MFA, region=pool.region)
        return answer["MfaConfiguration"] != "OFF" and "EmailMfaConfiguration" in answer

    def _link_domain(self, region: str, pool: "UserPoolTypeTypeDef") -> LinkDomain:
        custom = pool.get("CustomDomain")
        if not custom:
            return LinkDomain(name=pool.get("Domain") or None)
        try:
            answer = self.clients.cognito(region).describe_user_pool_domain(Domain=custom)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "ResourceNotFoundException":
                return LinkDomain(name=custom, custom_status="")
            return LinkDomain(name=custom, custom_status=unread(error, action=DESCRIBE_DOMAIN, region=region))
        described = answer["DomainDescription"]
        # A domain that does not exist is described by nothing at all.
        if described and "Status" not in described:
            unknown = without_member("DomainDescription.Status", action=DESCRIBE_DOMAIN, region=region)
            return LinkDomain(name=custom, custom_status=unknown)
        return LinkDomain(name=custom, custom_status=described.get("Status", ""))

    def _risk(self, pool: PoolRef) -> DescribedRisk | Unreadable:
        """The risk configuration for all app clients that have none of their own."""
        try:
            return described_risk(self.clients.cognito(pool.region), pool)
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=DESCRIBE_RISK, region=pool.region)

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        """Up to 60 pools of a region, from the token *after* on; one that AWS no longer takes is a refusal."""
        try:
            client = self.clients.cognito(region)
            if after is None:
                answer = client.list_user_pools(MaxResults=_PAGE)
            else:
                answer = client.list_user_pools(MaxResults=_PAGE, NextToken=after)
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=LIST, region=region)
        pools = tuple(
            PoolRef(partition=self.partition, region=region, account=self.account, pool_id=pool["Id"])
            for pool in answer["UserPools"]
        )
        return PoolPage(pools=pools, after=answer.get("NextToken"))


def _notices(risk: DescribedRisk) -> ThreatNotices | None:
    """The sender of notices; one with members that this SDK does not know is not known whole."""
    notices = notices_in(risk.text)
    return replace(notices, takeover="") if notices is not None and risk.unknown_members else notices


def _may_send_links(pool: "UserPoolTypeTypeDef") -> bool:
    """Whether users who sign up are sent a link in place of a code (Cognito guide, "Verification messages").

    They may be if the option is one that this version does not know.
    """
    may_sign_up = not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False)
    return _email_option(pool) != _BY_CODE and may_sign_up and "email" in pool.get("AutoVerifiedAttributes", ())


def _email_option(pool: "UserPoolTypeTypeDef") -> str:
    return pool.get("VerificationMessageTemplate", {}).get("DefaultEmailOption") or _BY_CODE


def _unexpected(region: str, value: str) -> Unreadable:
    """A value that this version does not know: its effect on mail cannot be judged."""
    return Unreadable(action=DESCRIBE, region=region, reason=OwnReason.UNEXPECTED_RESPONSE, about=value)


def _acts_on_threats(pool: "UserPoolTypeTypeDef") -> bool:
    """Whether threat protection does more than log, in sign-ins of the usual kind or of an app's own kind."""
    add_ons = pool.get("UserPoolAddOns", {})
    of_own_kind = add_ons.get("AdvancedSecurityAdditionalFlows", {}).get("CustomAuthMode", "OFF")
    return not {add_ons.get("AdvancedSecurityMode", "OFF"), of_own_kind} <= _WITHOUT_NOTICES


def _pool(ref: PoolRef, pool: "UserPoolTypeTypeDef", unknown: tuple[str, ...]) -> Pool:
    # A TypedDict is a mapping of its members; the stubs type it more closely than the domain's reader needs.
    email = cast("RawMembers", pool["EmailConfiguration"])
    mode = str(email.get("EmailSendingAccount") or SenderMode.COGNITO_DEFAULT)
    is_known = mode in _KNOWN_MODES
    triggers = pool["LambdaConfig"]
    sender = triggers.get("CustomEmailSender")
    return Pool(
        ref=ref,
        name=pool.get("Name", ""),
        email=email_from_document(email if is_known else {**email, "EmailSendingAccount": SenderMode.UNKNOWN.value}),
        custom_sender_lambda=None if sender is None else sender.get("LambdaArn"),
        tags=pool["UserPoolTags"],
        last_modified=pool["LastModifiedDate"],
        unknown_members=unknown,
        factors=MailFactors(second_factor=False, first_factor=_first_factor(ref.region, pool)),
        custom_sender_key=triggers.get("KMSKeyID") or None,
        unknown_sender=None if is_known else mode,
        templates_without_code=templates_without_code(pool),
        has_custom_message=bool(triggers.get("CustomMessage")),
        is_passwordless=is_passwordless(pool),
    )


def _first_factor(region: str, pool: "UserPoolTypeTypeDef") -> bool | Unreadable:
    """Whether mail is a first factor of the sign-in; Unreadable if there is a factor that may be mail, too."""
    factors: Sequence[str] = pool.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ())
    unknown = sorted({*factors} - _OTHER_FACTORS - {_EMAIL_FACTOR})
    return True if _EMAIL_FACTOR in factors else _unexpected(region, unknown[0]) if unknown else False
