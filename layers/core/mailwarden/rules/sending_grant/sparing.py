"""What a person can write so that Cognito certainly may send for a pool: spared by every Deny, and allowed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.message import message
from mailwarden.policy import (
    SEND_ACTIONS,
    Request,
    StatementEffect,
    StatementRef,
    Truth,
    blocking_denies,
    read_policies,
)
from mailwarden.rules.quotation import Step
from mailwarden.rules.sending_grant.grant_fix import attach_by_hand
from mailwarden.rules.sending_grant.narrowing import statement_of
from mailwarden.rules.sending_grant.question import GrantQuestion, role_caller, service_caller
from mailwarden.rules.sending_grant.requirement import SideFault

# A negated operator also matches where the key is absent (IAM user guide, "Multivalued context keys" and "Condition
# operators"): the Deny stays as it is for every other caller.
_OPERATOR = "ArnNotLike"
_SOURCE_ARN = "aws:SourceArn"
_PRINCIPAL_ARN = "aws:PrincipalArn"


def sparing_advice(path: MailPath, fault: SideFault) -> tuple[Step, ...]:
    """The steps after which nothing denies this pool's mail and, where a policy is needed, one allows it.

    A Deny gets conditions that take out this pool's calls and no others; what cannot be edited has to be corrected or
    removed. A doubtful Allow stays as it is: a grant for this pool is added beside it.
    """
    question = fault.question
    policies = dict(question.policies)
    denying = _denying(question, policies)
    steps = tuple(_step(fault, policies, ref) for ref in denying)
    if question.required and not _is_allowed(question, policies, without=denying):
        return (*steps, *attach_by_hand(path, fault))
    return steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """A Deny that takes out this pool's calls: the conditions to add, and the whole statement, both as JSON.

    ``added`` is empty if it does not do to add them: the statement has one of these keys twice.
    """

    added: str
    statement: str


def spared(policies: Mapping[str, str], ref: StatementRef, question: GrantQuestion) -> Spared | None:
    """The statement *ref* with conditions that take out this pool's calls; None if it cannot be picked out."""
    statement = statement_of(policies.get(ref.policy, ""), ref.index)
    conditions = {} if statement is None else statement.get("Condition", {})
    if statement is None or not isinstance(conditions, dict):
        return None
    there = conditions.get(_OPERATOR, {})
    if not isinstance(there, dict):
        return None
    taken_out = {_SOURCE_ARN: question.pool_arn}
    if question.as_role:
        taken_out[_PRINCIPAL_ARN] = role_caller(question).principal.name
    added = {next((name for name in there if name.lower() == key.lower()), key): arn for key, arn in taken_out.items()}
    others = {name: values for name, values in there.items() if name.lower() not in {key.lower() for key in added}}
    keys = {**others, **{key: [*_values(there, key), arn] for key, arn in added.items()}}
    is_written_twice = len({name.lower() for name in there}) < len(there)
    return Spared(
        added="" if is_written_twice else _json({_OPERATOR: added}),
        statement=_json({**statement, "Condition": {**conditions, _OPERATOR: keys}}),
    )


def _denying(question: GrantQuestion, policies: Mapping[str, str]) -> list[StatementRef]:
    """Every statement or document that denies this pool's mail or may deny it."""
    callers = [service_caller(question), *([role_caller(question)] if question.as_role else [])]
    found = [blocking_denies(policies, caller) for caller in callers]
    readings = [reading for denials in found for reading in (*denials.certain, *denials.possible)]
    return sorted({reading.ref for reading in readings}, key=lambda ref: (ref.policy, ref.index))


def _step(fault: SideFault, policies: Mapping[str, str], ref: StatementRef) -> Step:
    place = {"identity": fault.ses_state.identity_ref.name, "region": fault.ses_state.identity_ref.region}
    found = spared(policies, ref, fault.question)
    correct = message("sparing.correct", statement=ref.message, **place)
    if found is None:
        return Step(described=correct)
    return Step(
        described=message("sparing.add", statement=ref.message, condition=found.added, **place)
        if found.added
        else correct,
        quoting=message("sparing.replace", statement=ref.message, replacement=found.statement, **place),
        quoted=found.statement,
    )


def _is_allowed(question: GrantQuestion, policies: Mapping[str, str], *, without: Sequence[StatementRef]) -> bool:
    """Whether, once these statements spare it, the service is certainly allowed both actions."""
    caller = service_caller(question)
    return all(
        any(
            reading.effect is StatementEffect.ALLOW and reading.matches is Truth.TRUE and reading.ref not in without
            for reading in read_policies(policies, Request(sender=caller, action=action))
        )
        for action in SEND_ACTIONS
    )


def _values(keys: Mapping[str, object], name: str) -> Iterator[object]:
    for key, values in keys.items():
        if key.lower() == name.lower():
            yield from values if isinstance(values, list) else [values]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
