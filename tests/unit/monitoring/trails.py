"""Builders of trails: a sound one by default, with selectors in CloudTrail's two forms."""

from mailwarden.domain.monitoring.trails import EventSelector, FieldSelector, Trail
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import MonitoringRef
from tests.builders import ACCOUNT

COGNITO, SES, IAM = "cognito-idp.amazonaws.com", "ses.amazonaws.com", "iam.amazonaws.com"


def monitoring(region: str = "eu-west-1") -> MonitoringRef:
    """The monitoring of a region."""
    return MonitoringRef(partition="aws", region=region, account=ACCOUNT)


def fields(**wanted: FieldSelector) -> EventSelector:
    """A selector of management events that has these fields besides."""
    category = FieldSelector(field="eventCategory", equals=("Management",))
    return EventSelector(fields=(category, *wanted.values()))


def read_only(value: str) -> FieldSelector:
    """Reads (``true``) or writes (``false``) only."""
    return FieldSelector(field="readOnly", equals=(value,))


def source(**operators: tuple[str, ...]) -> FieldSelector:
    """Some services only."""
    return FieldSelector(field="eventSource", **operators)


def trail(
    name: str = "main",
    *,
    home_region: str = "us-east-1",
    multi_region: bool = True,
    organization: bool = False,
    global_events: bool = True,
    logging: bool | Unreadable = True,
    selectors: tuple[EventSelector, ...] | Unreadable | None = None,
) -> Trail:
    """A trail of every region that logs every management event."""
    return Trail(
        arn=f"arn:aws:cloudtrail:{home_region}:{ACCOUNT}:trail/{name}",
        home_region=home_region,
        multi_region=multi_region,
        organization=organization,
        global_events=global_events,
        logging=logging,
        selectors=(fields(),) if selectors is None else selectors,
    )
