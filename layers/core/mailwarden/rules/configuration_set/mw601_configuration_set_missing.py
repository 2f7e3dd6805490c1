"""MW601: the configuration set that the pool sends with does not exist."""

import re
from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import configuration_set_message, pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets

# SESConfigurationSet (Cognito API reference, EmailConfigurationType).
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check(path: MailPath) -> Iterator[Finding]:
    """Find configuration sets that pools send with and that do not exist in SES in that region.

    ## What it does
    Reads the set that the pool names in `ConfigurationSet`, or otherwise the default set of its identity, in the SES
    region of the identity. Sets are regional.

    ## Why it matters
    SES rejects a mail whose set does not exist. Cognito checks the set only when the pool is configured. Sign-up and
    forgotten-password calls fail with `CodeDeliveryFailureException`, and users wait for a code that is never sent.

    ## Example
    A pool with `"ConfigurationSet": "mail"` after `aws sesv2 delete-configuration-set --configuration-set-name mail`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → Create set, with the same name; or choose another set
      in the pool or the identity.
    - **CLI:** `aws sesv2 create-configuration-set --configuration-set-name … --region …`; or to remove
      a default set: `aws sesv2 put-email-identity-configuration-set-attributes --email-identity …` without a set.
    - **CloudFormation:** an `AWS::SES::ConfigurationSet` in the region of the identity.
    - **Terraform:** an `aws_sesv2_configuration_set` in the region of the identity.

    ## Fix and its safety
    None: the settings of the set, and its event destinations, were deleted with it. Mail would flow again without the
    set, but nobody would see its bounces, and a dedicated IP pool or a suppression of its own would be gone, too: the
    owner decides with `make set-sender POOL=… SET=none`.

    ## Known gaps
    AWS documents that SES rejects the mail, but not what Cognito does then. Only `DEVELOPER` pools are checked: the
    default sender uses no configuration set of yours.

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
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case Missing():
                yield _finding(path, ref)


def _finding(path: MailPath, ref: ConfigurationSetRef) -> Finding:
    named_by_pool = path.pool.email.configuration_set is not None
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.LOST,
        message=message("MW601.missing", set=configuration_set_message(ref), pool=pool_message(path.pool)),
        why=message("MW601.why"),
        remediation=message("MW601.remediation", name=ref.name, region=ref.region)
        if _NAME.fullmatch(ref.name)
        else message("MW601.remediation.no-name", region=ref.region),
        evidence={
            "configuration_set": ref.name,
            "named_by": message("MW601.named-by.pool") if named_by_pool else message("MW601.named-by.identity"),
            "ses_region": ref.region,
        },
    )


RULE = Rule(
    rule_id="MW601",
    name="configuration-set-missing",
    link=Link.CONFIGURATION_SET,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
    root_cause=configuration_set_state,
)
