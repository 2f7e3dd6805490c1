"""Reads the advice of a finding as each reader gets it, and does what it says."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.operator.question import Explained, Question, Said
from mailwarden.domain.readings import Identity
from mailwarden.presentation.alerts.document import alert_document
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.answers.diagnosis import why_document
from mailwarden.presentation.slack.message import slack_message
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.unit.presentation.alerts_of_rules import record_of_finding

_PLACE = r'policy "(?P<policy>[^"]+)"(?:, statement (?P<number>\d+)(?: \(Sid "[^"]*"\))?)?'
_WHERE = r" of (?P<identity>\S+) in SES region (?P<region>\S+)"
_DECODER = json.JSONDecoder()
_STEPS = {
    "replace": re.compile(rf"Replace {_PLACE}{_WHERE} by this statement, which spares this pool's mail:\s*(?={{)"),
    "narrow": re.compile(rf"Replace {_PLACE} by this statement:\s*(?={{)"),
    "add": re.compile(
        rf"Add to the Condition of {_PLACE}{_WHERE}, beside the values that are there, what spares this pool's mail:"
        r"\s*(?={)"
    ),
    "correct": re.compile(rf"Correct or remove {_PLACE}{_WHERE}, which cannot be read"),
    "attach": re.compile(r"Attach to (?P<identity>\S+) in SES region (?P<region>\S+) this sending policy:\s*(?={)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One step: what to do, in which region, with which statement, and the document to paste."""

    kind: str
    region: str | None
    policy: str
    index: int | None
    pasted: dict[str, object]


def readers(path: MailPath, finding: Finding) -> Mapping[str, str]:
    """The text that each reader gets of a finding, as it is shown."""
    notice = notice_of(alert_of(record_of_finding(finding)), rule_pages="https://docs.example/")
    verdict = judge(path, ALL).verdict
    answered = Explained(
        path=path, verdict=verdict, said=(Said(finding=finding, decision=None),), last_look=None, address=None
    )
    document: Any = why_document(answered, asked=Question(pool_id=path.pool.ref.pool_id))
    (told,) = [each for link in document["links"] for each in link["findings"]]
    return {
        "topic": str(alert_document(notice)["to_do"]),
        "diagnosis": str(told["to_do"]),
        "mail": alert_text(notice),
        "slack": "\n".join(_texts(slack_message(notice))),
    }


def steps_shown(text: str) -> list[ShownStep]:
    """The steps of a text, in its order. Mail breaks a sentence between words; Slack sets a document apart."""
    flat = _without_form(text)
    found = [(match.start(), kind, match) for kind, pattern in _STEPS.items() for match in pattern.finditer(flat)]
    return [_step(kind, match, flat) for _, kind, match in sorted(found, key=lambda each: each[0])]


def followed(path: MailPath, steps: list[ShownStep]) -> MailPath:
    """The path after a person did it."""
    for step in steps:
        path = replace(
            path,
            ses_states=tuple(_after(state, step) for state in path.ses_states),
            candidates={region: _after(state, step) for region, state in path.candidates.items()},
        )
    return path


def _after(state: SesRegionState, step: ShownStep) -> SesRegionState:
    if not isinstance(state.identity, Identity) or step.region not in {None, state.identity_ref.region}:
        return state
    return replace(state, identity=replace(state.identity, policies=_written(state.identity.policies, step)))


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if name == "text" and isinstance(inner, str):
                    yield inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                else:
                    yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            return


def _without_form(text: str) -> str:
    """Words of a sentence with one space between them; lines of a document stay as they are."""
    return re.sub(r"(?<=\S)\n {12}(?=\S)", " ", re.sub(r"(?m)^```$\n?", "", text))


def _step(kind: str, match: re.Match[str], text: str) -> ShownStep:
    groups = match.groupdict()
    pasted: dict[str, object] = {} if kind == "correct" else _DECODER.raw_decode(text, match.end())[0]
    number = groups.get("number")
    return ShownStep(
        kind=kind,
        region=groups.get("region"),
        policy=groups.get("policy") or "by-hand",
        index=None if number is None else int(number) - 1,
        pasted=pasted,
    )


def _written(policies: Mapping[str, str], step: ShownStep) -> Mapping[str, str]:
    if step.kind == "attach":
        return {**policies, step.policy: json.dumps(step.pasted)}
    if step.policy not in policies:
        return policies
    if step.index is None:
        return {name: document for name, document in policies.items() if name != step.policy}
    document = json.loads(policies[step.policy])
    listed = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    old = listed[step.index]
    match step.kind:
        case "correct":
            new: list[object] = []
        case "add":
            new = [{**old, "Condition": _with(old.get("Condition", {}), step.pasted)}]
        case _:
            new = [step.pasted]
    statements = [*listed[: step.index], *new, *listed[step.index + 1 :]]
    return {**policies, step.policy: json.dumps({**document, "Statement": statements})}


def _with(condition: Mapping[str, dict[str, object]], added: Mapping[str, object]) -> dict[str, object]:
    merged: dict[str, dict[str, object]] = {operator: dict(keys) for operator, keys in condition.items()}
    for operator, keys in added.items():
        assert isinstance(keys, dict)
        for key, value in keys.items():
            there = merged.setdefault(operator, {}).get(key, [])
            merged[operator][key] = [*(there if isinstance(there, list) else [there]), value]
    return dict(merged)
