"""Notes other actors' calls that may overlap a write of ours."""

from dataclasses import dataclass

from mailwarden.domain.mail_path.overlap import SET_RISK, OtherCall
from mailwarden.domain.refs.causes import Cause, acts_as
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.policy import is_own_name
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.write_windows import WriteWindows

# The calls whose effect UpdateUserPool replaces: it sends tags, MFA's SMS configuration and all settings back.
# A window of a risk configuration is compared with the one call that sets it (``StoredWindow.overlaps``).
_POOL_WRITES = frozenset({"UpdateUserPool", "SetUserPoolMfaConfig", "TagResource", "UntagResource", SET_RISK})
_POLICY_WRITES = frozenset(
    {
        "CreateEmailIdentityPolicy",
        "UpdateEmailIdentityPolicy",
        "DeleteEmailIdentityPolicy",
        "PutIdentityPolicy",
        "DeleteIdentityPolicy",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapRecorder:
    """Compares the calls of hints with the stored windows.

    ``own_roles`` are the ARNs of the roles that write: whose call it was is decided by them, and not by the user agent,
    which any caller can choose. A call that arrives before the window is stored was made before the comparison. That
    holds for the event of a call only: our own hints carry the call on, and come when a later write may be under way.
    """

    windows: WriteWindows
    own_roles: tuple[str, ...]
    clock: Clock

    def record(self, hint: Hint) -> None:
        """Note the calls of an event that may overlap a write to the resource it names."""
        match hint:
            case PoolHint(pool=resource, cause=Cause() as cause, attempt=0, asks_anew=False, waits=False):
                self._note(resource, cause)
            case IdentityHint(identity=resource, cause=Cause() as cause, after=None):
                self._note(resource, cause)
            case _:
                return

    def _note(self, resource: PoolRef | IdentityRef, cause: Cause) -> None:
        calls = [
            call
            for call in cause.calls
            if writes_what_we_write(resource, call) and not any(acts_as(call.actor, role) for role in self.own_roles)
        ]
        if not calls:
            return
        windows = self.windows.of(resource.arn).windows
        for call in calls:
            if any(window.overlaps(call) for window in windows):
                self.windows.note(OtherCall(resource=resource.arn, call=call, noted_at=self.clock.now()))


def writes_what_we_write(resource: PoolRef | IdentityRef, call: Cause) -> bool:
    """Whether a call to *resource* changes what a write of ours replaces; a policy that cannot be named counts."""
    if isinstance(resource, PoolRef):
        return call.event_name in _POOL_WRITES
    return call.event_name in _POLICY_WRITES and (not call.policy or is_own_name(call.policy))
