"""MW604: the configuration set does not report bounces or complaints."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, EventDestination, Missing, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Argument, Message, message
from mailwarden.rules.naming import configuration_set_message, in_a_row, pool_message
from mailwarden.rules.root_causes import configuration_set_state
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets

_NEEDED: Mapping[str, Message] = MappingProxyType(
    {"BOUNCE": message("MW604.bounces"), "COMPLAINT": message("MW604.complaints")}
)
# EventType (SES API v2 reference, EventDestination).
_EVENT_TYPES = frozenset(
    {"SEND", "REJECT", "DELIVERY", "OPEN", "CLICK", "RENDERING_FAILURE", "DELIVERY_DELAY", "SUBSCRIPTION", *_NEEDED}
)


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find configuration sets that pools send with and that have no event destination for bounces or complaints.

    ## What it does
    Reads the event destinations of the set. An enabled destination must receive `BOUNCE` events, and one `COMPLAINT`
    events.

    ## Why it matters
    Mail works. When a provider starts to reject your codes, no event reports it, and AWS reviews an account with a high
    bounce or complaint rate.

    ## Example
    `aws sesv2 get-configuration-set-event-destinations --configuration-set-name mail` names no event destination.

    ## What to do
    - **Console:** Amazon SES → the region → Configuration sets → the set → Event destinations → Add destination: hard
      bounces and complaints, to Amazon EventBridge or an SNS topic.
    - **Mailwarden's own:** deployed with `CreateConfigurationSet=yes`, every watched region has a set
      `<stack>-feedback` that has such a destination; assign that set instead.
    - **CLI:**

      ```
      aws sesv2 create-configuration-set-event-destination \
        --configuration-set-name … --event-destination-name … \
        --event-destination Enabled=true,MatchingEventTypes=BOUNCE,COMPLAINT,…
      ```

    - **CloudFormation:** an `AWS::SES::ConfigurationSetEventDestination`.
    - **Terraform:** an `aws_sesv2_configuration_set_event_destination`.

    ## Fix and its safety
    None: the owner of the set chooses the destination of its events. They hold the addresses of recipients, so a
    destination of Mailwarden's choice would disclose them.

    ## Known gaps
    Mailwarden does not check what happens to the events after the destination receives them. Feedback topics of the
    identity cannot be read through SES v2 and are not checked.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_EventDestination.html
    - https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
    """
    for ref, reading in used_sets(path):
        match reading:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case ConfigurationSet(destinations=destinations) as found:
                if isinstance(destinations, Unreadable):
                    yield RULE.undecided(path, subject=ref, because=destinations.message)
                elif (missing := _unreported(destinations)) and _has_unknown(destinations):
                    yield RULE.undecided(path, subject=ref, because=message("MW604.events-unknown"))
                elif missing:
                    yield _finding(path, found, destinations, missing)


def _has_unknown(destinations: tuple[EventDestination, ...]) -> bool:
    return any(each.enabled and not each.event_types <= _EVENT_TYPES for each in destinations)


def _unreported(destinations: tuple[EventDestination, ...]) -> tuple[str, ...]:
    reported = {event for destination in destinations if destination.enabled for event in destination.event_types}
    return tuple(event for event in _NEEDED if event not in reported)


def _finding(
    path: MailPath, found: ConfigurationSet, destinations: tuple[EventDestination, ...], missing: tuple[str, ...]
) -> Finding:
    ref = found.ref
    events = tuple(_NEEDED[event] for event in missing)
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=message(
            "MW604.no-destination",
            set=configuration_set_message(ref),
            events=events,
            pool=pool_message(path.pool),
        ),
        why=message("MW604.why", events=events),
        remediation=message("MW604.remediation", events=events, name=ref.name, region=ref.region),
        evidence={"missing": missing, "destinations": _all_described(destinations)},
    )


def _all_described(destinations: tuple[EventDestination, ...]) -> Argument:
    if not destinations:
        return message("words.none")
    return in_a_row(tuple(_described(destination) for destination in destinations))


def _described(destination: EventDestination) -> Message:
    name, events = destination.name, tuple(sorted(destination.event_types))
    if not events:
        return message("MW604.destination.no-events", name=name)
    return message(
        "MW604.destination" if destination.enabled else "MW604.destination.disabled", name=name, events=events
    )


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
    root_cause=configuration_set_state,
)
