"""The mail path as it would be with a change written: how a fix is graded before anything is.

What the changed path passes through and this look did not read is *unread* on it, never sound.
"""

from collections.abc import Mapping
from dataclasses import replace

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.mail_path.consent import NotOpened
from mailwarden.domain.mail_path.path import (
    MailPath,
    Sender,
    SesRegionState,
    UsesIdentity,
    configuration_set_of,
    sender_of,
)
from mailwarden.domain.readings import (
    ConfigurationSetReading,
    EmailConfiguration,
    OwnReason,
    RoleReading,
    SenderMode,
    ServiceLinkedRole,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef
from mailwarden.message import message
from mailwarden.regions import RegionRow


def apply_change(change: Change, path: MailPath) -> MailPath:
    """*path* with *change* in force; a change about something that is not on the path leaves it as it is."""
    match change:
        case GrantSending(identity=identity, after=after):
            ses_states = tuple(
                _granted(ses_state, after) if ses_state.identity_ref == identity else ses_state
                for ses_state in path.ses_states
            )
            notices = path.notices_state
            if notices is not None and notices.identity_ref == identity:
                notices = _granted(notices, after)
            return replace(path, ses_states=ses_states, notices_state=notices)
        case ReplaceEmailConfiguration(pool=pool, after=email):
            if pool != path.pool.ref:
                return path
            restored = path.as_restored
            # It was read as it would be, past what this look reads of the live one.
            is_read = restored is not None and restored.pool.email.in_full == email.in_full
            return restored if restored is not None and is_read else _reconfigured(path, email)
        case CreateServiceLinkedRole(partition=partition, account=account):
            ours = (partition, account) == (path.pool.ref.partition, path.pool.ref.account)
            if path.service_linked_role is None or not ours:
                return path
            return replace(path, service_linked_role=ServiceLinkedRole.PRESENT)


def _granted(ses_state: SesRegionState, after: Mapping[str, str | None]) -> SesRegionState:
    identity = ses_state.live_identity
    if identity is None:
        return ses_state
    policies = {name: text for name, text in {**identity.policies, **after}.items() if text is not None}
    return replace(ses_state, identity=replace(identity, policies=policies))


def _reconfigured(path: MailPath, email: EmailConfiguration) -> MailPath:
    sender = sender_of(email, custom_sender_lambda=path.pool.custom_sender_lambda)
    return replace(
        path,
        pool=replace(path.pool, email=email),
        sender=sender,
        ses_states=tuple(_ses_state(path, ref, email) for ref in _identities(path, sender)),
        candidates={},
        as_restored=None,
        service_linked_role=_role(path, sender, email),
    )


def _identities(path: MailPath, sender: Sender) -> tuple[IdentityRef, ...]:
    """The identities the mail would depend on, as the look itself expands them."""
    if not isinstance(sender, UsesIdentity):
        return ()
    if sender.ref.region != "*":
        return (sender.ref,)
    if not isinstance(path.row, RegionRow):
        return ()
    return tuple(replace(sender.ref, region=region) for region in path.row.regions(sender.use))


def _ses_state(path: MailPath, ref: IdentityRef, email: EmailConfiguration) -> SesRegionState:
    looked_at = (*path.ses_states, *path.candidates.values())
    for ses_state in looked_at:
        if ses_state.identity_ref == ref:
            return replace(ses_state, configuration_set=_configuration_set(path, ses_state, email))
    accounts = [ses_state.account for ses_state in looked_at if ses_state.identity_ref.region == ref.region]
    unseen = SesRegionState(
        identity_ref=ref,
        identity=_unread("ses:GetEmailIdentity", ref.region),
        account=accounts[0] if accounts else _unread("ses:GetAccount", ref.region),
        consent=NotOpened(reason=message("consent.not-looked-at")),
    )
    return replace(unseen, configuration_set=_configuration_set(path, unseen, email))


def _configuration_set(
    path: MailPath, ses_state: SesRegionState, email: EmailConfiguration
) -> ConfigurationSetReading | None:
    """The set that the mail would pass through with *email*: the one that was looked at, or one that was not."""
    used = configuration_set_of(email, ses_state.identity_ref, ses_state.identity)
    if not isinstance(used, ConfigurationSetRef):
        return used
    if used == configuration_set_of(path.pool.email, ses_state.identity_ref, ses_state.identity):
        return ses_state.configuration_set or _unread("ses:GetConfigurationSet", used.region)
    return _unread("ses:GetConfigurationSet", used.region)


def _role(path: MailPath, sender: Sender, email: EmailConfiguration) -> RoleReading | None:
    if not isinstance(sender, UsesIdentity) or email.mode is not SenderMode.DEVELOPER:
        return None
    if path.service_linked_role is None:
        return _unread("iam:GetRole", path.pool.ref.region)
    return path.service_linked_role


def _unread(action: str, region: str) -> Unreadable:
    return Unreadable(action=action, region=region, reason=OwnReason.NOT_READ)
