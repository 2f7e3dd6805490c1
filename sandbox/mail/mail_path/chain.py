"""The chain a pool's mail passes through, judged link by link; the first broken link decides.

The fate of a mail at a broken link; "refused" is InvalidEmailRoleAccessPolicyException, "undeliverable" is
CodeDeliveryFailureException, and the column names the source:

| stage | broken because | default sender | DEVELOPER | known from |
|---|---|---|---|---|
| sender | 50 mails of the account's day used up | exceeded (+) | - | observed (amplify-cli 7412, FLIP 592) |
| sender | link in the mail, pool without domain | refused (*) | refused (*) | observed (amplify-js 4489) |
| sender | no SourceArn; FROM missing or outside the identity | lost | refused | page "Email settings"; inferred |
| sender | SES cannot read FROM or REPLY-TO | - | undeliverable | observed (botocore 1774) |
| sender | address of FROM or REPLY-TO not ASCII | - | undeliverable | SES: addresses are 7-bit ASCII; inferred |
| region | SES region not allowed, or no row | lost | lost | page "Email settings"; no error is documented |
| identity | no ARN of SES in the pool's partition | lost | refused | no such identity |
| identity | missing or unverified | lost | refused | older API text of the exception |
| identity | MAIL FROM failing, behavior reject | lost | undeliverable | SES: BehaviorOnMxFailure |
| authorization | no Allow for the row's principal | lost | alternate rows: lost | measured in ap-east-2 |
| authorization | Deny for the principal or the service-linked role | lost | refused | text of the exception |
| authorization | no service-linked role | - | refused | text of the exception; inferred |
| account | SES sandbox, unverified recipient | - | undeliverable | observed (dev.classmethod.jp, 2023-04-05) |
| account | paused, shut down, quota used up | - | undeliverable | declared error; inferred |
| configuration-set | missing or switched off | - | undeliverable | declared error; inferred |
| suppression | recipient on the account's list | - | taken, not delivered | SES guide, account-level suppression |

(*) InvalidParameterException, of sign-ups and of codes that are sent again: only their mail has the link.

(+) LimitExceededException, except of ForgotPassword, which was seen to answer success and lose the mail.

A pool with a CustomEmailSender hands its mail to that function and uses no link of the chain (the function itself is
not invoked here). A function that is gone or that Cognito may not invoke, and a key that is gone or not enabled, are
UnexpectedLambdaException. The default sender mails through Cognito's own SES account, even with a custom FROM: the
customer's standing, quota, configuration set and suppression list do not apply to it. Operations that declare only
one of the two errors answer with that one, operations that declare neither answer success and lose the mail.
"""

from dataclasses import dataclass, replace

from sandbox.mail import emulator
from sandbox.mail.cognito.ses_regions import Row, row_of
from sandbox.mail.mail_path import header
from sandbox.mail.mail_path.custom_sender import UNEXPECTED_LAMBDA, CustomSender
from sandbox.mail.mail_path.mailbox import DEFAULT_SENDER_DAILY_LIMIT, MAILBOX
from sandbox.mail.mail_path.pool_mail import PoolMail
from sandbox.mail.policies import authorization
from sandbox.mail.ses import sending
from sandbox.mail.ses.store import Identity, Realm, domain_of, realm

ROLE_ACCESS = "InvalidEmailRoleAccessPolicyException"
DELIVERY = "CodeDeliveryFailureException"
INVALID = "InvalidParameterException"
LIMIT = "LimitExceededException"
# Their mail has the link; other codes are codes in every pool.
_WITH_LINK = frozenset({"SignUp", "ResendConfirmationCode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a pool's mail is sent; if not, the stage, the reason, and the error that the caller sees, if any."""

    accepted: bool
    stage: str | None = None
    reason: str = ""
    error: str | None = None
    ses_regions: tuple[str, ...] = ()

    def shown(self) -> emulator.Json:
        """Describe it for the control API."""
        return {"accepted": self.accepted, "stage": self.stage, "reason": self.reason, "error": self.error}


def judge(mail: PoolMail, recipient: str | None = None, *, operation: str = "SignUp") -> Verdict:
    """Judge a pool's mail now; without a recipient, for any customer's address."""
    if mail.custom_sender is not None:
        return _handed_over(mail, mail.custom_sender)
    if mail.link_without_domain and operation in _WITH_LINK:
        said = (
            "Cannot perform specific action because there does not exist a valid use pool domain associated with the "
            "user pool"
        )
        return Verdict(accepted=False, stage="sender", reason=said, error=INVALID)
    if mail.developer:
        return _judge_developer(mail, recipient)
    used = MAILBOX.default_sender_used_today(mail.account)
    if used >= DEFAULT_SENDER_DAILY_LIMIT:
        limit = f"The account's {DEFAULT_SENDER_DAILY_LIMIT} mails a day of the default sender are used up."
        silent = operation == "ForgotPassword"
        return Verdict(accepted=False, stage="sender", reason=limit, error=None if silent else LIMIT)
    if mail.source_arn is None:
        return Verdict(accepted=True)
    return _judge_custom_from(mail, recipient)


def judge_notices(mail: PoolMail) -> Verdict:
    """Judge the sender of threat protection's notices, by what holds for the default sender with an identity.

    ``error`` is what SetRiskConfiguration answers; a notice that is lost later is an error of no call.
    """
    if mail.custom_sender is not None:
        return _handed_over(mail, mail.custom_sender)
    row, region = row_of(mail.region), mail.source_region
    if row is None:
        return _no_row(mail)
    if region not in row.ses_regions:
        return _region_not_allowed(mail, row)
    broken = _broken_identity(mail, region, INVALID) or _not_allowed(mail, row, region, None)
    if broken is None:
        return Verdict(accepted=True, ses_regions=(region,))
    return replace(broken, error=ROLE_ACCESS) if broken.stage == "authorization" else broken


def _handed_over(mail: PoolMail, sender: CustomSender) -> Verdict:
    failure = sender.failure(mail.pool_arn)
    if failure is None:
        return Verdict(accepted=True, stage="sender", reason=f"Handed to the Lambda function {sender.function_arn}.")
    said = f"CustomEmailSender invocation failed due to error {failure}."
    return Verdict(accepted=False, stage="sender", reason=said, error=UNEXPECTED_LAMBDA)


def _judge_custom_from(mail: PoolMail, recipient: str | None) -> Verdict:
    row = row_of(mail.region)
    if row is None:
        return _no_row(mail)
    if row.splits_default_mail and mail.source_region != "*":
        both = " and ".join(row.ses_regions)
        said = f"A pool in {mail.region} mails from {both}: its SourceArn must say ses:*."
        return Verdict(accepted=False, stage="region", reason=said)
    regions = row.ses_regions if row.splits_default_mail else (mail.source_region,)
    if not set(regions) <= set(row.ses_regions):
        return _region_not_allowed(mail, row)
    for ses_region in regions:
        if verdict := _broken_identity(mail, ses_region, None) or _not_allowed(mail, row, ses_region, recipient):
            return verdict
    return Verdict(accepted=True, ses_regions=regions)


def _judge_developer(mail: PoolMail, recipient: str | None) -> Verdict:
    if mail.source_arn is None:
        return Verdict(accepted=False, stage="sender", reason="DEVELOPER without a SourceArn.", error=ROLE_ACCESS)
    row = row_of(mail.region)
    if row is None:
        return _no_row(mail)
    if mail.source_region not in row.developer:
        return _region_not_allowed(mail, row)
    region = mail.source_region
    broken = (
        _broken_identity(mail, region, ROLE_ACCESS)
        or _developer_not_authorized(mail, row, region, recipient)
        or _refused_by_ses(mail, region, recipient)
    )
    return broken or Verdict(accepted=True, ses_regions=(region,))


def _refused_by_ses(mail: PoolMail, region: str, recipient: str | None) -> Verdict | None:
    """Ask SES itself, as the customer's own account."""
    # A name that is not encoded arrives without its letters, or corrupt (aws-sdk-js 1585, aws-sdk-js-v3 2350).
    headers = (mail.sender_header, *([header.read(mail.reply_to)] if mail.reply_to else []))
    objection = next((one.objection for one in headers if one.objection), None)
    if objection is not None:
        return Verdict(accepted=False, stage="sender", reason=f"{objection}.", error=DELIVERY)
    if not all(one.address.isascii() for one in headers):
        said = "Missing final '@domain': addresses must be 7-bit ASCII."
        return Verdict(accepted=False, stage="sender", reason=said, error=DELIVERY)
    ses = realm(mail.account, region)
    refused = sending.refusal_by_account(ses, [recipient] if recipient else [])
    if refused is not None:
        return Verdict(accepted=False, stage="account", reason=refused.message, error=DELIVERY)
    configuration_set = sending.effective_set(ses.identity(mail.identity_name), mail.configuration_set)
    refused = sending.refusal_by_configuration_set(ses, configuration_set)
    if refused is not None:
        return Verdict(accepted=False, stage="configuration-set", reason=refused.message, error=DELIVERY)
    return None


def _no_row(mail: PoolMail) -> Verdict:
    said = f"No row is known for pools in {mail.region}."
    return Verdict(accepted=False, stage="region", reason=said)


def _region_not_allowed(mail: PoolMail, row: Row) -> Verdict:
    allowed = ", ".join(row.developer if mail.developer else row.ses_regions)
    said = f"A pool in {mail.region} may use identities in {allowed}, not in {mail.source_region}."
    return Verdict(accepted=False, stage="region", reason=said)


def _broken_identity(mail: PoolMail, region: str, error: str | None) -> Verdict | None:
    name = mail.identity_name
    ses = realm(mail.account, region)
    ours = mail.source_account == mail.account and mail.names_an_identity
    identity = ses.identity(name) if ours else None
    if identity is None or not identity.usable:
        said = f"is {identity.verification_status}" if identity is not None else "does not exist"
        return Verdict(accepted=False, stage="identity", reason=f"Identity {name} {said} in {region}.", error=error)
    if (reason := wrong_sender(mail, identity)) is not None:
        return Verdict(accepted=False, stage="sender", reason=reason, error=error)
    refused = sending.refusal_by_mail_from(identity)
    if refused is not None:
        error = DELIVERY if mail.developer else None
        return Verdict(accepted=False, stage="identity", reason=refused.message, error=error)
    return None


def wrong_sender(mail: PoolMail, identity: Identity) -> str | None:
    """Check FROM against the identity: an address speaks for itself, a domain for itself and its subdomains."""
    if not mail.developer and identity.kind == "EMAIL_ADDRESS":
        return None  # the default sender takes FROM from the identity, and ignores a legacy configuration
    sender = mail.sender_address
    if mail.sender_header.objection and mail.sender:
        return None  # SES itself refuses it
    if not sender:
        return f"Domain identity {identity.name} without a FROM address."
    own_domain = domain_of(sender)
    if identity.kind == "EMAIL_ADDRESS":
        local, _, domain = identity.name.rpartition("@")
        fits = sender.rpartition("@")[0] == local and own_domain == domain.lower()
    else:
        fits = own_domain == identity.name or own_domain.endswith(f".{identity.name}")
    return None if fits else f"FROM {sender} does not belong to the identity {identity.name}."


def _policies_at(mail: PoolMail, region: str) -> tuple[Realm, dict[str, str]]:
    ses = realm(mail.account, region)
    identity = ses.identity(mail.identity_name)
    return ses, identity.policies if identity is not None else {}


def _not_allowed(mail: PoolMail, row: Row, region: str, recipient: str | None) -> Verdict | None:
    ses, policies = _policies_at(mail, region)
    arn, keys = ses.arn_of(mail.identity_name), authorization.message_keys(mail.sender_header, recipient)
    decision = authorization.decide_for_service(policies, row.principal, arn, mail.pool_arn, keys)
    if decision == "Allow":
        return None
    how = "deny" if decision == "Deny" else "do not allow"
    said = f"The policies of {mail.identity_name} in {region} {how} {row.principal} to send for pool {mail.pool_id}."
    return Verdict(accepted=False, stage="authorization", reason=said)


def _developer_not_authorized(mail: PoolMail, row: Row, region: str, recipient: str | None) -> Verdict | None:
    ses, policies = _policies_at(mail, region)
    arn, keys = ses.arn_of(mail.identity_name), authorization.message_keys(mail.sender_header, recipient)
    if not emulator.role_exists(mail.account, authorization.SERVICE_LINKED_ROLE):
        said = f"The role {authorization.SERVICE_LINKED_ROLE} does not exist."
        return Verdict(accepted=False, stage="authorization", reason=said, error=ROLE_ACCESS)
    decisions = {
        authorization.SERVICE_LINKED_ROLE: authorization.decide_for_service_linked_role(policies, arn, keys),
        row.principal: authorization.decide_for_service(policies, row.principal, arn, mail.pool_arn, keys),
    }
    denied = [who for who, decision in decisions.items() if decision == "Deny"]
    if denied:
        said = f"A policy of {mail.identity_name} in {region} denies {denied[0]}."
        return Verdict(accepted=False, stage="authorization", reason=said, error=ROLE_ACCESS)
    return _not_allowed(mail, row, region, recipient) if row.alternate else None
