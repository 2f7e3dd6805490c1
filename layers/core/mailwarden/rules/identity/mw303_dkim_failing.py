"""MW303: the mail of a domain leaves without a DKIM signature."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import Dkim, Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import identity_words, pool_words
from mailwarden.rules.rule import Rule

_FAILING = frozenset({"FAILED", "TEMPORARY_FAILURE"})


def check(path: MailPath) -> Iterator[Finding]:
    """Find domains that pools send as and whose mail is not signed with DKIM, or will not be for long.

    ## What it does
    Reads `DkimAttributes` of identities that are domains: switched off, not set up yet, or failing, which means that
    SES does not find the CNAME records any more.

    ## Why it matters
    SES takes the mail. Receivers that follow the domain's DMARC policy may reject it or put it into spam: users of some
    providers receive their codes and others do not.

    ## Example
    `"DkimAttributes": {"SigningEnabled": true, "Status": "FAILED", …}` after somebody cleaned up the DNS zone.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the domain → Authentication → DKIM: publish the CNAME records
      shown there, or choose Edit and switch signing on.
    - **CLI:** `aws sesv2 get-email-identity --email-identity …` shows the tokens; `aws sesv2
      put-email-identity-dkim-attributes --email-identity … --signing-enabled` switches signing on.
    - **CloudFormation:** `DkimAttributes: {SigningEnabled: true}` of the `AWS::SES::EmailIdentity`, and an
      `AWS::Route53::RecordSet` for each of its three DNS tokens.
    - **Terraform:** an `aws_route53_record` for each of `dkim_signing_attributes[0].tokens` of the
      `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: the records are in a DNS zone that Mailwarden does not touch.

    ## Known gaps
    What receivers do with mail that is not signed is theirs to decide, so failing counts as *at risk*, and off or not
    set up as an advice. The DMARC policy is not read. Addresses are MW305's; a domain that is not verified is MW302's.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DkimAttributes.html
    """
    for ses_state in judged_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                if not ref.is_address:
                    yield RULE.undecided(path, subject=ref, because=str(refused))
            case Identity() as identity:
                if not identity.is_domain or not identity.verified_for_sending:
                    continue
                if identity.dkim is None:
                    yield RULE.undecided(path, subject=ref, because="SES does not say whether it signs the mail")
                elif not _signs(identity.dkim):
                    yield _finding(path, identity, identity.dkim)


def _signs(dkim: Dkim) -> bool:
    return dkim.signing_enabled and dkim.status == "SUCCESS"


def _finding(path: MailPath, identity: Identity, dkim: Dkim) -> Finding:
    failing = dkim.signing_enabled and dkim.status in _FAILING
    seen = _words(dkim.status) if dkim.signing_enabled else "switched off"
    return RULE.finding(
        path,
        subject=identity.ref,
        effect=Effect.AT_RISK if failing else Effect.NONE,
        severity=Severity.MEDIUM if failing else Severity.LOW,
        message=f"DKIM of {identity_words(identity.ref)} is {seen}, and {pool_words(path.pool)} sends as it",
        why="receivers may reject mail that is not signed for its domain, or take it for spam",
        remediation=f"Publish the CNAME records that SES shows for {identity.ref.name} in region {identity.ref.region}"
        if dkim.signing_enabled
        else f"Switch on DKIM signing of {identity.ref.name} in region {identity.ref.region}",
        evidence={
            "signing_enabled": "yes" if dkim.signing_enabled else "no",
            "dkim_status": dkim.status or "not said",
            "ses_region": identity.ref.region,
        },
    )


def _words(status: str) -> str:
    return f"not in order ({status.replace('_', ' ').lower()})" if status else "not in order"


RULE = Rule(
    rule_id="MW303",
    name="dkim-failing",
    link=Link.IDENTITY,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
