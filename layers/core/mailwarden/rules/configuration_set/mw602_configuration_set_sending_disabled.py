"""MW602: sending is disabled for the configuration set that the pool sends with."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import YES_OR_NO, configuration_set_message, pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find configuration sets that pools send with and for which sending is disabled.

    ## What it does
    Reads `SendingOptions.SendingEnabled` of the set that the pool names, or otherwise of its identity's default set.

    ## Why it matters
    SES rejects every mail with that set. Often an alarm on the bounce rate disables sending, and it stays disabled.
    Sign-up and forgotten-password calls fail with `CodeDeliveryFailureException`.

    ## Example
    `aws sesv2 get-configuration-set --configuration-set-name mail` answers `"SendingOptions": {"SendingEnabled":
    false}`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Enable sending. First find out
      why it was disabled, for example by a function behind an alarm.
    - **CLI:**

      ```
      aws sesv2 put-configuration-set-sending-options \
        --sending-enabled --configuration-set-name …
      ```

    - **CloudFormation:** `SendingOptions: {SendingEnabled: true}` of the `AWS::SES::ConfigurationSet`.
    - **Terraform:** `sending_options { sending_enabled = true }` of the `aws_sesv2_configuration_set`.

    ## Fix and its safety
    None: sending may have been disabled for a reason.

    ## Known gaps
    AWS documents that SES rejects the mail, but not what Cognito does then. Only `DEVELOPER` pools are checked: the
    default sender uses no configuration set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendingOptions.html
    - https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing() | ConfigurationSet(sending_enabled=True):
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case ConfigurationSet():
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.LOST,
                    message=message("MW602.disabled", set=configuration_set_message(ref), pool=pool_message(path.pool)),
                    why=message("MW602.why"),
                    remediation=message("MW602.remediation", name=ref.name, region=ref.region),
                    evidence={
                        "sending_enabled": YES_OR_NO[False],
                        "configuration_set": ref.name,
                        "ses_region": ref.region,
                    },
                )


RULE = Rule(
    rule_id="MW602",
    name="configuration-set-sending-disabled",
    link=Link.CONFIGURATION_SET,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
    root_cause=configuration_set_state,
)
