"""MW112: the notices of threat protection have a sender of their own, and it may not be able to send."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import SenderMode, ThreatNotices, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.account import mw501_ses_sandbox, mw502_sending_paused
from mailwarden.rules.authorization import (
    mw401_no_sending_grant,
    mw402_sending_denied,
    mw403_wrong_cognito_principal,
    mw407_grant_undecidable,
    mw408_half_a_grant,
)
from mailwarden.rules.identity import mw301_identity_missing, mw302_identity_not_verified, mw304_mail_from_failing
from mailwarden.rules.naming import in_a_row, pool_message
from mailwarden.rules.notices_sender import as_own_sender
from mailwarden.rules.region import mw201_ses_region_not_allowed, mw202_ses_region_unknown
from mailwarden.rules.rule import Rule
from mailwarden.rules.sender import (
    mw102_developer_without_identity,
    mw103_identity_of_another_account,
    mw104_from_outside_the_identity,
    mw105_domain_without_from,
    mw107_malformed_sender_address,
)

# AWS documents what these find for the sender of notices, too: SourceArn is an identity of SES that permits the From.
_DOCUMENTED = (
    mw102_developer_without_identity.RULE,
    mw103_identity_of_another_account.RULE,
    mw104_from_outside_the_identity.RULE,
    mw105_domain_without_from.RULE,
    mw107_malformed_sender_address.RULE,
    mw301_identity_missing.RULE,
    mw302_identity_not_verified.RULE,
    mw304_mail_from_failing.RULE,
)
# Of what these find, AWS documents only what holds for the pool's own mail.
_OF_REGION_AND_ACCOUNT = (
    mw201_ses_region_not_allowed.RULE,
    mw202_ses_region_unknown.RULE,
    mw501_ses_sandbox.RULE,
    mw502_sending_paused.RULE,
)
_OF_POLICIES = (
    mw401_no_sending_grant.RULE,
    mw402_sending_denied.RULE,
    mw403_wrong_cognito_principal.RULE,
    mw407_grant_undecidable.RULE,
    mw408_half_a_grant.RULE,
)


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose threat protection sends notices as an identity that cannot send them, or may not.

    ## What it does
    Reads `NotifyConfiguration` of the pool's risk configuration where threat protection acts (`AdvancedSecurityMode` or
    `CustomAuthMode` is `ENFORCED`) and at least one risk level has `Notify`. Judges its `SourceArn`, `From` and
    `ReplyTo` by the rules for the pool's own sender: MW102 to MW105, MW107, MW201, MW202, MW301, MW302, MW304, MW401 to
    MW403, MW407, MW408, MW501 and MW502. The alert names each of these rules that fails.

    ## Why it matters
    These notices tell users of risky sign-ins to their account. They have a sender of their own, which can break while
    codes are still sent, and no API call reports an error. Because codes are still sent, the pool is *at risk*.

    ## Example
    A risk configuration with `"SourceArn": "arn:aws:ses:eu-west-1:…:identity/security@example.com"` after that identity
    was deleted.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Threat protection → Adaptive authentication → Email: choose
      a verified identity. Or repair the identity in Amazon SES.
    - **CLI:** none: AWS does not document what `SetRiskConfiguration` does to a part that a call leaves out, so a call
      that only names the sender may remove the rest.
    - **CloudFormation:** `NotifyConfiguration` of the `AWS::Cognito::UserPoolRiskConfigurationAttachment`.
    - **Terraform:** `notify_configuration` of the `aws_cognito_risk_configuration`.

    ## Fix and its safety
    None: AWS does not document as which principal Cognito sends these notices, so no grant for them can be safe. A
    sender that was lost is restored on a person's order (MW117).

    ## Known gaps
    AWS documents neither the SES regions, nor the principal, nor the SES account of these notices: what the rules about
    them find is *unknown* here. Risk configurations of single app clients are not read. Pools with a custom email
    sender function are not checked, because the function receives the notices too.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_NotifyConfigurationType.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
    """
    match path.pool.threat_notices:
        case None:
            return
        case Unreadable() as refused:
            yield RULE.undecided(path, because=refused.message)
        case ThreatNotices() as notices:
            yield from _judged(path, notices)


def _judged(path: MailPath, notices: ThreatNotices) -> Iterator[Finding]:
    as_developer = as_own_sender(path, notices, SenderMode.DEVELOPER)
    as_default = as_own_sender(path, notices, SenderMode.COGNITO_DEFAULT)
    documented = tuple(_found(_DOCUMENTED, as_developer))
    assumed = (*_found(_OF_REGION_AND_ACCOUNT, as_developer), *_found(_OF_POLICIES, as_default))
    found = (*documented, *assumed)
    if not found:
        return
    is_certain = any(finding.effect is not Effect.UNKNOWN for finding in documented)
    yield RULE.finding(
        path,
        effect=Effect.AT_RISK if is_certain else Effect.UNKNOWN,
        message=message(
            "MW112.fails" if is_certain else "MW112.unknown",
            pool=pool_message(path.pool),
            source_arn=notices.source_arn or message("words.not-reported"),
        ),
        why=message("MW112.why"),
        remediation=message("MW112.remediation", pool=path.pool.ref.pool_id),
        unknown_reason=None if is_certain else _reason(found, assumed),
        evidence={
            "sender": message("MW112.sender"),
            "source_arn": notices.source_arn or message("words.not-reported"),
            **({} if notices.from_address is None else {"from": notices.from_address}),
            **{finding.rule_id: finding.rule_name for finding in found},
        },
    )


def _found(rules: tuple[Rule, ...], path: MailPath) -> Iterator[Finding]:
    """What is wrong by these rules, without what is only advice."""
    return (finding for rule in rules for finding in rule.check(path) if finding.effect is not Effect.NONE)


def _reason(found: tuple[Finding, ...], assumed: tuple[Finding, ...]) -> Message:
    reasons = [finding.unknown_reason for finding in found if finding.unknown_reason is not None]
    if any(finding.unknown_reason is None for finding in assumed):
        reasons.append(message("MW112.not-documented"))
    return in_a_row(tuple(dict.fromkeys(reasons)))


RULE = Rule(
    rule_id="MW112",
    name="sender-of-threat-notices",
    link=Link.SENDER,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset(
        {
            "cognito-idp:DescribeUserPool",
            "cognito-idp:DescribeRiskConfiguration",
            "ses:GetEmailIdentity",
            "ses:GetAccount",
        }
    ),
    check=check,
)
