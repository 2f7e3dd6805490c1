"""Which calls could have done it, by kind and time; never the one that only made us look."""

from collections.abc import Mapping
from datetime import timedelta

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.refs.root_causes import (
    AccountTrails,
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    OwnState,
    RootCause,
    SameCalls,
    SendingPolicies,
)

# A call before the look by so much explains nothing that the look found first.
_WINDOW = timedelta(hours=2)
_POOL = frozenset({"CreateUserPool", "UpdateUserPool"})
_IDENTITY_GONE = frozenset({"DeleteEmailIdentity", "DeleteIdentity"})
_GRANTS = frozenset(
    {
        "CreateEmailIdentityPolicy",
        "DeleteEmailIdentityPolicy",
        "DeleteIdentityPolicy",
        "PutIdentityPolicy",
        "UpdateEmailIdentityPolicy",
    }
)
_NEW_IDENTITY = frozenset({"CreateEmailIdentity", "VerifyDomainIdentity", "VerifyEmailIdentity"})
_DELETES_GRANT = frozenset({"DeleteEmailIdentityPolicy", "DeleteIdentityPolicy"})
_ADDS_GRANT = frozenset({"CreateEmailIdentityPolicy", "PutIdentityPolicy", "UpdateEmailIdentityPolicy"})
_TAGS = frozenset({"TagResource", "UntagResource"})
_SET = frozenset(
    {
        "CreateConfigurationSet",
        "CreateConfigurationSetEventDestination",
        "DeleteConfigurationSet",
        "DeleteConfigurationSetEventDestination",
        "PutConfigurationSetDeliveryOptions",
        "PutConfigurationSetSendingOptions",
        "PutConfigurationSetSuppressionOptions",
        "UpdateConfigurationSetEventDestination",
        "UpdateConfigurationSetSendingEnabled",
    }
)
# The calls that can lead to findings of a rule, where the rule narrows them further than its root cause.
_BY_RULE: Mapping[str, frozenset[str]] = {
    # A Deny comes with a policy that is put, a lost grant with one that is deleted or replaced.
    # An identity that is missing was deleted; its creator did not do that.
    "MW301": _IDENTITY_GONE | _POOL,
    "MW401": (_GRANTS - {"CreateEmailIdentityPolicy"}) | _IDENTITY_GONE | _NEW_IDENTITY | _POOL,
    "MW402": _ADDS_GRANT | _POOL,
    "MW407": _ADDS_GRANT | _POOL,
    "MW404": _ADDS_GRANT,
    "MW405": _ADDS_GRANT,
    "MW303": frozenset(
        {"PutEmailIdentityDkimAttributes", "PutEmailIdentityDkimSigningAttributes", "SetIdentityDkimEnabled"}
    ),
    "MW304": frozenset({"PutEmailIdentityMailFromAttributes", "SetIdentityMailFromDomain"}),
    "MW502": frozenset({"PutAccountSendingAttributes", "UpdateAccountSendingEnabled"}),
    "MW701": frozenset({"PutAccountSuppressionAttributes"}),
    "MW406": frozenset({"DeleteUserPool"}),
    **dict.fromkeys(("MW907", "MW908", "MW912", "MW913"), _TAGS),
    "MW410": _ADDS_GRANT,
    "MW601": frozenset({"DeleteConfigurationSet"}) | _POOL,
    "MW602": frozenset({"PutConfigurationSetSendingOptions", "UpdateConfigurationSetSendingEnabled"}) | _POOL,
}

# They read more of a pool than its mail settings: a template, the ways to sign in, the domain.
_READ_MORE = frozenset({"MW109", "MW111", "MW112", "MW115", "MW116"})


def culprits_of(record: FindingRecord, cause: RootCause) -> tuple[Cause, ...]:
    """The known calls that could have led to the finding, the latest first; several where several could, or none."""
    known, opened = record.seen.cause, record.lifecycle.opened_at
    if known is None:
        return ()
    able = _BY_RULE.get(record.finding.rule_id) or _able(cause)
    fitting = (
        call
        for call in known.calls
        if call.event_name in able
        and OUR_USER_AGENT not in call.user_agent
        and opened - _WINDOW <= call.at <= opened
        and _is_there(call, record.finding.subject, cause)
        and (not call.left_mail_alone or record.finding.rule_id in _READ_MORE)
    )
    return tuple(sorted(fitting, key=lambda call: call.at, reverse=True))


def _is_there(call: Cause, subject: Subject, cause: RootCause) -> bool:
    """Whether the call was made in the region of what it would have changed; IAM has no regions."""
    if call.event_name in _POOL:
        if not isinstance(subject, PoolRef):
            return True
        return call.region in {"", subject.region} and call.pool_id in {None, subject.pool_id}
    match cause:
        case IdentityState(identity=changed) | SendingPolicies(identity=changed):
            return call.region in {"", changed.region}
        case Fight(over=over):
            return _is_there(call, subject, over)
        case ConfigurationSetState(configuration_set=changed_set):
            return call.region in {"", changed_set.region}
        case OwnState() if not isinstance(subject, PoolRef):
            return call.region in {"", subject.region}
        case EmailRole() | AccountTrails() | OwnState() | SameCalls():
            return True


def _able(cause: RootCause) -> frozenset[str]:
    match cause:
        case IdentityState():
            return _IDENTITY_GONE | _NEW_IDENTITY | _POOL
        case SendingPolicies():
            return _GRANTS | _POOL
        case Fight(over=over):
            # No call of a pool undoes a grant or the role.
            return _able(over) - _POOL
        case EmailRole():
            return frozenset({"DeleteServiceLinkedRole"}) | _POOL
        case ConfigurationSetState():
            return _SET | _POOL
        case AccountTrails():
            return frozenset({"DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"})
        case OwnState() | SameCalls():
            return _POOL
