"""MW901: no trail records the calls that Mailwarden listens to, so EventBridge delivers none of them."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.monitoring.monitoring import RegionTrails
from mailwarden.domain.monitoring.trails import Heard, Recording, Trail, heard_by
from mailwarden.domain.readings import Unreadable
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
    - **CLI:** `aws cloudtrail start-logging --name TRAIL`, `aws cloudtrail update-trail --name TRAIL
      --is-multi-region-trail`, or `aws cloudtrail put-event-selectors` with `IncludeManagementEvents=true` and
      `ReadWriteType=All`.
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
        yield _undecided(reading, reading.sources, {"reason": str(trails)})
        return
    answers = {
        source: tuple(heard_by(trail, source, monitoring.region) for trail in trails) for source in reading.sources
    }
    missing = tuple(source for source, heard in answers.items() if {each.recording for each in heard} <= {Recording.NO})
    evidence = {
        _name(trail): _reasons(heards)
        for trail, *heards in zip(trails, *answers.values(), strict=True)
        if _reasons(heards)
    }
    if missing:
        yield RULE.finding(
            monitoring,
            message=f"no trail delivers the calls of {_services(missing)} made in {monitoring.region}",
            why="a change that breaks mail is noticed with the next sweep only, not within seconds",
            remediation="Let a trail that logs record the write management events of this region",
            evidence={"missing": ", ".join(missing), **(evidence or {"trails": "there is none"})},
        )
        return
    unknown = tuple(
        source for source, heard in answers.items() if all(each.recording is not Recording.YES for each in heard)
    )
    if unknown:
        yield _undecided(reading, unknown, evidence)


def _undecided(reading: RegionTrails, sources: tuple[str, ...], evidence: dict[str, str]) -> Finding:
    region = reading.monitoring.region
    return RULE.finding(
        reading.monitoring,
        effect=Effect.UNKNOWN,
        message=f"nobody can say whether a trail delivers the calls of {_services(sources)} made in {region}",
        why="without such a trail a change that breaks mail is noticed with the next sweep only",
        remediation="Let Mailwarden read the trails, or ask their owner whether they record all write "
        "management events",
        evidence=evidence,
    )


def _reasons(heards: list[Heard]) -> str:
    return "; ".join(dict.fromkeys(each.because for each in heards if each.because))


def _name(trail: Trail) -> str:
    return f"trail {trail.arn.rpartition('/')[2]} of {trail.home_region}"


def _services(sources: tuple[str, ...]) -> str:
    return " and ".join(source.removesuffix(".amazonaws.com") for source in sources)


RULE = MonitoringRule[RegionTrails](
    rule_id="MW901",
    name="no-trail-delivers-events",
    severity=Severity.HIGH,
    reads=frozenset({"cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"}),
    check=check,
)
