"""Root causes: the one thing whose state explains one finding or many."""

from dataclasses import dataclass

from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    PoolRef,
    Subject,
    subject_from_arn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityState:
    """An identity that does not exist or is not verified."""

    identity: IdentityRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicies:
    """The sending policies of an identity, which decide for every pool that uses it."""

    identity: IdentityRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRole:
    """The service-linked role with which Cognito sends the mail of every DEVELOPER pool of an account."""

    partition: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSetState:
    """A configuration set: that it is missing ends every other finding about it."""

    configuration_set: ConfigurationSetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTrails:
    """The CloudTrail trails of an account: one of them may deliver the events of every region."""

    partition: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """The subject of one finding that explains no other finding."""

    finding: FindingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCalls:
    """Calls of one kind by one principal that broke many pools in the same way, as a deployment does."""

    rule_id: str
    account: str
    event_name: str
    principal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fight:
    """Another actor that undoes what Mailwarden writes to something that many pools share."""

    over: SendingPolicies | EmailRole


type RootCause = (
    IdentityState | SendingPolicies | EmailRole | ConfigurationSetState | AccountTrails | OwnState | SameCalls | Fight
)


class NotARootCause(ValueError):
    """A text is not the key of a root cause."""


def key_of_cause(cause: RootCause) -> str:
    """The key of a root cause; ``root_cause_from`` reads it back."""
    match cause:
        case IdentityState(identity=identity):
            return f"identity|{identity.arn}"
        case SendingPolicies(identity=identity):
            return f"policies|{identity.arn}"
        case EmailRole(partition=partition, account=account):
            return f"role|{partition}|{account}"
        case ConfigurationSetState(configuration_set=ref):
            return f"set|{ref.arn}"
        case AccountTrails(partition=partition, account=account):
            return f"trails|{partition}|{account}"
        case OwnState(finding=finding):
            return f"own|{finding.rule_id}|{finding.subject_arn}"
        case SameCalls(rule_id=rule_id, account=account, event_name=event_name, principal=principal):
            return f"calls|{rule_id}|{account}|{event_name}|{principal}"
        case Fight(over=over):
            return f"fight|{key_of_cause(over)}"


def root_cause_from(key: str) -> RootCause:
    """Read a key back; raises NotARootCause."""
    kind, _, rest = key.partition("|")
    try:
        match kind:
            case "identity":
                return IdentityState(identity=IdentityRef.from_arn(rest))
            case "policies":
                return SendingPolicies(identity=IdentityRef.from_arn(rest))
            case "set":
                return ConfigurationSetState(configuration_set=ConfigurationSetRef.from_arn(rest))
            case "role":
                partition, account = rest.split("|")
                return EmailRole(partition=partition, account=account)
            case "trails":
                partition, account = rest.split("|")
                return AccountTrails(partition=partition, account=account)
            case "own":
                rule_id, arn = rest.split("|", 1)
                return OwnState(finding=FindingKey(subject_arn=subject_from_arn(arn).arn, rule_id=rule_id))
            case "calls":
                rule_id, account, event_name, principal = rest.split("|", 3)
                return SameCalls(rule_id=rule_id, account=account, event_name=event_name, principal=principal)
            case "fight" if isinstance(over := root_cause_from(rest), SendingPolicies | EmailRole):
                return Fight(over=over)
            case _:
                raise NotARootCause(key)
    except ValueError as error:
        raise NotARootCause(key) from error


def shared_subject(cause: RootCause) -> Subject | None:
    """The subject by which the reverse index knows the pools that the cause may concern; None where it knows none."""
    match cause:
        case IdentityState(identity=identity) | SendingPolicies(identity=identity):
            return identity
        case ConfigurationSetState(configuration_set=ref):
            return ref
        case OwnState(finding=finding):
            subject = subject_from_arn(finding.subject_arn)
            return None if isinstance(subject, PoolRef) else subject
        case EmailRole() | AccountTrails() | SameCalls() | Fight():
            return None
