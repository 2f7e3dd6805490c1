"""MW907: the tag with which a pool's owner speaks to Mailwarden cannot be read."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.exemption import unreadable_exemption
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find pools whose tag `mailwarden` is not in its grammar.

    ## What it does
    Reads the pool's tag `mailwarden`: `off` or `report`, then perhaps `until=YYYY-MM-DD`, then perhaps `reason=` and
    anything. A second `until=`, a day that does not exist, any other word, and a key in other letters such as
    `Mailwarden` cannot be read.

    ## Why it matters
    What cannot be read exempts the pool: Mailwarden reports and repairs nothing there, for as long as the tag stays.
    Whoever wrote it may believe that the exemption ended, or that it never began.

    ## Example
    `mailwarden` = `off until=2026-01-31 until=2027-01-31`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Settings → Tags: write the tag as above, or remove it.
    - **CLI:**

      ```
      aws cognito-idp tag-resource --resource-arn … \
        --tags mailwarden="off until=2027-01-31"
      ```

    - **CloudFormation:** change `UserPoolTags` of the `AWS::Cognito::UserPool`.
    - **Terraform:** change `tags` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: what the owner meant is for the owner to write.

    ## Known gaps
    A word that is misspelled so far that it does not resemble the key is another tag.

    ## References
    - https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/what-are-tags.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html
    """
    tags = path.pool.tags
    flaw = None if isinstance(tags, Unreadable) else unreadable_exemption(tags)
    if flaw is None:
        return
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=message("MW907.unreadable", pool=pool_message(path.pool)),
        why=message("MW907.why"),
        remediation=message("MW907.remediation"),
        evidence={"tag": flaw},
    )


RULE = Rule(
    rule_id="MW907",
    name="unreadable-pool-tag",
    link=Link.MONITORING,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
