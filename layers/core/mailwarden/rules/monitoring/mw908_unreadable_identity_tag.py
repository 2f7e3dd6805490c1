"""MW908: a tag with which an identity's owner speaks to Mailwarden cannot be read."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.consent import unreadable_consent
from mailwarden.domain.mail_path.exemption import unreadable_exemption
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import identity_message, in_a_row
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find identities whose tag `mailwarden:cognito` or `mailwarden` is not in its grammar.

    ## What it does
    Reads both tags of the identity. `mailwarden:cognito` is `account`, or ids of user pools separated by spaces.
    `mailwarden` is `off` or `report`, then perhaps `until=YYYY-MM-DD`, then perhaps `reason=` and anything. Any other
    word, a second `until=`, a day that does not exist, and a key in other letters cannot be read.

    ## Why it matters
    A consent that cannot be read opens the identity to no pool, and an exemption that cannot be read keeps Mailwarden
    away: a grant that breaks is reported and not repaired, whatever the owner meant.

    ## Example
    `mailwarden:cognito` = `no account`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Tags: write the tag as above, or remove it.
    - **CLI:**

      ```
      aws sesv2 tag-resource --resource-arn … \
        --tags Key=mailwarden:cognito,Value=account
      ```

    - **CloudFormation:** change `Tags` of the `AWS::SES::EmailIdentity`.
    - **Terraform:** change `tags` of the `aws_sesv2_email_identity`.

    ## Fix and its safety
    None: what the owner meant is for the owner to write.

    ## Known gaps
    A word that is misspelled so far that it does not resemble the key is another tag. An id of a pool that does not
    exist is readable.

    ## References
    - https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/what-are-tags.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Tag.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    flaws = tuple(
        flaw for flaw in (unreadable_consent(identity.tags), unreadable_exemption(identity.tags)) if flaw is not None
    )
    if flaws:
        yield RULE.finding(
            path,
            subject=identity.ref,
            effect=Effect.NONE,
            message=message("MW908.unreadable", identity=identity_message(identity.ref)),
            why=message("MW908.why"),
            remediation=message("MW908.remediation"),
            evidence={"tag": in_a_row(flaws)},
        )


RULE = Rule(
    rule_id="MW908",
    name="unreadable-identity-tag",
    link=Link.MONITORING,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
