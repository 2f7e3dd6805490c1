"""MW901: no trail records the calls that Mailwarden listens to, so EventBridge delivers none of them."""

from collections.abc import Iterator, Mapping

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.monitoring.monitoring import RegionTrails
from mailwarden.domain.monitoring.trails import Heard, Recording, Trail, heard_by
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.refs.root_causes import AccountTrails, RootCause
from mailwarden.message import Argument, Message, message
from mailwarden.rules.monitoring_rule import MonitoringRule


def check(reading: RegionTrails) -> Iterator[Finding]:
    """Find regions in which a call that breaks a pool's mail would be heard by nobody.

    ## What it does
    Reads, with each full sweep, the trails that every watched region sees, whether they log, and their event selectors
    (basic and advanced). The writes of Cognito and SES must be recorded in every watched region, those of IAM in
    us-east-1, where IAM's calls are delivered.

    ## Why it matters
    EventBridge delivers API calls only where a trail records them as management events. Without one nothing fails and
    nothing is told: a change that breaks a pool is noticed with the next sweep instead of within seconds. Until then an
    app's user waits for a code that never comes.

    ## Example
    The account's only trail was created for us-east-1 alone, and pools in eu-west-1 are watched.

    ## What to do
    - **Console:** CloudTrail, Trails: create a trail for all regions with management events, Read and Write or Write;
      or start the logging of the one named in the finding.
    - **CLI:** `aws cloudtrail start-logging --name TRAIL`, or
      `aws cloudtrail update-trail --name TRAIL --is-multi-region-trail`. None for the selectors: `PutEventSelectors`
      replaces all selectors of the trail, also those of data events.
    - **CloudFormation:** `AWS::CloudTrail::Trail` with `IsLogging: true` and `IsMultiRegionTrail: true`.
    - **Terraform:** `aws_cloudtrail` with `is_multi_region_trail = true`.

    ## Fix and its safety
    None: trails belong to those who audit the account, and a second copy of management events costs money.

    ## Known gaps
    Selectors that filter by the name of a call or by who made it are not followed: the region is then *unknown*, unless
    another trail records everything. A member account may see an organization's trail but not its selectors: *unknown*
    too. A region that is no longer watched keeps its last finding. Whether our own rules in EventBridge are still there
    is not looked at.

    ## References
    - https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
    """
    monitoring, trails = reading.monitoring, reading.trails
    if isinstance(trails, Unreadable):
        yield _undecided(reading, reading.sources, {}, trails.message)
        return
    answers = {
        source: tuple(heard_by(trail, source, monitoring.region) for trail in trails) for source in reading.sources
    }
    missing = tuple(source for source, heard in answers.items() if {each.recording for each in heard} <= {Recording.NO})
    evidence: dict[str, Argument] = {}
    for trail, *heards in zip(trails, *answers.values(), strict=True):
        reasons = _reasons(heards)
        if reasons is not None:
            evidence[_name(trail)] = reasons
    if missing:
        yield RULE.finding(
            monitoring,
            message=message("MW901.no-trail", services=_services(missing), region=monitoring.region),
            why=message("MW901.why"),
            remediation=message("MW901.remediation", region=monitoring.region),
            evidence={"missing": missing, **(evidence or {"trails": message("MW901.none")})},
        )
        return
    unknown = tuple(
        source for source, heard in answers.items() if all(each.recording is not Recording.YES for each in heard)
    )
    if unknown:
        yield _undecided(reading, unknown, evidence)


def _undecided(
    reading: RegionTrails,
    sources: tuple[str, ...],
    evidence: Mapping[str, Argument],
    unknown_reason: Message | None = None,
) -> Finding:
    region = reading.monitoring.region
    return RULE.finding(
        reading.monitoring,
        effect=Effect.UNKNOWN,
        message=message("MW901.unknown", services=_services(sources), region=region),
        why=message("MW901.unknown-why"),
        remediation=message("MW901.unknown-remediation"),
        unknown_reason=unknown_reason,
        evidence=evidence,
    )


def _reasons(heards: list[Heard]) -> Message | None:
    same: dict[str, list[Message]] = {}
    for reason in dict.fromkeys(each.reason for each in heards if each.reason is not None):
        same.setdefault(reason.id, []).append(reason)
    return message("sentences", sentences=tuple(map(_joined, same.values()))) if same else None


def _joined(reasons: list[Message]) -> Message:
    """One reason in place of several about one trail: these differ in their sources only."""
    if len(reasons) == 1:
        return reasons[0]
    sources = (value for reason in reasons for _, value in reason.args if isinstance(value, tuple))
    return message(reasons[0].id, sources=tuple(source for each in sources for source in each))


def _name(trail: Trail) -> str:
    return f"{trail.arn.rpartition('/')[2]}, {trail.home_region}"


def _services(sources: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(source.removesuffix(".amazonaws.com") for source in sources)


def _trails(monitoring: MonitoringRef) -> RootCause:
    """The trails of the account: one of them may deliver the events of every region."""
    return AccountTrails(partition=monitoring.partition, account=monitoring.account)


RULE = MonitoringRule[RegionTrails](
    rule_id="MW901",
    name="no-trail-delivers-events",
    severity=Severity.HIGH,
    reads=frozenset({"cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"}),
    check=check,
    root_cause=_trails,
)
