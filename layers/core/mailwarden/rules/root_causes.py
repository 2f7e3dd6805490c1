"""What the findings of a rule come from, where that is more than their own subject."""

from collections.abc import Callable

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, Subject, index_arn
from mailwarden.domain.refs.root_causes import (
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    RootCause,
    SendingPolicies,
)

type RootCauseOf = Callable[[MailPath, Subject], RootCause | None]


def own_state(_: MailPath, __: Subject) -> RootCause | None:
    """Nothing but the subject itself."""
    return None


def identity_state(_: MailPath, subject: Subject) -> RootCause | None:
    """The identity that the finding is about."""
    return IdentityState(identity=_as_indexed(subject)) if isinstance(subject, IdentityRef) else None


def sending_policies(path: MailPath, _: Subject) -> RootCause | None:
    """The policies of the identity that the pool sends as."""
    return policies_of(path.ses_states[0].identity_ref) if path.ses_states else None


def policies_of(identity: IdentityRef) -> SendingPolicies:
    """The policies of an identity, however a pool spells it."""
    return SendingPolicies(identity=_as_indexed(identity))


def fight_over(path: MailPath, history: WriteHistory) -> RootCause | None:
    """What another actor undoes, where many pools share it; None for the configuration of one pool."""
    match history.direction:
        case Direction.GRANT:
            return Fight(over=policies_of(IdentityRef.from_arn(history.resource)))
        case Direction.CREATE:
            return Fight(over=EmailRole(partition=path.pool.ref.partition, account=path.pool.ref.account))
        case Direction.CONFIGURE:
            return None


def email_role(path: MailPath, _: Subject) -> RootCause | None:
    """The service-linked role of the account."""
    return EmailRole(partition=path.pool.ref.partition, account=path.pool.ref.account)


def configuration_set_state(_: MailPath, subject: Subject) -> RootCause | None:
    """The configuration set that the finding is about."""
    return ConfigurationSetState(configuration_set=subject) if isinstance(subject, ConfigurationSetRef) else None


def _as_indexed(identity: IdentityRef) -> IdentityRef:
    return IdentityRef.from_arn(index_arn(identity))
