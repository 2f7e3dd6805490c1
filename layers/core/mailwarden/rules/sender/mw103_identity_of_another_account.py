"""MW103: the pool names an identity that belongs to another account."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.regions import RegionRow
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose SourceArn names an identity of another AWS account.

    ## What it does
    Compares the account and the partition in `SourceArn` with the pool's own.

    ## Why it matters
    Cognito can send only as identities of the pool's own account. Users do not receive their codes and invitations.

    ## Example
    A pool of account 111122223333 with `"SourceArn":
    "arn:aws:ses:us-east-1:444455556666:identity/support@example.com"`.

    ## What to do
    - **Console:** Amazon SES in the pool's account → Identities → Create identity; then choose it in the pool's e-mail
      settings.
    - **CLI:** `aws sesv2 create-email-identity --email-identity …` in the pool's account, then
      `make set-sender POOL=… IDENTITY=…`; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` to an identity of the stack's account.
    - **Terraform:** set `source_arn` in `email_configuration` to an identity of the provider's account.

    ## Fix and its safety
    None: an identity with the same name in the pool's account is a different identity, and Mailwarden cannot know
    whether it was intended.

    ## Known gaps
    Mailwarden checks nothing else about such an identity, because it cannot read SES in another account.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    if not isinstance(path.sender, UsesIdentity) or not is_foreign(path):
        return
    ref, pool = path.sender.ref, path.pool.ref
    its_pool = pool_message(path.pool)
    yield RULE.finding(
        path,
        effect=Effect.LOST,
        message=message("MW103.account", pool=its_pool, account=ref.account)
        if ref.account != pool.account
        else message("MW103.partition", pool=its_pool, partition=ref.partition),
        why=message("MW103.why"),
        remediation=_to_do(path, path.sender),
        evidence={"source_arn": ref.arn, "account": pool.account},
    )


def _to_do(path: MailPath, sender: UsesIdentity) -> Message:
    """A region of another partition is none that the pool can use: the first of those that it may use is named."""
    ref, pool = sender.ref, path.pool.ref
    ours = replace(ref, partition=pool.partition, account=pool.account)
    regions = path.row.regions(sender.use) if isinstance(path.row, RegionRow) else ()
    if ref.partition == pool.partition or not regions or ref.region in (*regions, "*"):
        return message("MW103.remediation", identity=ref.name, account=pool.account, arn=ours.arn)
    region = pool.region if pool.region in regions else regions[0]
    return message(
        "MW103.remediation.partition",
        identity=ref.name,
        partition=pool.partition,
        regions=regions,
        arn=replace(ours, region=region).arn,
    )


RULE = Rule(
    rule_id="MW103",
    name="identity-of-another-account",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
