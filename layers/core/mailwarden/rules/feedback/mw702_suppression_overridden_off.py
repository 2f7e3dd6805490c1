"""MW702: the configuration set switches the account's suppression list off for its mail."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find configuration sets that pools send with and that override suppression to be off.

    ## What it does
    Reads `SuppressionOptions.SuppressedReasons` of the set. Absent means that the account's settings count; an empty
    list switches suppression off for the mail of this set.

    ## Why it matters
    Mail works. Each code to an address that does not exist, or whose owner complained, counts against the account
    again, although the account's own settings look right.

    ## Example
    `aws sesv2 get-configuration-set --configuration-set-name mail` answers `"SuppressionOptions":
    {"SuppressedReasons": []}`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Suppression list options → Edit: follow the
      account, or choose bounces and complaints.
    - **CLI:** where the set has no `SuppressionScope` and no `ValidationOptions`; else use the console, because AWS
      does not document whether the call keeps them:

      ```
      aws sesv2 put-configuration-set-suppression-options \
        --suppressed-reasons BOUNCE COMPLAINT \
        --configuration-set-name …
      ```

    - **CloudFormation:** `SuppressionOptions` of the `AWS::SES::ConfigurationSet`; leave it out to follow the account.
    - **Terraform:** `suppression_options` of the `aws_sesv2_configuration_set`; leave it out to follow the account.

    ## Fix and its safety
    None: somebody chose to override the account for this set, and the call that sets it replaces all suppression
    options of the set.

    ## Known gaps
    A set that suppresses only one of the two reasons is taken to mean it.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list-config-level.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SuppressionOptions.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case ConfigurationSet(suppressed_reasons=reasons):
                if reasons is None or reasons:
                    continue
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.NONE,
                    message=message(
                        "MW702.switches-off", set=ref.name, region=ref.region, pool=pool_message(path.pool)
                    ),
                    why=message("feedback.counts-each-time"),
                    remediation=message("MW702.remediation", set=ref.name, region=ref.region),
                    evidence={"suppressed_reasons": message("words.none"), "configuration_set": ref.name},
                )


RULE = Rule(
    rule_id="MW702",
    name="suppression-overridden-off",
    link=Link.FEEDBACK,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
    root_cause=configuration_set_state,
)
