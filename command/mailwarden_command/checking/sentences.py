"""The sentences of a check in English; those about findings come from the catalogue of ``presentation``."""

import re
from collections.abc import Iterator, Mapping

from mailwarden.domain.findings.finding import LONGEST_ADVICE, Effect, Finding
from mailwarden.message import Argument
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.masking import configured_in, masked_argument, one_line
from mailwarden.rules import ALL
from mailwarden_command.checking.report import (
    CheckedFile,
    CheckedPool,
    CheckReport,
    FoundInSource,
    OpenReason,
    OpenRules,
)
from mailwarden_command.checking.source.nested import NestedStack
from mailwarden_command.checking.source.nodes import Place
from mailwarden_command.screen import counted

NOT_JUDGED = "Could not be judged"
NOT_READ = "Could not be read"
NOT_IN_SOURCE = "Not in the source"
AFTER_DEPLOYMENT = "Only an account decides"
_SENTENCE = 1200
# Only a plan that deletes a resource makes it missing; it exists until then.
_MISSING = frozenset({"MW301", "MW601"})
_NOW_MISSING, _LATER_MISSING = "does not exist", "will not exist, because the plan deletes it"
_ADVICE = re.compile(r"^- (\*\*[^:\n]*):\*\* (.*?)(?=\n- \*\*|\n\n|\Z)", re.MULTILINE | re.DOTALL)


def summary(report: CheckReport) -> str:
    """The headline."""
    pools = [*report.pools()]
    findings = [found.finding for _, _, found in report.found()]
    notes = sum(finding.is_note for finding in findings)
    of_pools = f"{counted(len(pools), 'user pool')} in {counted(len(report.files), 'file')}"
    return f"{of_pools}: {counted(len(findings) - notes, 'finding')}, {counted(notes, 'note')}"


def text_of_finding(found: FoundInSource, said: Argument, longest: int = _SENTENCE) -> str:
    """A text of a finding on one line, with the words that readers know in place of invented values."""
    text = one_line(ENGLISH.text(masked_argument(said, keep=configured_in(found.finding))), longest)
    if found.finding.rule_id in _MISSING:
        text = text.replace(_NOW_MISSING, _LATER_MISSING)
    for value, words in found.spoken.items():
        text = text.replace(value, one_line(words, 128))
    return text


def advice_of_rule(finding: Finding, *, in_plan: bool) -> str:
    """The sentence of the rule's page for a template, or for the configuration of Terraform."""
    rule = next((each for each in ALL if each.rule_id == finding.rule_id), None)
    advice: list[tuple[str, str]] = _ADVICE.findall(_unindented("" if rule is None else rule.check.__doc__ or ""))
    way = "Terraform" if in_plan else "CloudFormation"
    return " ".join(next((text for ways, text in advice if way in ways), "").split())


def to_do(found: FoundInSource) -> str:
    """The advice of the finding itself."""
    return text_of_finding(found, found.finding.remediation, LONGEST_ADVICE)


def exception_of(found: FoundInSource) -> str:
    """The circumstance that would make the finding untrue; empty if there is none."""
    return _ELSEWHERE[found.finding.rule_id] if found.may_be_elsewhere else ""


def condition_of(found: FoundInSource) -> str:
    """The choices under which a finding holds; empty for all."""
    parts = [_choice(name, value) for name, value in found.choices.items()]
    return f"if {' and '.join(parts)}" if parts else ""


def open_sentence(rules: OpenRules, *, in_plan: bool) -> str:
    """Why rules are open, and how to decide them."""
    about = ", ".join(one_line(each, 128) for each in rules.about)
    match rules.reason:
        case OpenReason.REGION:
            return "the region of the deployment is not known: name it with --region"
        case OpenReason.VALUES:
            how = "" if in_plan else "; parameters take a value with --parameter NAME=VALUE"
            return f"not known before the deployment: {about}{how}"
        case OpenReason.NOT_IN_SOURCE:
            return f"not in the source: {about or 'the resource'}"


def not_known(pool: CheckedPool) -> str:
    """A part of a pool is not known."""
    return f"{one_line(pool.not_known, 128)} is not known before the deployment, so that the pool was not judged"


def refusal(file: CheckedFile) -> str:
    """Why a file could not be read."""
    return one_line(file.refusal, _SENTENCE)


def after_deployment(report: CheckReport) -> str:
    """The part of the mail path that no source decides; the JSON document lists the rules."""
    return (
        "whether identities are verified, the SES account with its quota and rates, the service-linked role, failures"
        f" at run time ({counted(len(report.needs_account), 'rule')}): mailwarden audit judges them later"
    )


def nested_stack(stack: NestedStack) -> str:
    """Nothing of a nested stack was judged."""
    template = one_line(stack.template, 128) or "known only after its upload"
    return f"the template of the nested stack {one_line(stack.name, 128)} is no file of this check ({template})"


def undecided_lines(report: CheckReport) -> Iterator[tuple[CheckedFile, str, Place, str]]:
    """A name, its place and a sentence for each nested stack, and for each pool and reason that left a rule open."""
    for file in report.files:
        for stack in file.nested:
            yield file, stack.name, stack.place, nested_stack(stack)
    for file, pool in report.pools():
        if pool.not_known:
            yield file, pool.name, pool.place, not_known(pool)
        for rules in pool.open_rules:
            if rules.reason is not OpenReason.NOT_IN_SOURCE:
                sentence = f"{', '.join(rules.rules)}: {open_sentence(rules, in_plan=file.is_plan)}"
                yield file, pool.name, pool.place, sentence


def absent_lines(report: CheckReport) -> Iterator[tuple[CheckedFile, CheckedPool, str]]:
    """A sentence for each pool whose identity, set or function the source does not have."""
    for file, pool in report.pools():
        for rules in pool.open_rules:
            if rules.reason is OpenReason.NOT_IN_SOURCE:
                about = ", ".join(one_line(each, 128) for each in rules.about) or "resources of its mail"
                yield file, pool, f"{about}: {', '.join(rules.rules)}"


def effect_of(finding: Finding) -> str:
    """The effect on the pool's mail."""
    return _EFFECTS[finding.effect]


_ELSEWHERE: Mapping[str, str] = {
    "MW111": "a domain of the pool is created outside of this template",
    "MW401": "the policy is attached outside of this template: CloudFormation has no resource for it",
}
_EFFECTS: Mapping[Effect, str] = {
    Effect.LOST: "mail will be lost",
    Effect.UNKNOWN: "the effect is not known",
    Effect.AT_RISK: "mail will be at risk",
    Effect.NONE: "mail will be delivered",
}


def _choice(name: str, value: str) -> str:
    if name.startswith("condition "):
        return f"{one_line(name, 128)} is {value}"
    return f"{one_line(name, 128)} is {one_line(value, 128) or 'empty'}"


def _unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())
