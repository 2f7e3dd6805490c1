"""The channels beside the topic and Slack that a deployment may have: whether what they need is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import Line, note, sound, to_do, unknown
from tools.doctor.site import Site, looked

_NO_BUS = frozenset({"ResourceNotFoundException"})
# Security Hub API reference, DescribeHub: the account is not subscribed, or no hub of the administrator is found.
_NO_HUB = frozenset({"InvalidAccessException", "ResourceNotFoundException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBusReading:
    """The bus for copies of alerts: ``arn`` is empty without one; ``exists`` is None if it is of another account."""

    arn: str
    exists: bool | Unreadable | None


def read_copy_bus(site: Site) -> CopyBusReading:
    """The bus of the parameter, if it is of this account."""
    chosen = site.home.parameters.get("IncidentEventBus", "")
    if not chosen:
        return CopyBusReading(arn="", exists=None)
    home = f"arn:{site.partition}:events:{site.home.region}:{site.account}:event-bus/default"
    arn = home if chosen == "default" else chosen
    _, _, _, region, account, resource = arn.split(":", 5)
    if account != site.account:
        return CopyBusReading(arn=arn, exists=None)
    found = looked(
        lambda: site.client("events", region).describe_event_bus(Name=resource.partition("/")[2]),
        action="events:DescribeEventBus",
        region=region,
        missing=_NO_BUS,
    )
    return CopyBusReading(arn=arn, exists=found if isinstance(found, Unreadable) else found is not None)


def judge_copy_bus(reading: CopyBusReading) -> Iterator[Line]:
    """The bus exists: putting events on one that does not reports success."""
    bus = f"the event bus {reading.arn.partition('/')[2]}"
    match reading.exists:
        case _ if not reading.arn:
            yield sound("no event bus gets copies of alerts")
        case Unreadable() as refusal:
            yield unknown(bus, refusal)
        case True:
            yield sound(f"{bus} gets copies of alerts")
        case False:
            yield to_do(
                f"{bus} was deleted: it gets no copies of alerts", "create it, or deploy with IncidentEventBus=…"
            )
        case None:
            yield note(f"{bus} of account {reading.arn.split(':')[4]} cannot be looked at", "make test-alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubReading:
    """Security Hub in the home region: ``is_enabled`` is None if the deployment has no findings there."""

    region: str
    is_enabled: bool | Unreadable | None


def read_hub(site: Site) -> HubReading:
    """Whether Security Hub is enabled, if it is to get findings."""
    region = site.home.region
    if site.home.parameters.get("SecurityHub", "no") != "yes":
        return HubReading(region=region, is_enabled=None)
    found = looked(
        lambda: site.client("securityhub").describe_hub(),
        action="securityhub:DescribeHub",
        region=region,
        missing=_NO_HUB,
    )
    return HubReading(region=region, is_enabled=found if isinstance(found, Unreadable) else found is not None)


def judge_hub(reading: HubReading) -> Iterator[Line]:
    """It is enabled: otherwise it refuses every finding."""
    hub = f"Security Hub in {reading.region}"
    match reading.is_enabled:
        case None:
            yield sound("Security Hub gets no findings")
        case Unreadable() as refusal:
            yield unknown(hub, refusal)
        case True:
            yield sound(f"{hub} gets the incidents as findings")
        case False:
            yield to_do(f"{hub} is not enabled: it refuses every finding", "enable it, or deploy with SecurityHub=no")
