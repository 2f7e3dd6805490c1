"""MW605: SES may hand the mail over without encryption."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    """Note configuration sets that pools send with and that do not require TLS.

    ## What it does
    Reads `DeliveryOptions.TlsPolicy` of the set. Absent and `OPTIONAL` mean that SES tries TLS and does without it
    where the receiver has none.

    ## Why it matters
    Mail works. Codes and temporary passwords may cross the network in the clear. It is a note: it stands in reports and
    alerts nobody.

    ## Example
    `aws sesv2 get-configuration-set --configuration-set-name mail` answers without `"TlsPolicy": "REQUIRE"`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → General details → Edit: Transport Layer
      Security, Required.
    - **CLI:** `aws sesv2 put-configuration-set-delivery-options --configuration-set-name … --tls-policy REQUIRE`.
    - **CloudFormation:** `DeliveryOptions: {TlsPolicy: REQUIRE}` of the `AWS::SES::ConfigurationSet`.
    - **Terraform:** `delivery_options { tls_policy = "REQUIRE" }` of the `aws_sesv2_configuration_set`.

    ## Fix and its safety
    None: users whose provider has no TLS would receive nothing any more.

    ## Known gaps
    A pool without a set has optional TLS too and is not noted here; MW603 says that it has none.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html
    - https://docs.aws.amazon.com/ses/latest/dg/security-protocols.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing() | ConfigurationSet(tls_required=True):
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
            case ConfigurationSet():
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.NONE,
                    message=f"configuration set {ref.name} in {ref.region} does not require TLS, and "
                    f"{pool_words(path.pool)} sends with it",
                    why="SES hands mail over in the clear to receivers without TLS",
                    remediation=f"Set the TLS policy of {ref.name} in SES region {ref.region} to REQUIRE, if "
                    "every receiver "
                    "of your users can do it",
                    evidence={"tls_policy": "optional", "configuration_set": ref.name},
                )


RULE = Rule(
    rule_id="MW605",
    name="tls-optional",
    link=Link.CONFIGURATION_SET,
    severity=Severity.LOW,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
    is_note=True,
)
