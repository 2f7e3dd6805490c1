"""MW115: the pool verified addresses by mail, and a call that did not say so ended it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.verification import ATTRIBUTES, lost_verification
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Argument, message
from mailwarden.rules.authors import author_message, event_ids
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

_INVITED_ONLY = "AdminCreateUserConfig.AllowAdminCreateUserOnly"
# As for MW108: until then the event of the call may be on its way.
_HEARD_WITHIN = timedelta(minutes=10)


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that verified addresses by mail and no longer do, by a call that did not name the setting.

    ## What it does
    Mailwarden remembers that `AutoVerifiedAttributes` of a pool contained `email`. The rule fires if it is empty now,
    unless the record of a call names `autoVerifiedAttributes` without `email`: that was a choice, whoever made it. It
    does not fire if phone numbers are verified instead: a call that does not name the attributes leaves none of them.

    ## Why it matters
    Without `email` in `AutoVerifiedAttributes` Cognito sends no verification code at sign-up. No call fails and nothing
    is logged: users wait for a code that is never sent, cannot confirm, and cannot recover their password.

    ## Example
    `aws cognito-idp describe-user-pool` showed `"AutoVerifiedAttributes": ["email"]`. A call of `UpdateUserPool` that
    changed the sender and named nothing else left the pool without the member.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Sign-up → Attribute verification → Edit: send email message,
      verify email address. Compare the other settings that the finding lists.
    - **CLI:** do not send a partial update again: it resets whatever it does not name. If the loss was intended,
      `make restore POOL=… ACCEPT=yes` ends the finding.
    - **CloudFormation:** `AutoVerifiedAttributes: [email]` of the `AWS::Cognito::UserPool`.
    - **Terraform:** `auto_verified_attributes = ["email"]` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: Mailwarden writes the `EmailConfiguration` of a pool and nothing else of it.

    ## Known gaps
    A pool that did not verify by mail when Mailwarden looked at it first is taken to mean it. A trigger before sign-up
    that confirms users itself is not read. A change that no event reported is alerted ten minutes after
    `LastModifiedDate`.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    """
    known, settings = path.ledger_facts.verification, path.pool.settings
    authorship = lost_verification(known, settings)
    if authorship is None:
        return
    invited_only = settings.get(_INVITED_ONLY) == "true"
    evidence: dict[str, Argument] = {
        "auto_verified": settings.get(ATTRIBUTES) or message("words.none"),
        "changed_by": author_message("MW115", authorship),
        "last_modified": path.pool.last_modified.isoformat(timespec="seconds"),
    }
    if authorship.calls:
        evidence["event_id"] = event_ids(authorship)
    finding = RULE.finding(
        path,
        effect=Effect.AT_RISK,
        severity=Severity.MEDIUM if invited_only else Severity.CRITICAL,
        message=message("MW115.lost", pool=pool_message(path.pool)),
        why=message("MW115.why.invited") if invited_only else message("MW115.why"),
        remediation=message("MW115.remediation", id=path.pool.ref.pool_id),
        evidence=evidence,
    )
    patience = min(_HEARD_WITHIN, path.thresholds.unannounced_grace)
    if authorship.origin is Origin.NOT_HEARD and path.taken_at - path.pool.last_modified < patience:
        finding = replace(finding, is_note=True)
    yield finding


RULE = Rule(
    rule_id="MW115",
    name="verification-lost",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
