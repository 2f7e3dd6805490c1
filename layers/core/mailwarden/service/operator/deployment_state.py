"""Reads the state of the deployment from the ledger and the settings; writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from mailwarden.domain.operator.deployment import DeploymentState, SettingsInEffect
from mailwarden.ports.clock import Clock
from mailwarden.ports.monitoring.known_pools import KnownPools
from mailwarden.ports.repair.stop_switch import StopSwitch


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentStates:
    """``settings`` reads the document in effect, ``sdk`` is the version of botocore that this function runs."""

    known_pools: KnownPools
    stop_switch: StopSwitch
    settings: Callable[[], SettingsInEffect]
    watched_regions: tuple[str, ...]
    sdk: str
    clock: Clock

    def current(self) -> DeploymentState:
        """The state now."""
        return DeploymentState(
            at=self.clock.now(),
            settings=self.settings(),
            stop=self.stop_switch.current(),
            swept_at={region: self.known_pools.swept_at(region) for region in self.watched_regions},
            sdk=self.sdk,
        )
