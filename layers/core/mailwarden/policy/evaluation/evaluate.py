"""Evaluates every statement of every policy of an identity against one request.

An explicit Deny wins over everything, then an Allow is needed
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html); each in three-valued
logic, so that a doubt matters only where no certain statement decides.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mailwarden.message import message
from mailwarden.policy.document.model import Problem, StatementEffect
from mailwarden.policy.document.parse import parse
from mailwarden.policy.evaluation.decision import (
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
from mailwarden.policy.matching.conditions import judge, why_unknown
from mailwarden.policy.matching.context import Known
from mailwarden.policy.matching.matching import covers_action, covers_principal, covers_resource
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import Mismatch, PolicyDecision
    from mailwarden.policy.evaluation.sender import Request


def evaluate(policies: Mapping[str, PolicySource], request: Request) -> PolicyDecision:
    """Whether *policies*, by name, let *request* pass: all policies of one identity, as SES holds them."""
    denying: list[StatementRef] = []
    allowing: list[Reading] = []
    maybe_denying: list[Reading] = []
    maybe_allowing: list[Reading] = []
    not_allowing: list[Reading] = []
    for reading in read_policies(policies, request):
        effect, matches = reading.effect, reading.matches
        if effect is StatementEffect.ALLOW:
            by_truth = (not_allowing, maybe_allowing, allowing)
            by_truth[matches].append(reading)
        elif matches is Truth.FALSE:
            continue
        elif effect is StatementEffect.DENY and matches is Truth.TRUE:
            denying.append(reading.ref)
        else:
            maybe_denying.append(reading)
            if effect is None:
                maybe_allowing.append(reading)
    if denying:
        return Denied(action=request.action, by=tuple(denying))
    if not allowing and not maybe_allowing:
        return NotAllowed(action=request.action, allows=tuple(not_allowing), possible_denials=tuple(maybe_denying))
    if allowing and not maybe_denying:
        return Allowed(action=request.action, by=allowing[0].ref)
    # With a certain Allow only possible denials matter; without one, both do.
    open_questions = maybe_denying if allowing else [*maybe_allowing, *maybe_denying]
    return Undecidable(action=request.action, readings=tuple(dict.fromkeys(open_questions)))


def read_policies(policies: Mapping[str, PolicySource], request: Request) -> Iterator[Reading]:
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
    """How *statement* of *policy*, a name, relates to *request*: every mismatch and doubt."""
    mismatches: list[Mismatch] = []
    doubts = [_doubt(problem) for problem in statement.doubts] if statement.doubts else []
    effect: StatementEffect | None
    if isinstance(statement.effect, Problem):
        effect = None
        doubts.append(_doubt(statement.effect))
    else:
        effect = statement.effect
    _read_elements(statement, effect, request, mismatches, doubts)
    context, variables = request.sender.context, statement.variables
    for condition in statement.conditions:
        if isinstance(condition, Problem):
            doubts.append(_doubt(condition))
        elif (holds := judge(condition, context, variables=variables)) is Truth.UNKNOWN:
            doubts.append(Doubt(path=condition.path, reason=why_unknown(condition, context)))
        elif holds is Truth.FALSE:
            state = context.state(condition.key)
            actual = state.values if isinstance(state, Known) else None
            mismatches.append(ConditionMismatch(condition=condition, actual=actual))
    return Reading(
        ref=_ref(policy, statement.index, statement.sid),
        effect=effect,
        mismatches=tuple(mismatches),
        doubts=tuple(dict.fromkeys(doubts)) if len(doubts) > 1 else tuple(doubts),
    )


def _read_elements(
    statement: Statement,
    effect: StatementEffect | None,
    request: Request,
    mismatches: list[Mismatch],
    doubts: list[Doubt],
) -> None:
    sender, actions, principals, resources = (
        request.sender,
        statement.actions,
        statement.principals,
        statement.resources,
    )
    # Most elements of most statements match: a matching element costs one comparison.
    if isinstance(actions, Problem):
        doubts.append(_doubt(actions))
    elif (covered := covers_action(actions, request.action)) is Truth.FALSE:
        mismatches.append(ActionMismatch(action=request.action, actions=actions))
    elif covered is Truth.UNKNOWN:
        doubts.append(Doubt(path=actions.path, reason=message("policy.no-service-prefix")))
    if isinstance(principals, Problem):
        doubts.append(_doubt(principals))
    elif (covered := covers_principal(principals, sender.principal, effect)) is Truth.FALSE:
        mismatches.append(PrincipalMismatch(principal=sender.principal, principals=principals))
    elif covered is Truth.UNKNOWN:
        doubts.append(
            Doubt(path=principals.path, reason=message("policy.may-mean-principal", principal=sender.principal.name))
        )
    if isinstance(resources, Problem):
        doubts.append(_doubt(resources))
        return
    covered = covers_resource(resources, sender.identity_arn, statement.variables)
    if covered is Truth.FALSE:
        mismatches.append(ResourceMismatch(resource=sender.identity_arn, resources=resources))
    elif covered is Truth.UNKNOWN and not any(doubt.path == resources.path for doubt in doubts):
        doubts.append(Doubt(path=resources.path, reason=message("policy.may-mean-identity")))


@lru_cache(maxsize=4096)
def _ref(policy: str, index: int, sid: str | None) -> StatementRef:
    """One shared reference for each statement, not one per evaluation."""
    return StatementRef(policy=policy, index=index, sid=sid)


def _doubt(problem: Problem) -> Doubt:
    return Doubt(path=problem.path, reason=problem.flaw)
