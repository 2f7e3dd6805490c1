"""Why a deployment owns what would be written; the next one would undo it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.refs.causes import Cause, deployed_by
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef
from mailwarden.domain.repair.source import (
    SourceForm,
    deployed_from,
    is_known,
    names_stack,
    owned_by,
    set_owned_by,
    source_in,
)
from mailwarden.message import Message
from mailwarden.ports.repair.stacks import Owned, Stacks


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOwners:
    """Knows the deployments of pools: by the calls that are known, and by CloudFormation."""

    stacks: Stacks
    deployment_roles: tuple[str, ...]

    def forbids(
        self, pool: PoolRef, change: Change, causes: Iterable[Cause | None], *, last: LookRecord | None
    ) -> Message | None:
        """The reason not to write because of the source; None if none is known.

        Asked of every call that is known: the ones in *causes*, and, for a pool, the last one that wrote it, which the
        look *last* names. Only pools can be owned by a stack here: CloudFormation has no resource for identity
        policies.
        """
        match change:
            case ReplaceEmailConfiguration():
                return self.of_pool(pool, causes, last=last)
            case GrantSending() | CreateServiceLinkedRole():
                return self.deployed(causes)

    def known(
        self, pool: PoolRef, change: Change, causes: Iterable[Cause | None], *, last: LookRecord | None
    ) -> Message | None:
        """The source of what *change* writes, by the same calls; None also where it could not be determined."""
        reason = self.forbids(pool, change, causes, last=last)
        return reason if reason is not None and is_known(reason) else None

    def of_pool(self, pool: PoolRef, causes: Iterable[Cause | None], *, last: LookRecord | None) -> Message | None:
        """The reason not to write the pool itself.

        Where CloudFormation made the last call, the stack is asked for all the same: its name and the pool's logical
        id say more.
        """
        reason = self.deployed((*causes, None if last is None else last.changed_by))
        source = source_in(reason)
        if source is not None and source.form is not SourceForm.CLOUDFORMATION:
            return reason
        owner = self.stacks.owner_of(pool)
        if isinstance(owner, Owned) and (reason is None or names_stack(owner.by)):
            return owned_by(owner.by)
        return reason

    def of_set(self, ref: ConfigurationSetRef) -> Message | None:
        """Why the options of a set belong into a source; None if no stack is known to own it."""
        owner = self.stacks.owner_of_set(ref)
        return set_owned_by(owner.by) if isinstance(owner, Owned) and names_stack(owner.by) else None

    def deployed(self, causes: Iterable[Cause | None]) -> Message | None:
        """The reason that one of the calls is a deployment's."""
        for cause in causes:
            deployed = None if cause is None else deployed_by(cause, self.deployment_roles)
            if deployed is not None:
                return deployed_from(deployed)
        return None
