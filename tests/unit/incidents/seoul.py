"""Pools of Seoul that need a sending policy of an identity in Oregon, and what is done to them while time passes."""

from datetime import timedelta

from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from tests.builders import custom_from, identity, identity_ref, pool, sending_policy
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import Deployment, cause

SENDER = identity_ref("hello@example.com", region="us-west-2")
OTHER = identity_ref("other@example.com", region="us-west-2")


def seoul(number: int = 1, *, source: IdentityRef = SENDER, tags: dict[str, str] | None = None) -> Pool:
    """A pool that needs a sending policy of *source*."""
    return pool(
        "ap-northeast-2",
        pool_id=f"ap-northeast-2_P{number:04}",
        name=f"shop{number}",
        email=custom_from(source),
        tags=tags or {},
    )


def closed(source: IdentityRef = SENDER) -> Identity:
    """An identity that lets no pool send."""
    return identity(source.name, region="us-west-2")


def opened(source: IdentityRef = SENDER) -> Identity:
    """An identity that lets every pool of the account send."""
    policy = sending_policy(source, conditions={"StringEquals": {"aws:SourceAccount": source.account}})
    return identity(source.name, region="us-west-2", policies={"cognito": policy})


def denied(source: IdentityRef = SENDER) -> Identity:
    """An identity whose policy denies every pool."""
    policy = sending_policy(source, effect="Deny", conditions={})
    return identity(source.name, region="us-west-2", policies={"cognito": policy})


def broken(*pools: Pool) -> Deployment:
    """Pools that cannot send, in shadow mode, of which everybody was told."""
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(closed(), closed(OTHER), *pools)
    look_at(mailwarden, *pools)
    minutes(mailwarden, 2)
    return mailwarden


def look_at(mailwarden: Deployment, *pools: Pool, call: str = "UpdateUserPool") -> None:
    """A look at each pool; channels that are down are only heard of."""
    for each in pools:
        try:
            mailwarden.inspect(PoolHint(pool=each.ref, cause=cause(call, at=mailwarden.clock.at)))
        except ExceptionGroup as failed:
            _only_channels(failed)


def minutes(mailwarden: Deployment, number: int) -> None:
    """Each minute the schedule announces what is due."""
    for _ in range(number):
        mailwarden.clock.at += timedelta(minutes=1)
        try:
            mailwarden.announcer().announce_waiting()
        except ExceptionGroup as failed:
            _only_channels(failed)


def headlines(channel: InMemoryChannel) -> list[str]:
    """The first line of each message, without the place."""
    return [text_of(alert).splitlines()[0].rpartition(" (")[0] for alert in channel.told]


def text_of(alert: Alert) -> str:
    """The mail."""
    return alert_text(notice_of(alert, rule_pages="https://docs.example/"))


def _only_channels(failed: ExceptionGroup[Exception]) -> None:
    _, others = failed.split(ConnectionError)
    if others is not None:
        raise others
