"""MW305: the pool sends as a single verified address, not as a domain."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import region_answer, usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, Missing, SesAccount, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import RegionAnswer, SenderUse
from mailwarden.rules.naming import identity_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find address identities that DEVELOPER pools send as in production.

    ## What it does
    Checks whether the identity is an address. Identities of an SES account that is in the sandbox are left out.

    ## Why it matters
    Mail works. A verified address proves nothing about its domain: without the domain's DKIM records receivers trust
    the mail less, and any reader of that mailbox can verify the address. This is a note: Mailwarden records it and
    sends no alert.

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
    Mailwarden does not check whether the domain of the address is verified too and signs its mail. Only `DEVELOPER`
    pools are checked: for the default sender, AWS's page describes an address.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    if not path.sender.ref.is_address or region_answer(path) is RegionAnswer.NOT_ALLOWED:
        return
    for ses_state in usable_ses_states(path):
        match ses_state.identity, ses_state.account:
            case (Missing(), _) | (_, SesAccount(production_access=False)):
                continue
            case (Unreadable() as refused, _):
                yield RULE.undecided(path, subject=ses_state.identity_ref, because=refused.message)
            case (Identity(ref=ref), _):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.NONE,
                    message=message("MW305.address", identity=identity_message(ref), pool=pool_message(path.pool)),
                    why=message("MW305.why"),
                    remediation=message("MW305.remediation", domain=ref.name.rpartition("@")[2], region=ref.region),
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
