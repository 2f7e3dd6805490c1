"""MW601: the configuration set that the mail is to pass through does not exist."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    """Find configuration sets that pools send with and that SES does not know in that region.

    ## What it does
    Reads the set that the pool names in `ConfigurationSet`, or else the default set of its identity, in the SES region
    of the identity. Sets are regional.

    ## Why it matters
    SES refuses a mail whose set does not exist. Cognito does not look again after the pool was configured: sign-up and
    forgotten-password calls fail with `CodeDeliveryFailureException`, and users wait for a code that is never sent.

    ## Example
    A pool with `"ConfigurationSet": "mail"` after `aws sesv2 delete-configuration-set --configuration-set-name mail`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → Create set, with the same name; or choose another one
      in the pool or the identity.
    - **CLI:** `aws sesv2 create-configuration-set --configuration-set-name … --region …`; or for a default set `aws
      sesv2 put-email-identity-configuration-set-attributes --email-identity …` without a set.
    - **CloudFormation:** an `AWS::SES::ConfigurationSet` in the region of the identity.
    - **Terraform:** an `aws_sesv2_configuration_set` in the region of the identity.

    ## Fix and its safety
    None: what the set did with the mail, and where it sent the events, is gone with it.

    ## Known gaps
    What Cognito does with SES's refusal is not documented; SES's part is. Only `DEVELOPER`: mail of the default sender
    passes through no set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    - https://docs.aws.amazon.com/ses/latest/DeveloperGuide/managing-configuration-sets-default.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case ConfigurationSet():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
            case Missing():
                yield _finding(path, ref)


def _finding(path: MailPath, ref: ConfigurationSetRef) -> Finding:
    named_by = "the pool" if path.pool.email.configuration_set is not None else "the identity, as its default"
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.LOST,
        message=f"configuration set {ref.name} in {ref.region} does not exist, and {pool_words(path.pool)} sends with "
        "it",
        why="SES refuses mail with a configuration set it does not know, so the pool's mail is lost",
        remediation=f"Create the configuration set {ref.name} in SES region {ref.region}, or name one that exists",
        evidence={"configuration_set": ref.name, "named_by": named_by, "ses_region": ref.region},
    )


RULE = Rule(
    rule_id="MW601",
    name="configuration-set-missing",
    link=Link.CONFIGURATION_SET,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
)
