"""Compares live resources with a change, through the readings that looks use."""

from dataclasses import dataclass

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.repair.recovery import LiveState, state_of_policies, state_of_pool, state_of_risk, state_of_role
from mailwarden.ports.mail_path.email_service_role import EmailServiceRole
from mailwarden.ports.mail_path.identities import Identities
from mailwarden.ports.mail_path.pools import Pools


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveResources:
    """Reads what a change would write, past every cache."""

    pools: Pools
    identities: Identities
    role: EmailServiceRole

    def state_of(self, change: Change | OperatorChange) -> LiveState | Unreadable:
        """The live state, compared with ``before`` and ``after`` of *change*. No mode, tag or setting takes part."""
        match change:
            case ReplaceEmailConfiguration(pool=pool):
                return state_of_pool(change, self.pools.read(pool))
            case GrantSending(identity=identity):
                return state_of_policies(change, self.identities.read(identity, fresh=True))
            case CreateServiceLinkedRole():
                return state_of_role(self.role.read(fresh=True))
            case ReplaceRiskConfiguration(pool=pool):
                return state_of_risk(change, self.pools.read(pool))
            case RemoveSuppression(account=account):
                # Only the person who knows the address can ask for it.
                return Unreadable(
                    action="ses:GetSuppressedDestination", region=account.region, reason=OwnReason.NOT_READ
                )
