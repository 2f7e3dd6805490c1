"""MW304: the custom MAIL FROM domain of the identity does not work."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, MailFrom
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import identity_message, pool_message, status_message
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule

# "These behaviors are taken when the custom MAIL FROM domain configuration is in the Pending, Failed, and
# TemporaryFailure states" (SES API reference, MailFromAttributes).
_FAILING = frozenset({"PENDING", "FAILED", "TEMPORARY_FAILURE"})


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find identities whose custom MAIL FROM domain has no MX record, and report whether that loses mail.

    ## What it does
    Reads `MailFromAttributes`. With `BehaviorOnMxFailure` `REJECT_MESSAGE` SES rejects every mail while the status is
    not `SUCCESS`. With `USE_DEFAULT_VALUE` it falls back to `amazonses.com`.

    ## Why it matters
    If SES rejects the mail, sign-up and forgotten-password calls fail with `CodeDeliveryFailureException`, or users
    wait for a code that is never sent. If SES falls back, SPF no longer covers your domain, and more mail ends up in
    spam.

    ## Example
    `{"MailFromDomain": "bounce.example.com", "MailFromDomainStatus": "FAILED", "BehaviorOnMxFailure":
    "REJECT_MESSAGE"}`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity → Authentication → Custom MAIL FROM domain:
      publish the MX and TXT records shown there, or choose Edit → Use default MAIL FROM domain.
    - **CLI:**

      ```
      aws sesv2 put-email-identity-mail-from-attributes \
        --mail-from-domain … --behavior-on-mx-failure USE_DEFAULT_VALUE \
        --email-identity …
      ```

    - **CloudFormation:** `MailFromAttributes: {BehaviorOnMxFailure: USE_DEFAULT_VALUE}` of the
      `AWS::SES::EmailIdentity`, and an `AWS::Route53::RecordSet` for the MX record.
    - **Terraform:** `behavior_on_mx_failure` of the `aws_sesv2_email_identity_mail_from_attributes`, and an
      `aws_route53_record` for the MX record.

    ## Fix and its safety
    None: the record is in a DNS zone that Mailwarden does not touch, and the owner chose `REJECT_MESSAGE`.

    ## Known gaps
    AWS does not document the MAIL FROM of mail from the default sender. Mailwarden checks the identity's, as for
    `DEVELOPER`, and reports *unknown* where that mail would be lost.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MailFromAttributes.html
    - https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    mail_from = identity.mail_from
    if mail_from is not None and mail_from.status != "SUCCESS":
        yield _finding(path, identity, mail_from)


def _finding(path: MailPath, identity: Identity, mail_from: MailFrom) -> Finding:
    ref, status = identity.ref, mail_from.status
    refuses = mail_from.rejects_on_failure
    if refuses is None:
        return RULE.undecided(path, subject=ref, because=message("MW304.behavior-unknown"))
    if status not in _FAILING and (refuses or status):
        return RULE.undecided(path, subject=ref, because=message("MW304.status-not-documented"))
    return RULE.finding(
        path,
        subject=ref,
        effect=_effect(path) if refuses else Effect.NONE,
        severity=None if refuses else Severity.LOW,
        message=message(
            "MW304.not-working",
            domain=mail_from.domain,
            identity=identity_message(ref),
            status=status_message(status),
            pool=pool_message(path.pool),
        ),
        why=message("MW304.why.rejects") if refuses else message("MW304.why.falls-back"),
        remediation=message("MW304.remediation", domain=mail_from.domain, region=ref.region),
        evidence={
            "mail_from_domain": mail_from.domain,
            "mail_from_status": status or message("words.not-reported"),
            "on_failure": "REJECT_MESSAGE" if refuses else "USE_DEFAULT_VALUE",
            "ses_region": ref.region,
        },
    )


def _effect(path: MailPath) -> Effect:
    developer = isinstance(path.sender, UsesIdentity) and path.sender.use is SenderUse.DEVELOPER
    return Effect.LOST if developer else Effect.UNKNOWN


RULE = Rule(
    rule_id="MW304",
    name="mail-from-failing",
    link=Link.IDENTITY,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
