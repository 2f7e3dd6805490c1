"""Reads SES configuration sets with SES v2: their options, their event destinations and their dedicated IP pool."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.readings import (
    ConfigurationSet,
    ConfigurationSetReading,
    DedicatedIpPool,
    EventDestination,
    Missing,
    OwnReason,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import GetConfigurationSetResponseTypeDef

GET = "ses:GetConfigurationSet"
GET_DESTINATIONS = "ses:GetConfigurationSetEventDestinations"
GET_IP_POOL = "ses:GetDedicatedIpPool"
# AWS's own pools, such as ses-default-dedicated-pool and ses-shared-pool: no account creates or deletes them.
_OF_AWS = ("ses-", "default")
_TLS_REQUIRED: Mapping[str, bool] = {"REQUIRE": True, "OPTIONAL": False}


class SesConfigurationSets:
    """Implements the port ``ConfigurationSets`` with SES v2; ``account`` is the deployment's: it reads no other."""

    def __init__(self, *, clients: Clients, account: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._account = account
        self._monotonic = monotonic
        self._recent = TtlCache[ConfigurationSetRef, ConfigurationSet | Missing](monotonic=monotonic)

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:
        """One set with its destinations and its dedicated IP pool; ``fresh`` bypasses the cache.

        A failed read, of the set or of what belongs to it, is not cached. The IP pool costs a read where one is named.
        """
        kept = None if fresh else self._recent.get(configuration_set)
        if kept is not None:
            return kept
        asked_at = self._monotonic()
        reading = self._read(configuration_set)
        match reading:
            case (
                Unreadable()
                | ConfigurationSet(destinations=Unreadable())
                | ConfigurationSet(ip_pool=DedicatedIpPool(exists=Unreadable()))
            ):
                pass
            case ConfigurationSet() | Missing():
                self._recent.keep(configuration_set, reading, asked_at=asked_at)
        return reading

    def _read(self, ref: ConfigurationSetRef) -> ConfigurationSetReading:
        if ref.account != self._account:
            return Unreadable(action=GET, region=ref.region, reason=OwnReason.OTHER_ACCOUNT, about=ref.account)
        try:
            answer = self._clients.sesv2(ref.region).get_configuration_set(ConfigurationSetName=ref.name)
        except (ClientError, BotoCoreError) as error:
            return _missing_or_unread(error, ref, GET)
        described = _described(ref, answer)
        destinations = self._destinations(ref)
        if isinstance(destinations, Missing):
            return destinations
        ip_pool = self._ip_pool(ref, answer.get("DeliveryOptions", {}).get("SendingPoolName"))
        return replace(described, destinations=destinations, ip_pool=ip_pool)

    def _destinations(self, ref: ConfigurationSetRef) -> tuple[EventDestination, ...] | Missing | Unreadable:
        try:
            answer = self._clients.sesv2(ref.region).get_configuration_set_event_destinations(
                ConfigurationSetName=ref.name
            )
        except (ClientError, BotoCoreError) as error:
            return _missing_or_unread(error, ref, GET_DESTINATIONS)
        return tuple(
            EventDestination(
                name=destination["Name"],
                enabled=destination["Enabled"],
                event_types=frozenset(destination["MatchingEventTypes"]),
            )
            for destination in answer.get("EventDestinations", ())
        )

    def _ip_pool(self, ref: ConfigurationSetRef, name: str | None) -> DedicatedIpPool | None:
        if not name or name.startswith(_OF_AWS):
            return None
        try:
            self._clients.sesv2(ref.region).get_dedicated_ip_pool(PoolName=name)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "NotFoundException":
                return DedicatedIpPool(name=name, exists=False)
            return DedicatedIpPool(name=name, exists=unread(error, action=GET_IP_POOL, region=ref.region))
        return DedicatedIpPool(name=name, exists=True)


def _missing_or_unread(
    error: ClientError | BotoCoreError, ref: ConfigurationSetRef, action: str
) -> Missing | Unreadable:
    if code_of(error) == "NotFoundException":
        return Missing(arn=ref.arn)
    return unread(error, action=action, region=ref.region)


def _described(ref: ConfigurationSetRef, answer: "GetConfigurationSetResponseTypeDef") -> ConfigurationSet:
    # Absent: the account's reasons apply; an empty list: none apply (SES guide, "Using configuration set-level
    # suppression to override your account-level suppression list").
    reasons = answer.get("SuppressionOptions", {}).get("SuppressedReasons")
    return ConfigurationSet(
        ref=ref,
        sending_enabled=answer["SendingOptions"]["SendingEnabled"],
        tls_required=_TLS_REQUIRED.get(answer.get("DeliveryOptions", {}).get("TlsPolicy", "OPTIONAL")),
        suppressed_reasons=None if reasons is None else frozenset(reasons),
        destinations=(),
    )
