"""MW606: the dedicated IP pool that a configuration set sends through does not exist."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, DedicatedIpPool, Missing, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import configuration_set_message, pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    """Find configuration sets that name a dedicated IP pool which does not exist.

    ## What it does
    Reads `DeliveryOptions.SendingPoolName` of the set that the pool names, or otherwise of its identity's default set,
    and asks SES whether that dedicated IP pool exists. Only sets that name one cost this read.

    ## Why it matters
    SES sends a mail from one of the addresses of the set's dedicated IP pool. A deleted IP pool has none, and the set
    still names it. AWS does not document whether SES then rejects the mail, so the answer for the user pool is
    *unknown*.

    ## Example
    A configuration set with `"SendingPoolName": "transactional"` after
    `aws sesv2 delete-dedicated-ip-pool --pool-name transactional`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Edit; choose another sending IP pool. Or
      Dedicated IPs → Create pool, with the same name.
    - **CLI:** `aws sesv2 create-dedicated-ip-pool --pool-name …` with the name that the set has. None for another pool:
      `PutConfigurationSetDeliveryOptions` replaces all delivery options, also the TLS policy.
    - **CloudFormation:** `DeliveryOptions: {SendingPoolName: …}` of the `AWS::SES::ConfigurationSet`.
    - **Terraform:** `delivery_options { sending_pool_name = … }` of the `aws_sesv2_configuration_set`.

    ## Fix and its safety
    None: a new IP pool has no addresses, and dedicated addresses cost money.

    ## Known gaps
    The addresses of an IP pool are not read: one without addresses is not found. Names that begin with `ses-` or
    `default` are taken for IP pools of AWS. Only `DEVELOPER` pools are checked: the default sender uses no
    configuration set of yours.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetDedicatedIpPool.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case ConfigurationSet():
                yield from _of_set(path, ref, reading.ip_pool)


def _of_set(path: MailPath, ref: ConfigurationSetRef, ip_pool: DedicatedIpPool | None) -> Iterator[Finding]:
    if ip_pool is None:
        return
    if isinstance(ip_pool.exists, Unreadable):
        yield RULE.undecided(path, subject=ref, because=ip_pool.exists.message)
    elif not ip_pool.exists:
        yield _finding(path, ref, ip_pool.name)


def _finding(path: MailPath, ref: ConfigurationSetRef, name: str) -> Finding:
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.UNKNOWN,
        message=message("MW606.missing", set=configuration_set_message(ref), name=name, pool=pool_message(path.pool)),
        why=message("MW606.why"),
        remediation=message("MW606.remediation", name=name, set=ref.name, region=ref.region),
        unknown_reason=message("MW606.unknown"),
        evidence={"sending_pool_name": name, "configuration_set": ref.name, "ses_region": ref.region},
    )


RULE = Rule(
    rule_id="MW606",
    name="dedicated-ip-pool-missing",
    link=Link.CONFIGURATION_SET,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset(
        {"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet", "ses:GetDedicatedIpPool"}
    ),
    check=check,
    root_cause=configuration_set_state,
)
