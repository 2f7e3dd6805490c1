"""MW602: sending is switched off for the configuration set that the mail passes through."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    """Find configuration sets that pools send with and for which sending is disabled.

    ## What it does
    Reads `SendingOptions.SendingEnabled` of the set that the pool names, or else of its identity's default set.

    ## Why it matters
    SES refuses every mail with that set. It is often switched off by an alarm on the bounce rate and forgotten. Sign-up
    and forgotten-password calls fail with `CodeDeliveryFailureException`.

    ## Example
    `aws sesv2 get-configuration-set --configuration-set-name mail` answers `"SendingOptions": {"SendingEnabled":
    false}`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Enable sending. See first why it was
      disabled, for instance by a function behind an alarm.
    - **CLI:** `aws sesv2 put-configuration-set-sending-options --configuration-set-name … --sending-enabled`.
    - **CloudFormation:** `SendingOptions: {SendingEnabled: true}` of the `AWS::SES::ConfigurationSet`.
    - **Terraform:** `sending_options { sending_enabled = true }` of the `aws_sesv2_configuration_set`.

    ## Fix and its safety
    None: who switched sending off had a reason.

    ## Known gaps
    What Cognito does with SES's refusal is not documented; SES's part is. Only `DEVELOPER`: mail of the default sender
    passes through no set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendingOptions.html
    - https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing() | ConfigurationSet(sending_enabled=True):
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
            case ConfigurationSet():
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.LOST,
                    message=f"sending is disabled for configuration set {ref.name} in {ref.region}, and "
                    f"{pool_words(path.pool)} sends with it",
                    why="SES refuses every mail with a configuration set for which sending is disabled",
                    remediation=f"See why sending was disabled for {ref.name}, then run aws sesv2 "
                    f"put-configuration-set-sending-options --configuration-set-name {ref.name} --sending-enabled "
                    f"--region {ref.region}",
                    evidence={"sending_enabled": "no", "configuration_set": ref.name, "ses_region": ref.region},
                )


RULE = Rule(
    rule_id="MW602",
    name="configuration-set-sending-disabled",
    link=Link.CONFIGURATION_SET,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
)
