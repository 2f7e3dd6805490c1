"""The written cases: the evaluator's decision on each policy, with its statement and reason."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mailwarden.policy import (
    ActionMismatch,
    Allowed,
    ConditionMismatch,
    Denied,
    Doubt,
    Mismatch,
    NotAllowed,
    PolicyDecision,
    PolicySource,
    PrincipalMismatch,
    Reading,
    Request,
    ResourceMismatch,
    StatementRef,
    Undecidable,
    evaluate,
)
from tests.texts import english
from tests.unit.policy.policies import cognito, legacy, policy, role, statement

CASES = Path(__file__).parents[1] / "cases" / "policy"
NAMED: dict[str, PolicySource] = {"documented": policy(), "deny": policy(statement(Effect="Deny")), "legacy": legacy()}


def _cases() -> Iterator[object]:
    for path in sorted(CASES.glob("*.json")):
        group = json.loads(path.read_text(encoding="utf-8"))
        for case in group["cases"]:
            merged = case | {
                "base": group.get("base", {}),
                "request": group.get("request", {}) | case.get("request", {}),
            }
            yield pytest.param(merged, id=f"{path.stem}: {case['name']}")


def _policies(case: Mapping[str, object]) -> dict[str, PolicySource]:
    named = case.get("policies")
    if isinstance(named, dict):
        return {name: NAMED[text] if text in NAMED else str(text) for name, text in named.items()}
    text, document = case.get("text"), case.get("document")
    if isinstance(text, str):
        return {"p": text}
    if isinstance(document, dict):
        return {"p": document}
    base = case["base"]
    assert isinstance(base, dict)
    patches = case.get("statements", [case.get("statement", {})])
    assert isinstance(patches, list)
    statements = (statement(**(base | patch)) for patch in patches)
    return {"p": policy(*statements, version=case.get("version", "2012-10-17"))}


def _request(case: Mapping[str, object]) -> Request:
    wanted = case["request"]
    assert isinstance(wanted, dict)
    names = {
        "principal": "principal",
        "pool": "pool_arn",
        "identity": "identity_arn",
        "from": "from_address",
        "display": "from_display_name",
    }
    known = {names[name]: value for name, value in wanted.items() if name in names}
    sender = role() if wanted.get("as") == "role" else cognito(**known)
    return Request(sender=sender, action=wanted.get("action", "ses:SendEmail"))


def _short(ref: StatementRef) -> str:
    return ref.policy if ref.index < 0 else f"{ref.policy}#{ref.index}"


def _reason(reason: Mismatch | Doubt) -> str:
    match reason:
        case ActionMismatch():
            return "action"
        case PrincipalMismatch():
            return "principal"
        case ResourceMismatch():
            return "resource"
        case ConditionMismatch(operator=operator, key=key):
            return f"{operator} {key}"
        case Doubt(path=path):
            return path


def _told(reading: Reading) -> dict[str, object]:
    reasons = reading.mismatches or reading.doubts
    return {"by": _short(reading.ref), "reasons": [_reason(reason) for reason in reasons]}


def _outcome(decision: PolicyDecision) -> dict[str, object]:
    match decision:
        case Allowed(by=ref):
            return {"says": "allowed", "by": _short(ref)}
        case Denied(by=refs):
            return {"says": "denied", "by": _short(refs[0])}
        case NotAllowed(allows=()):
            return {"says": "not allowed", "reasons": []}
        case NotAllowed(allows=readings):
            return {"says": "not allowed"} | _told(readings[0])
        case Undecidable(readings=readings):
            return {"says": "undecidable"} | _told(readings[0])


@pytest.mark.parametrize("case", list(_cases()))
def test_the_evaluator_decides(case: Mapping[str, object]) -> None:
    policies = _policies(case)

    decision = evaluate(policies, _request(case))

    expected = {name: case[name] for name in ("says", "by", "reasons") if name in case}
    outcome = _outcome(decision)
    assert {name: outcome.get(name) for name in expected} == expected
    assert "reasons" in expected or outcome["says"] in {"allowed", "denied"} or outcome.get("reasons") == []
    assert "support@" not in english(decision.message)


@pytest.mark.parametrize("case", list(_cases()))
def test_the_text_of_a_document_and_its_parsed_contents_mean_the_same(case: Mapping[str, object]) -> None:
    policies = _policies(case)
    texts = {
        name: document if isinstance(document, str) else json.dumps(document) for name, document in policies.items()
    }

    decision = evaluate(texts, _request(case))

    assert decision == evaluate(policies, _request(case))
