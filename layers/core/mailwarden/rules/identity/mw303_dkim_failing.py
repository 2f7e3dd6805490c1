"""MW303: SES sends the mail of a domain without a DKIM signature, or soon will."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Dkim, Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.naming import YES_OR_NO, identity_message, pool_message, status_message
from mailwarden.rules.rule import Rule

_FAILING = frozenset({"FAILED", "TEMPORARY_FAILURE"})
# DkimAttributes; an empty status is one that SES does not report.
_STATUSES = frozenset({"", "PENDING", "SUCCESS", "NOT_STARTED"}) | _FAILING


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find domains that pools send as and whose mail has no DKIM signature, or soon will have none.

    ## What it does
    Reads `DkimAttributes` of domain identities. DKIM is switched off, not set up yet, or failing, which means that SES
    no longer finds the CNAME records.

    ## Why it matters
    SES sends the mail. Receivers that follow the domain's DMARC policy may reject it or deliver it to the spam folder:
    users of some providers receive their codes and others do not.

    ## Example
    `"DkimAttributes": {"SigningEnabled": true, "Status": "FAILED", …}` after a cleanup of the DNS zone.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the domain → Authentication → DKIM: publish the CNAME records
      shown there, or choose Edit and switch signing on.
    - **CLI:** `aws sesv2 get-email-identity --email-identity …` shows the tokens, and this switches signing on:

      ```
      aws sesv2 put-email-identity-dkim-attributes \
        --signing-enabled --email-identity …
      ```

    - **CloudFormation:** `DkimAttributes: {SigningEnabled: true}` of the `AWS::SES::EmailIdentity`, and an
      `AWS::Route53::RecordSet` for each of its three DNS tokens.
    - **Terraform:** an `aws_route53_record` for each of `dkim_signing_attributes[0].tokens` of the
      `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: the records are in a DNS zone that Mailwarden does not touch. Switching signing on without them would change
    nothing, and where they are in place the owner may have switched it off on purpose, such as for a provider of their
    own.

    ## Known gaps
    Receivers decide what they do with unsigned mail. So failing DKIM counts as *at risk*, and DKIM that is off or not
    set up yet is advice. Mailwarden does not read the DMARC policy. MW305 covers addresses; MW302 covers domains that
    are not verified.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DkimAttributes.html
    """
    for ses_state in usable_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                if not ref.is_address:
                    yield RULE.undecided(path, subject=ref, because=refused.message)
            case Identity() as identity:
                if not identity.is_domain or not identity.verified_for_sending:
                    continue
                if identity.dkim is None:
                    yield RULE.undecided(path, subject=ref, because=message("MW303.not-reported"))
                elif identity.dkim.signing_enabled and identity.dkim.status not in _STATUSES:
                    yield RULE.undecided(path, subject=ref, because=message("MW303.status-not-documented"))
                elif not _signs(identity.dkim):
                    yield _finding(path, identity, identity.dkim)


def _signs(dkim: Dkim) -> bool:
    return dkim.signing_enabled and dkim.status == "SUCCESS"


def _finding(path: MailPath, identity: Identity, dkim: Dkim) -> Finding:
    failing = dkim.signing_enabled and dkim.status in _FAILING
    return RULE.finding(
        path,
        subject=identity.ref,
        effect=Effect.AT_RISK if failing else Effect.NONE,
        severity=Severity.MEDIUM if failing else Severity.LOW,
        message=_message(path, identity, dkim),
        why=message("MW303.why"),
        remediation=message(
            "MW303.remediation.publish" if dkim.signing_enabled else "MW303.remediation.switch-on",
            identity=identity.ref.name,
            region=identity.ref.region,
        ),
        evidence={
            "signing_enabled": YES_OR_NO[dkim.signing_enabled],
            "dkim_status": dkim.status or message("words.not-reported"),
            "ses_region": identity.ref.region,
        },
    )


def _message(path: MailPath, identity: Identity, dkim: Dkim) -> Message:
    ref, pool = identity_message(identity.ref), pool_message(path.pool)
    if not dkim.signing_enabled:
        return message("MW303.off", identity=ref, pool=pool)
    return message("MW303.not-working", identity=ref, status=status_message(dkim.status), pool=pool)


RULE = Rule(
    rule_id="MW303",
    name="dkim-failing",
    link=Link.IDENTITY,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
