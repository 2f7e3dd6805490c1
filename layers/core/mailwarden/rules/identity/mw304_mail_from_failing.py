"""MW304: the custom MAIL FROM domain of the identity is not in order."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import Identity, MailFrom, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import identity_words, pool_words
from mailwarden.rules.rule import Rule

# "These behaviors are taken when the custom MAIL FROM domain configuration is in the Pending, Failed, and
# TemporaryFailure states" (SES API reference, MailFromAttributes).
_NOT_IN_ORDER = frozenset({"PENDING", "FAILED", "TEMPORARY_FAILURE"})


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities whose custom MAIL FROM domain has no MX record, and say whether mail is lost by it.

    ## What it does
    Reads `MailFromAttributes`. With `BehaviorOnMxFailure` `REJECT_MESSAGE` SES refuses every mail while the status is
    not `SUCCESS`; with `USE_DEFAULT_VALUE` it falls back to `amazonses.com`.

    ## Why it matters
    Refused: sign-up and forgotten-password calls fail with `CodeDeliveryFailureException`, or users wait for a code
    that is never sent. Fallen back: SPF no longer speaks for your domain, and more mail ends up in spam.

    ## Example
    `{"MailFromDomain": "bounce.example.com", "MailFromDomainStatus": "FAILED", "BehaviorOnMxFailure":
    "REJECT_MESSAGE"}`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity → Authentication → Custom MAIL FROM domain:
      publish the MX and TXT records shown there, or choose Edit → Use default MAIL FROM domain.
    - **CLI:** `aws sesv2 put-email-identity-mail-from-attributes --email-identity … --mail-from-domain …
      --behavior-on-mx-failure USE_DEFAULT_VALUE`.
    - **CloudFormation:** `MailFromAttributes: {BehaviorOnMxFailure: USE_DEFAULT_VALUE}` of the
      `AWS::SES::EmailIdentity`, and an `AWS::Route53::RecordSet` for the MX record.
    - **Terraform:** `behavior_on_mx_failure` of the `aws_sesv2_email_identity_mail_from_attributes`, and an
      `aws_route53_record` for the MX record.

    ## Fix and its safety
    None: the record is in a DNS zone that Mailwarden does not touch, and refusing was somebody's choice.

    ## Known gaps
    What a mail of the default sender has as its MAIL FROM is not documented. It is judged by the identity's like that
    of `DEVELOPER`, and told as *unknown* where it would be lost.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MailFromAttributes.html
    - https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
    """
    for ses_state in judged_ses_states(path):
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ses_state.identity_ref, because=str(refused))
            case Identity(mail_from=mail_from) as identity:
                if mail_from is not None and mail_from.status != "SUCCESS":
                    yield _finding(path, identity, mail_from)


def _finding(path: MailPath, identity: Identity, mail_from: MailFrom) -> Finding:
    ref, status = identity.ref, mail_from.status
    refuses = mail_from.rejects_on_failure
    if refuses and status not in _NOT_IN_ORDER:
        return RULE.undecided(path, subject=ref, because="SES reports a MAIL FROM status that is not documented")
    words = status.replace("_", " ").lower() or "not said"
    return RULE.finding(
        path,
        subject=ref,
        effect=_effect(path) if refuses else Effect.NONE,
        severity=None if refuses else Severity.LOW,
        message=f"the MAIL FROM domain {mail_from.domain} of {identity_words(ref)} is not in order ({words}), and "
        f"{pool_words(path.pool)} sends as it",
        why="SES is told to refuse every mail while the MX record of that domain is not found"
        if refuses
        else "SES falls back to amazonses.com, so SPF no longer speaks for the domain",
        remediation=f"Publish the MX record that SES shows for {mail_from.domain} in region {ref.region}, or "
        "let SES fall "
        "back to its own MAIL FROM domain",
        evidence={
            "mail_from_domain": mail_from.domain,
            "mail_from_status": status or "not said",
            "on_failure": "refuse the mail" if refuses else "use amazonses.com",
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
