"""MW904: the settings document that is written there now is not the one that is in force."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.monitoring.monitoring import SettingsReading
from mailwarden.message import message
from mailwarden.rules.monitoring_rule import MonitoringRule


def check(reading: SettingsReading) -> Iterator[Finding]:
    """Find a settings document that cannot be read or is not valid.

    ## What it does
    Reads the SSM parameter each minute and checks it against the schema. A document that is not valid is put aside as a
    whole. Until it is valid, and while the parameter cannot be read, everything is reported and nothing is repaired.
    The last valid version of the parameter holds for silences, severities, thresholds and region rows. A rule that
    the member `rules` of the invalid document sets to `off` is off, too, as far as that can be recognized; never this
    rule.

    ## Why it matters
    Whoever changed the settings believes that the change is in force, and it is not: a rule that was to be silent still
    alerts, a pool that was to be repaired is only reported, and its app's users go on waiting for mail. Repairs stop,
    because the change may have been a stop: `{"repairMode": "off",}` is no JSON.

    ## Example
    `{"rules": {"MW401": "of"}}`: rules.MW401 must be one of off, report, repair.

    ## What to do
    - **Console:** Systems Manager, Parameter Store: correct the member that the finding names.
    - **CLI:** `aws ssm put-parameter --overwrite --name NAME --value file://settings.json`
    - **CloudFormation:** correct `Value` of the `AWS::SSM::Parameter`, if it was made by a stack.
    - **Terraform:** correct `value` of the `aws_ssm_parameter`.

    ## Fix and its safety
    None: nobody else knows what was meant.

    ## Known gaps
    A document that is valid and says something else than what was meant cannot be noticed. SSM keeps the last hundred
    versions. A document that names a rule of a newer release is invalid for an older one.

    ## References
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
    - https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html
    """
    fault = reading.fault
    if fault is None:
        return
    if fault.version_in_force is None:
        in_effect = message("MW904.no-version")
    else:
        in_effect = message("MW904.version", version=fault.version_in_force)
    yield RULE.finding(
        reading.monitoring,
        message=message("MW904.not-in-effect", parameter=fault.parameter, problem=fault.problem),
        why=message("MW904.why"),
        remediation=message("MW904.remediation"),
        evidence={"parameter": fault.parameter, "problem": fault.problem, "in_effect": in_effect},
    )


RULE = MonitoringRule[SettingsReading](
    rule_id="MW904",
    name="settings-unreadable",
    severity=Severity.HIGH,
    reads=frozenset({"ssm:GetParameter", "ssm:GetParameterHistory"}),
    check=check,
)
