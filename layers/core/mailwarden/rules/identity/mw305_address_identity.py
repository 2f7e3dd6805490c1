"""MW305: the pool sends as a single address that was verified, not as a domain."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states, region_answer
from mailwarden.domain.readings import Identity, Missing, SesAccount, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.regions import RegionAnswer, SenderUse
from mailwarden.rules.naming import identity_words, pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Note address identities as which DEVELOPER pools send in production.

    ## What it does
    Looks whether the identity is an address, where the SES account is out of the sandbox as far as is known.

    ## Why it matters
    Mail works. An address proves nothing about its domain: without the domain's DKIM records receivers trust the mail
    less, and whoever reads that mailbox decides about the identity. It is a note: it stands in reports and alerts
    nobody.

    ## Example
    `"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/support@example.com"`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → Create identity → Domain; then choose it in the pool, with the
      address as "FROM sender name".
    - **CLI:** `aws sesv2 create-email-identity --email-identity example.com --region …`, publish the DKIM records, then
      set `SourceArn` to the domain and `From` to the address.
    - **CloudFormation:** an `AWS::SES::EmailIdentity` for the domain, its ARN as `SourceArn`, the address as `From`.
    - **Terraform:** an `aws_sesv2_email_identity` for the domain, its ARN as `source_arn`, the address as
      `from_email_address`.

    ## Fix and its safety
    None: mail works, and only the owner of a domain can verify it.

    ## Known gaps
    Whether the domain of the address is verified too, and signs for it, is not looked at. Only `DEVELOPER`: on the
    default sender an address is what AWS's page describes.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    if not path.sender.ref.is_address or region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return
    for ses_state in judged_ses_states(path):
        match ses_state.identity, ses_state.account:
            case (Missing(), _) | (_, SesAccount(production_access=False)):
                continue
            case (Unreadable() as refused, _):
                yield RULE.undecided(path, subject=ses_state.identity_ref, because=str(refused))
            case (Identity(ref=ref), _):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.NONE,
                    message=f"{identity_words(ref)} is a single address, and {pool_words(path.pool)} sends as it",
                    why="an address proves nothing about its domain, so receivers trust its mail less",
                    remediation=f"Verify the domain {ref.name.rpartition('@')[2]} in region {ref.region} and "
                    "send as it",
                    evidence={"identity": ref.arn},
                )


RULE = Rule(
    rule_id="MW305",
    name="address-identity",
    link=Link.IDENTITY,
    severity=Severity.LOW,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetAccount"}),
    check=check,
    is_note=True,
)
