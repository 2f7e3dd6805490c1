"""MW605: SES may deliver the mail without encryption."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import configuration_set_message, pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find configuration sets that pools send with and that do not require TLS.

    ## What it does
    Reads `DeliveryOptions.TlsPolicy` of the set. Absent and `OPTIONAL` mean that SES tries TLS and delivers without it
    if the receiver does not support it.

    ## Why it matters
    Mail works. Codes and temporary passwords may cross the network unencrypted. This is a note: Mailwarden records it
    and sends no alert.

    ## Example
    `aws sesv2 get-configuration-set --configuration-set-name mail` answers without `"TlsPolicy": "REQUIRE"`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → General details → Edit: Transport Layer
      Security, Required.
    - **CLI:** none: `PutConfigurationSetDeliveryOptions` replaces all delivery options, so that a set would lose
      its dedicated IP pool and its maximum delivery time.
    - **CloudFormation:** `DeliveryOptions: {TlsPolicy: REQUIRE}` of the `AWS::SES::ConfigurationSet`.
    - **Terraform:** `delivery_options { tls_policy = "REQUIRE" }` of the `aws_sesv2_configuration_set`.

    ## Fix and its safety
    None: users whose provider does not support TLS would no longer receive mail.

    ## Known gaps
    A pool without a set has optional TLS too. This rule does not report it; MW603 reports that it has no set.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html
    - https://docs.aws.amazon.com/ses/latest/dg/security-protocols.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing() | ConfigurationSet(tls_required=True):
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case ConfigurationSet(tls_required=None):
                yield RULE.undecided(path, subject=ref, because=message("MW605.policy-unknown"))
            case ConfigurationSet():
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.NONE,
                    message=message("MW605.optional", set=configuration_set_message(ref), pool=pool_message(path.pool)),
                    why=message("MW605.why"),
                    remediation=message("MW605.remediation", name=ref.name, region=ref.region),
                    evidence={"tls_policy": "OPTIONAL", "configuration_set": ref.name},
                )


RULE = Rule(
    rule_id="MW605",
    name="tls-optional",
    link=Link.CONFIGURATION_SET,
    severity=Severity.LOW,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
    root_cause=configuration_set_state,
    is_note=True,
)
