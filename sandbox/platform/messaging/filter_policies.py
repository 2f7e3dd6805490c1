"""Refuses the filter policies that SNS refuses: the emulator applies what it knows and takes everything else."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

# SNS developer guide, "Filter policy constraints" and "String value matching"; the texts as SNS's users report them.
_MOST_KEYS, _MOST_COMBINATIONS = 5, 150
_MATCHES = frozenset(
    {"anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"}
)
_OF_TEXTS = frozenset({"cidr", "equals-ignore-case", "prefix", "suffix", "wildcard"})
_COMPARISONS = frozenset({"=", "<", "<=", ">", ">="})
_MOST = 10**9
_PAIR = 2

type _Answer = tuple[int, dict[str, str], bytes]
type _Action = Callable[[Mapping[str, Any]], _Answer]


def install() -> None:
    """Wrap the two calls of `sns` that set a filter policy."""
    from ministack.services import sns

    sns._subscribe = _refusing(sns._subscribe, _of_subscribe)
    sns._set_subscription_attributes = _refusing(sns._set_subscription_attributes, _of_attribute)


def _refusing(below: _Action, policy_in: Callable[[Mapping[str, Any]], tuple[str, bool]]) -> _Action:
    def action(params: Mapping[str, Any]) -> _Answer:
        from ministack.services import sns

        text, of_body = policy_in(params)
        fault = next(_faults(text, of_body=of_body), "") if text else ""
        if not fault:
            return below(params)
        refused: _Answer = sns._error("InvalidParameter", f"Invalid parameter: FilterPolicy: {fault}", 400)
        return refused

    return action


def _of_subscribe(params: Mapping[str, Any]) -> tuple[str, bool]:
    from ministack.services import sns

    attributes: dict[str, str] = {}
    number = 1
    while name := sns._p(params, f"Attributes.entry.{number}.key"):
        attributes[name] = sns._p(params, f"Attributes.entry.{number}.value") or ""
        number += 1
    return attributes.get("FilterPolicy", ""), attributes.get("FilterPolicyScope") == "MessageBody"


def _of_attribute(params: Mapping[str, Any]) -> tuple[str, bool]:
    from ministack.services import sns

    if sns._p(params, "AttributeName") != "FilterPolicy":
        return "", False
    arn = sns._p(params, "SubscriptionArn")
    known = sns._find_subscription(sns._sub_arn_to_topic.get(arn), arn) or {}
    scope = known.get("attributes", {}).get("FilterPolicyScope")
    return sns._p(params, "AttributeValue") or "", scope == "MessageBody"


def _faults(text: str, *, of_body: bool) -> Iterator[str]:
    try:
        policy = json.loads(text)
    except ValueError:
        yield "failed to parse JSON."
        return
    if not isinstance(policy, dict):
        yield "Filter is not an object"
        return
    if len(policy) > _MOST_KEYS:
        yield f"Filter policy can not have more than {_MOST_KEYS} keys"
    lists = list(_lists(policy, of_body=of_body))
    for rules in lists:
        if isinstance(rules, str):
            yield rules
        elif not rules:
            yield "Empty arrays are not allowed"
    if math.prod(len(rules) for rules in lists if isinstance(rules, list)) > _MOST_COMBINATIONS:
        yield "Filter policy is too complex"
    for rule in (rule for rules in lists if isinstance(rules, list) for rule in rules):
        yield from _faults_of_rule(rule)


def _lists(policy: Mapping[str, Any], *, of_body: bool) -> Iterator[list[Any] | str]:
    """The list of rules of each key, or why there is none."""
    for key, value in policy.items():
        if key == "$or" and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for each in value:
                yield from _lists(each, of_body=of_body)
        elif isinstance(value, dict) and of_body:
            yield from _lists(value, of_body=of_body)
        elif isinstance(value, list):
            yield value
        else:
            yield f'"{key}" must be an object or an array'


def _faults_of_rule(rule: object) -> Iterator[str]:
    match rule:
        case None | bool() | str():
            return
        case int() | float():
            if not -_MOST <= rule <= _MOST:
                yield f"Match value must be between {-_MOST} and {_MOST}"
        case dict() if len(rule) != 1:
            yield "Only one key allowed in match expression"
        case {"exists": value} if not isinstance(value, bool):
            yield "exists match pattern must be either true or false."
        case {"numeric": value}:
            yield from _faults_of_numbers(value)
        case dict():
            ((name, value),) = rule.items()
            if name not in _MATCHES:
                yield f"Unrecognized match type {name}"
            elif name in _OF_TEXTS and not isinstance(value, str):
                yield f"{name} match pattern must be a string"
        case _:
            yield "Match value must be String, number, true, false, or null"


def _faults_of_numbers(terms: object) -> Iterator[str]:
    if not isinstance(terms, list) or not terms or len(terms) % _PAIR:
        yield "Value of numeric must be a list of comparisons and numbers"
        return
    for comparison, number in zip(terms[::2], terms[1::2], strict=True):
        if comparison not in _COMPARISONS:
            yield f"Unrecognized numeric range operator: {comparison}"
        elif isinstance(number, bool) or not isinstance(number, int | float):
            yield f"Value of {comparison} must be numeric"
