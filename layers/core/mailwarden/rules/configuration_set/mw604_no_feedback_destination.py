"""MW604: the configuration set tells nobody of bounces or complaints."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import ConfigurationSet, EventDestination, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets

_NEEDED = ("BOUNCE", "COMPLAINT")


def check(path: MailPath) -> Iterator[Finding]:
    """Find configuration sets that pools send with and that have no event destination for bounces or complaints.

    ## What it does
    Reads the event destinations of the set. One that is enabled has to take `BOUNCE`, and one `COMPLAINT`.

    ## Why it matters
    Mail works. When a provider begins to refuse your codes nobody is told, and AWS reviews an account whose bounce or
    complaint rate is high.

    ## Example
    `aws sesv2 get-configuration-set-event-destinations --configuration-set-name mail` answers `"EventDestinations":
    []`.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Event destinations → Add destination: hard
      bounces and complaints, to Amazon EventBridge or an SNS topic.
    - **Mailwarden's own:** deployed with `CreateConfigurationSet=yes`, every watched region has a set
      `<stack>-feedback` that has such a destination; assign that one instead.
    - **CLI:** `aws sesv2 create-configuration-set-event-destination --configuration-set-name … --event-destination-name
      … --event-destination Enabled=true,MatchingEventTypes=BOUNCE,COMPLAINT,…`.
    - **CloudFormation:** an `AWS::SES::ConfigurationSetEventDestination`.
    - **Terraform:** an `aws_sesv2_configuration_set_event_destination`.

    ## Fix and its safety
    None: who is to be told is its owner's choice.

    ## Known gaps
    Whether anybody reads what the destination takes is not looked at. Feedback topics of the identity cannot be read
    through SES v2 and are not looked at.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_EventDestination.html
    - https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
            case ConfigurationSet(destinations=destinations) as found:
                if isinstance(destinations, Unreadable):
                    yield RULE.undecided(path, subject=ref, because=str(destinations))
                elif missing := _untold(destinations):
                    yield _finding(path, found, destinations, missing)


def _untold(destinations: tuple[EventDestination, ...]) -> tuple[str, ...]:
    told = {event for destination in destinations if destination.enabled for event in destination.event_types}
    return tuple(event for event in _NEEDED if event not in told)


def _finding(
    path: MailPath, found: ConfigurationSet, destinations: tuple[EventDestination, ...], missing: tuple[str, ...]
) -> Finding:
    ref = found.ref
    what = " and ".join(f"{event.lower()}s" for event in missing)
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=f"configuration set {ref.name} in {ref.region} has no destination for {what}, and "
        f"{pool_words(path.pool)} sends with it",
        why=f"nobody is told of {what}, and AWS reviews an account that has too many of them",
        remediation=f"Add an event destination for {what} to the configuration set {ref.name} in SES region "
        f"{ref.region}",
        evidence={
            "missing": ", ".join(missing),
            "destinations": "; ".join(_described(destination) for destination in destinations) or "none",
        },
    )


def _described(destination: EventDestination) -> str:
    events = ", ".join(sorted(destination.event_types)) or "nothing"
    return f"{destination.name}: {events}{'' if destination.enabled else ' (disabled)'}"


RULE = Rule(
    rule_id="MW604",
    name="no-feedback-destination",
    link=Link.CONFIGURATION_SET,
    severity=Severity.LOW,
    subject_kind=SubjectKind.CONFIGURATION_SET,
    reads=frozenset(
        {
            "cognito-idp:DescribeUserPool",
            "ses:GetEmailIdentity",
            "ses:GetConfigurationSet",
            "ses:GetConfigurationSetEventDestinations",
        }
    ),
    check=check,
)
