"""Wires ``functions/announce``."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from mailwarden.adapters.aws.clients import COPYING, READING
from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.adapters.ledger.incidents.bursts import DynamoBursts
from mailwarden.adapters.ledger.incidents.incident_list import DynamoIncidentList
from mailwarden.adapters.ledger.incidents.incidents import DynamoIncidents
from mailwarden.adapters.ledger.incidents.leases import DynamoIncidentLeases
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.ledger.stream import finding_changed
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.invoke.sample_order import SampleOrders
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.service.findings.sample_alert import SampleAlerts
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.gathering import Gathering
from mailwarden.service.incidents.held_repairs import HeldRepairs
from mailwarden.service.incidents.resting_channel import RestingChannel
from mailwarden.service.incidents.returned_channels import ReturnedChannels
from mailwarden.service.operator.read_pools import PoolReader
from mailwarden.service.operator.shadow_report import ShadowReporter
from mailwarden.service.reports.send_reports import ReportSender
from mailwarden.settings.environment import Environment

if TYPE_CHECKING:
    from mailwarden.adapters.aws.events.incident_bus import EventsClient
    from mailwarden.adapters.aws.securityhub.findings_hub import SecurityHubClient


def _channels() -> Mapping[str, AlertChannel]:
    """The topic, and the channels that the stack asks for; no other is imported."""
    known = container.environment()
    channels: dict[str, AlertChannel] = {
        "topic": AlertTopic(
            container.session().client("sns", config=READING),
            known.topic_arn,
            rule_pages=known.rule_pages_url,
            account_name=known.account_name,
        ),
    }
    if "chat" in known.alert_channels:
        channels["chat"] = ChatQueue(
            container.sqs(),
            known.chat_queue_url,
            rule_pages=known.rule_pages_url,
            account_name=known.account_name,
        )
    optional = {"bus": _incident_bus, "amazon-q": _notification_topic, "security-hub": _findings_hub}
    for name in known.alert_channels:
        if name in optional:
            channels[name] = RestingChannel(optional[name](known), name=name, clock=container.UtcClock())
    return channels


def _incident_bus(known: Environment) -> AlertChannel:
    from mailwarden.adapters.aws.events.incident_bus import IncidentBus  # noqa: PLC0415

    region = known.event_bus_arn.split(":")[3]
    client = container.session().client("events", region_name=region, config=COPYING)
    return IncidentBus(
        cast("EventsClient", client),
        known.event_bus_arn,
        account=known.account,
        rule_pages=known.rule_pages_url,
        account_name=known.account_name,
    )


def _notification_topic(known: Environment) -> AlertChannel:
    from mailwarden.adapters.aws.sns.notification_topic import NotificationTopic  # noqa: PLC0415

    client = container.session().client("sns", config=COPYING)
    return NotificationTopic(
        client, known.notifications_topic_arn, rule_pages=known.rule_pages_url, account_name=known.account_name
    )


def _findings_hub(known: Environment) -> AlertChannel:
    from mailwarden.adapters.aws.securityhub.findings_hub import FindingsHub  # noqa: PLC0415

    client = container.session().client("securityhub", config=COPYING)
    return FindingsHub(
        cast("SecurityHubClient", client),
        partition=known.partition,
        region=known.home_region,
        account=known.account,
        rule_pages=known.rule_pages_url,
        account_name=known.account_name,
    )


@cache
def build_handler() -> AnnouncementBatch:
    """The handler of ledger changes, of the schedule and of orders for a sample."""
    speak(catalogue_of(container.environment().alert_language))
    channels = _channels()
    table, names = ledger_table(), tuple(channels)
    incidents = DynamoIncidents(table=table, channels=names)
    announcer = Announcer(
        findings=findings(),
        incidents=incidents,
        gathering=Gathering(
            findings=findings(),
            incidents=incidents,
            bursts=DynamoBursts(table=table),
            held=_held_repairs(),
            channels=names,
            clock=container.UtcClock(),
        ),
        extents=ExtentReader(
            findings=findings(),
            incidents=incidents,
            looks=DynamoLooks(table=table),
            resources_in_use=DynamoResourcesInUse(table=table),
        ),
        leases=DynamoIncidentLeases(table=table),
        channels=channels,
        clock=container.UtcClock(),
    )
    returned = ReturnedChannels(listed=DynamoIncidentList(table=table), announcer=announcer)
    return AnnouncementBatch(
        announcer=announcer,
        samples=lambda: _sample_orders(channels),
        reports=_reports,
        # A deployment that changes the channels starts new processes. A call that raises is not cached.
        catch_up=cache(returned.catch_up),
        changed=finding_changed,
    )


def _held_repairs() -> HeldRepairs:
    known = container.environment()
    return HeldRepairs(
        stop_switch=DynamoStopSwitch(table=ledger_table()),
        findings=findings(),
        repair_mode=known.repair_mode,
        home=MonitoringRef(partition=known.partition, region=known.home_region, account=known.account),
    )


def _sample_orders(channels: Mapping[str, AlertChannel]) -> SampleOrders:
    # The rules are a part of a cold start that no other alert needs.
    from mailwarden.rules.monitoring.mw900_sample_alert import RULE  # noqa: PLC0415

    known = container.environment()
    return SampleOrders(
        samples=SampleAlerts(channels=channels, finding_of=RULE.check, clock=container.UtcClock()),
        home=MonitoringRef(partition=known.partition, region=known.home_region, account=known.account),
    )


def _reports() -> ReportSender:
    # A part of a cold start that no alert needs.
    from mailwarden.adapters.aws.sns.report_topic import SnsReportTopic  # noqa: PLC0415
    from mailwarden.adapters.ledger.repair.shadow_cases import DynamoShadowCases  # noqa: PLC0415
    from mailwarden.adapters.ledger.sent_reports import DynamoSentReports  # noqa: PLC0415

    known, table = container.environment(), ledger_table()
    pools = PoolReader(
        resources=DynamoResourcesInUse(table=table),
        looks=DynamoLooks(table=table),
        clock=container.UtcClock(),
        partition=known.partition,
        account=known.account,
        watched_regions=known.watched_regions,
    )
    return ReportSender(
        # CloudFormation is not asked: `make shadow-report` does.
        reporter=ShadowReporter(
            pools=pools, shadow_cases=DynamoShadowCases(table=table), owners=None, repair_mode=known.repair_mode
        ),
        sent=DynamoSentReports(table=table),
        topic=SnsReportTopic(container.session().client("sns", config=READING), known.topic_arn),
        clock=container.UtcClock(),
    )


def prepare() -> None:
    """Build what every change of the ledger needs before the first one comes."""
    container.build_early(build_handler)
