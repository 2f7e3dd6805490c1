"""Whether the action, principal and resource elements of a statement cover a request."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mailwarden.policy.document.model import StatementEffect
from mailwarden.policy.evaluation.sender import RoleSession, ServicePrincipal
from mailwarden.policy.matching.glob import (
    ARN_SEGMENTS,
    compile_arn_glob,
    compile_glob,
    has_variable,
    has_wildcard,
    lower_ascii,
)
from mailwarden.policy.matching.three_valued import Truth, any_of, negate

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Actions, Principals, Resources
    from mailwarden.policy.evaluation.sender import Principal

_ACCOUNT: Final = re.compile(r"[0-9]{12}")


@lru_cache(maxsize=1024)
def covers_action(actions: Actions, action: str) -> Truth:
    """Whether *action* is covered: prefix and name ignore case (…/reference_policies_elements_action.html)."""
    wanted = lower_ascii(action)
    found = any_of(_action(pattern, wanted) for pattern in actions.patterns)
    return negate(found) if actions.negated else found


def _action(pattern: str, wanted: str) -> Truth:
    if not compile_glob(lower_ascii(pattern))(wanted):
        return Truth.FALSE
    prefix, colon, _ = pattern.partition(":")
    # "*" is all actions; otherwise an action is a service prefix, a colon and a name that may hold wildcards.
    if pattern in {"*", "*:*"} or (colon and not has_wildcard(prefix)):
        return Truth.TRUE
    return Truth.UNKNOWN


@lru_cache(maxsize=1024)
def covers_resource(
    resources: Resources,
    resource: str,
    variables: bool,  # noqa: FBT001 - a cache finds what is named by a keyword half as fast
) -> Truth:
    """Whether the identity *resource* is covered. NotResource is not valid in a sending policy: undecidable."""
    if resources.negated:
        return Truth.UNKNOWN
    return any_of(_resource(pattern, resource, variables=variables) for pattern in resources.patterns)


def _resource(pattern: str, resource: str, *, variables: bool) -> Truth:
    if variables and has_variable(pattern):
        return Truth.UNKNOWN
    if pattern == "*":
        return Truth.TRUE
    if compile_arn_glob(pattern, escapes=variables)(resource):
        return Truth.TRUE if _is_well_formed(pattern) else Truth.UNKNOWN
    # AWS's pages and services disagree about a star across colons and about too few segments; an address
    # that differs in case only may be the same identity to SES.
    if compile_glob(pattern.casefold(), escapes=variables)(resource.casefold()):
        return Truth.UNKNOWN
    return Truth.FALSE


def _is_well_formed(pattern: str) -> bool:
    """Whether the wildcards of an ARN pattern are where AWS lets them be.

    "You can't use a wildcard in the service segment" (IAM, Resource element), and none "in the portion of the ARN that
    specifies the resource type" (General Reference, ARNs). A star for everything behind the account is common.
    """
    prefix, _, service, _, _, rest = pattern.split(":", ARN_SEGMENTS - 1)
    kind = rest.partition("/")[0]
    return not (has_wildcard(prefix) or has_wildcard(service) or (has_wildcard(kind) and rest != "*"))


def covers_principal(principals: Principals, principal: Principal, effect: StatementEffect | None) -> Truth:
    """Whether *principal* is covered; NotPrincipal excepts differently in an Allow and a Deny."""
    match principal:
        case ServicePrincipal():
            named = _names_service(principals, principal.name)
            # "You must also specify the account ARN of the not-denied principal": a service has none, so
            # whether its exception holds is open (…/reference_policies_elements_notprincipal.html).
            fragile = bool(principals.services)
        case RoleSession():
            named = _names_role(principals, principal)
            # A session is excepted only if account, role and session are all named, and no policy can name
            # a session whose name is not known.
            fragile = named is Truth.TRUE and "*" not in principals.aws
    if not principals.negated:
        return named
    if principals.anyone:
        return Truth.FALSE
    if effect is not StatementEffect.ALLOW and fragile:
        return Truth.UNKNOWN
    return negate(named)


def _names_service(principals: Principals, name: str) -> Truth:
    # "Service principals are unique and case-sensitive" (IAM API, CreateServiceLinkedRole).
    if principals.anyone or name in principals.services:
        return Truth.TRUE
    # "*" and {"AWS": "*"} are called equivalent "for anonymous users" only
    # (…/reference_policies_elements_principal.html), and a wildcard may not be part of a name.
    if "*" in principals.aws or any(has_wildcard(service) for service in principals.services):
        return Truth.UNKNOWN
    # SES may refuse a name in other letters, or take it for this one: that is not documented.
    folded = name.casefold()
    return Truth.UNKNOWN if any(service.casefold() == folded for service in principals.services) else Truth.FALSE


def _names_role(principals: Principals, session: RoleSession) -> Truth:
    if principals.anyone:
        return Truth.TRUE
    found = any_of(_names_role_as(named, session) for named in principals.aws) if principals.aws else Truth.FALSE
    # A canonical user id names an account by a number that cannot be resolved here.
    return max(found, Truth.UNKNOWN) if principals.canonical_users else found


def _names_role_as(named: str, session: RoleSession) -> Truth:
    root = f"arn:{session.partition}:iam::{session.account}:root"
    sessions = f"arn:{session.partition}:sts::{session.account}:assumed-role/{session.role_name}/"
    # "Using the account ARN in the Principal element does not limit permissions to only the root user."
    if named in {"*", session.role_arn, session.account, root}:
        return Truth.TRUE
    # The session's name is not known, a unique id may be the role's, a wildcard may not be part of a name,
    # and what is neither an ARN nor an account is no principal.
    other = named.startswith("arn:") and not named.startswith(sessions) and not has_wildcard(named)
    return Truth.FALSE if other or _ACCOUNT.fullmatch(named) else Truth.UNKNOWN
