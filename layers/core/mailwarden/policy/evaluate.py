"""The evaluation: every statement of every policy of an identity against one request.

An explicit Deny wins over everything, then an Allow is needed
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html); each in three-valued
logic, so that a doubt decides only where nothing certain does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailwarden.policy.conditions import judge, why_unknown
from mailwarden.policy.context import Known
from mailwarden.policy.decision import (
    ActionMismatch,
    Allowed,
    ConditionMismatch,
    Denied,
    Doubt,
    NotAllowed,
    PrincipalMismatch,
    Reading,
    ResourceMismatch,
    StatementRef,
    Undecidable,
)
from mailwarden.policy.kleene import Truth
from mailwarden.policy.matching import covers_action, covers_principal, covers_resource
from mailwarden.policy.model import Effect, Problem
from mailwarden.policy.parse import parse
from mailwarden.policy.sender import RoleSession, ServicePrincipal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.context import Context
    from mailwarden.policy.decision import Decision, Mismatch
    from mailwarden.policy.model import Condition, Statement
    from mailwarden.policy.parse import Document
    from mailwarden.policy.sender import Principal, Request


def evaluate(  # noqa: C901 - one case for each effect and truth
    policies: Mapping[str, Document], request: Request
) -> Decision:
    """Whether *policies*, by name, let *request* pass: all policies of one identity, as SES holds them."""
    denying: list[StatementRef] = []
    allowing: list[Reading] = []
    maybe_denying: list[Reading] = []
    maybe_allowing: list[Reading] = []
    not_allowing: list[Reading] = []
    for reading in read_policies(policies, request):
        match reading.effect, reading.matches:
            case Effect.DENY, Truth.TRUE:
                denying.append(reading.ref)
            case Effect.DENY, Truth.UNKNOWN:
                maybe_denying.append(reading)
            case Effect.ALLOW, Truth.TRUE:
                allowing.append(reading)
            case Effect.ALLOW, Truth.UNKNOWN:
                maybe_allowing.append(reading)
            case Effect.ALLOW, Truth.FALSE:
                not_allowing.append(reading)
            case None, Truth.UNKNOWN | Truth.TRUE:
                maybe_denying.append(reading)
                maybe_allowing.append(reading)
            case _:
                pass
    if denying:
        return Denied(action=request.action, by=tuple(denying))
    if not allowing and not maybe_allowing:
        return NotAllowed(action=request.action, allows=tuple(not_allowing), possible_denials=tuple(maybe_denying))
    if allowing and not maybe_denying:
        return Allowed(action=request.action, by=allowing[0].ref)
    # With a certain Allow only what may deny matters; without one, both.
    open_questions = maybe_denying if allowing else [*maybe_allowing, *maybe_denying]
    return Undecidable(action=request.action, readings=tuple(dict.fromkeys(open_questions)))


def read_policies(policies: Mapping[str, Document], request: Request) -> Iterator[Reading]:
    """How each statement relates to *request*, policy by policy; one reading for an unreadable policy."""
    for name, document in policies.items():
        policy = parse(document)
        if policy.unreadable is not None:
            yield Reading(
                ref=StatementRef(policy=name, index=-1, sid=None),
                effect=None,
                mismatches=(),
                doubts=(_doubt(policy.unreadable),),
            )
        for statement in policy.statements:
            yield read_statement(name, statement, request)


def read_statement(policy: str, statement: Statement, request: Request) -> Reading:
    """How *statement* of *policy*, a name, relates to *request*: everything that speaks against it."""
    mismatches: list[Mismatch] = []
    doubts = [_doubt(problem) for problem in statement.doubts] if statement.doubts else []
    effect = statement.effect if isinstance(statement.effect, Effect) else None
    if isinstance(statement.effect, Problem):
        doubts.append(_doubt(statement.effect))
    _read_action(statement, request, mismatches, doubts)
    _read_principal(statement, request, effect, mismatches, doubts)
    _read_resource(statement, request, mismatches, doubts)
    for condition in statement.conditions:
        _read_condition(condition, request.sender.context, mismatches, doubts, variables=statement.variables)
    return Reading(
        ref=StatementRef(policy=policy, index=statement.index, sid=statement.sid),
        effect=effect,
        mismatches=tuple(mismatches),
        doubts=tuple(dict.fromkeys(doubts)) if doubts else (),
    )


def _read_action(statement: Statement, request: Request, mismatches: list[Mismatch], doubts: list[Doubt]) -> None:
    actions = statement.actions
    if isinstance(actions, Problem):
        doubts.append(_doubt(actions))
        return
    match covers_action(actions, request.action):
        case Truth.FALSE:
            mismatches.append(ActionMismatch(action=request.action, listed=actions.patterns, negated=actions.negated))
        case Truth.UNKNOWN:
            doubts.append(Doubt(path=actions.path, because="an action has no service prefix of its own"))
        case Truth.TRUE:
            pass


def _read_principal(
    statement: Statement,
    request: Request,
    effect: Effect | None,
    mismatches: list[Mismatch],
    doubts: list[Doubt],
) -> None:
    principals = statement.principals
    if isinstance(principals, Problem):
        doubts.append(_doubt(principals))
        return
    match covers_principal(principals, request.sender.principal, effect):
        case Truth.FALSE:
            mismatches.append(
                PrincipalMismatch(
                    principal=_name(request.sender.principal),
                    listed=principals.listed,
                    negated=principals.negated,
                )
            )
        case Truth.UNKNOWN:
            whom = _name(request.sender.principal)
            doubts.append(Doubt(path=principals.path, because=f"it may or may not mean {whom}"))
        case Truth.TRUE:
            pass


def _read_resource(statement: Statement, request: Request, mismatches: list[Mismatch], doubts: list[Doubt]) -> None:
    resources = statement.resources
    if isinstance(resources, Problem):
        doubts.append(_doubt(resources))
        return
    resource = request.sender.identity_arn
    match covers_resource(resources, resource, variables=statement.variables):
        case Truth.FALSE:
            mismatches.append(ResourceMismatch(resource=resource, listed=resources.patterns))
        case Truth.UNKNOWN:
            if not any(doubt.path == resources.path for doubt in doubts):
                doubts.append(Doubt(path=resources.path, because="it may or may not mean this identity"))
        case Truth.TRUE:
            pass


def _read_condition(
    condition: Condition | Problem,
    context: Context,
    mismatches: list[Mismatch],
    doubts: list[Doubt],
    *,
    variables: bool,
) -> None:
    if isinstance(condition, Problem):
        doubts.append(_doubt(condition))
        return
    match judge(condition, context, variables=variables):
        case Truth.FALSE:
            state = context.state(condition.key)
            mismatches.append(
                ConditionMismatch(
                    operator=condition.operator_as_written,
                    key=condition.key_as_written,
                    values=condition.values,
                    actual=state.values if isinstance(state, Known) else None,
                )
            )
        case Truth.UNKNOWN:
            doubts.append(Doubt(path=condition.path, because=why_unknown(condition, context)))
        case Truth.TRUE:
            pass


def _name(principal: Principal) -> str:
    match principal:
        case ServicePrincipal(name=name):
            return name
        case RoleSession():
            return principal.role_arn


def _doubt(problem: Problem) -> Doubt:
    return Doubt(path=problem.path, because=problem.what)
