"""Compares the product's answer to a case with the judge's, and shrinks a case on which they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from benchmarks.judge.oracle import Oracle
from benchmarks.judge.questions import Question
from mailwarden.policy import (
    Allowed,
    Denied,
    NotAllowed,
    Request,
    StatementEffect,
    Truth,
    Undecidable,
    evaluate,
    read_policies,
)

REFUSED = "refused"


class Result(StrEnum):
    """How two answers go together."""

    AGREE = "agree"
    MAYBE_DENIED = "maybe denied"
    """Ours: no statement allows it, and one may deny it; the judge's: denied. No mail either way."""
    UNDECIDABLE = "undecidable"
    REFUSED = "refused by the judge"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A case with both answers; the judge's is the first that differs, if one does."""

    question: Question
    ours: str
    theirs: str
    result: Result
    context: Mapping[str, str | list[str]]


def ours(question: Question) -> str:
    """The product's answer: one of the judge's, ``undecidable``, or ``not allowed, maybe denied``."""
    policies = {f"p{number}": dict(policy) for number, policy in enumerate(question.policies)}
    request = Request(sender=question.caller, action=question.action)
    if question.mode == "role":
        return _of_role(policies, request)
    match evaluate(policies, request):
        case Allowed():
            return "allowed"
        case Denied():
            return "denied"
        case NotAllowed(possible_denials=possible):
            return "not allowed, maybe denied" if possible else "not allowed"
        case Undecidable():
            return "undecidable"


def _of_role(policies: Mapping[str, dict[str, object]], request: Request) -> str:
    """Its own policy allows it, so only a Deny matters."""
    readings = [each for each in read_policies(policies, request) if each.effect is not StatementEffect.ALLOW]
    if any(each.matches is Truth.TRUE and each.effect is StatementEffect.DENY for each in readings):
        return "denied"
    return "undecidable" if any(each.matches is not Truth.FALSE for each in readings) else "allowed"


def compared(question: Question, answers: list[str]) -> Compared:
    """The case with *answers*, one for each of its contexts."""
    mine = ours(question)
    results = [_result(mine, answer) for answer in answers]
    worst = max(range(len(answers)), key=lambda number: tuple(Result).index(results[number]))
    return Compared(
        question=question,
        ours=mine,
        theirs=answers[worst],
        result=results[worst],
        context=question.contexts[worst],
    )


def _result(mine: str, answer: str) -> Result:
    if answer.startswith(REFUSED):
        return Result.REFUSED
    if mine == "undecidable":
        return Result.UNDECIDABLE
    if mine == "not allowed, maybe denied":
        return {"not allowed": Result.AGREE, "denied": Result.MAYBE_DENIED}.get(answer, Result.DIFFER)
    return Result.AGREE if mine == answer else Result.DIFFER


def shrunk(found: Compared, oracle: Oracle) -> Compared:
    """The same difference in the least case: whatever can be taken away is taken away."""
    best = replace(found, question=replace(found.question, contexts=(found.context,)))
    while (smaller := _smaller(best, oracle)) is not None:
        best = smaller
    return best


def _smaller(found: Compared, oracle: Oracle) -> Compared | None:
    for question in _candidates(found.question):
        again = compared(question, list(oracle.answers(map(question.asked, question.contexts))))
        if (again.ours, again.theirs, again.result) == (found.ours, found.theirs, Result.DIFFER):
            return again
    return None


def _candidates(question: Question) -> Iterator[Question]:
    for number in range(len(question.policies)):
        if len(question.policies) > 1:
            yield replace(question, policies=question.policies[:number] + question.policies[number + 1 :])
        for policy in _less(question.policies[number]):
            yield replace(question, policies=(*question.policies[:number], policy, *question.policies[number + 1 :]))


def _less(policy: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    for number, statement in enumerate(listed):
        others = listed[:number] + listed[number + 1 :]
        if others:
            yield {**policy, "Statement": others}
        for less in _less_of(statement):
            yield {**policy, "Statement": [*listed[:number], less, *listed[number + 1 :]]}


def _less_of(statement: Mapping[str, Any]) -> Iterator[Mapping[str, object]]:
    """The statement with one value in place of several, or without one condition."""
    for element in ("Principal", "Action", "Resource"):
        yield from ({**statement, element: value} for value in _each(statement.get(element)))
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield _with(statement, operator, {name: value for name, value in keys.items() if name != key})
            yield from (_with(statement, operator, {**keys, key: value}) for value in _each(values))


def _with(statement: Mapping[str, Any], operator: str, keys: Mapping[str, object]) -> Mapping[str, object]:
    conditions = {name: each for name, each in {**statement["Condition"], operator: keys}.items() if each}
    others = {name: value for name, value in statement.items() if name != "Condition"}
    return {**others, "Condition": conditions} if conditions else others


def _each(values: object) -> list[object]:
    return values if isinstance(values, list) and len(values) > 1 else []
