"""Policies that are made to cost: each as full as SES takes it, each shape a product of what its author chooses."""

import json
from collections.abc import Callable, Mapping, Sequence

from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, MAX_BYTES
from tests.unit.policy.policies import POOL

SEND = ["ses:SendEmail", "ses:SendRawEmail"]

type Statement = dict[str, object]
type Shape = Callable[[int, int], list[Statement]]
"""The statements of a policy, given its number and how many values there is room for."""


def _statement(**elements: object) -> Statement:
    allowing = {"Effect": "Allow", "Principal": {"Service": GLOBAL_PRINCIPAL}, "Action": SEND, "Resource": "*"}
    return {name: value for name, value in (allowing | elements).items() if value is not None}


def _words(policy: int, room: int, form: str) -> list[str]:
    return [form.format(policy * 1000 + number) for number in range(room)]


def _sources(policy: int, room: int) -> list[Statement]:
    """Accounts by wildcard times regions, none of which gets through."""
    half = room // 2
    return [
        _statement(
            Condition={
                "StringLike": {"aws:SourceAccount": _words(policy, half, "{:05d}*")},
                "ArnLike": {"aws:SourceArn": _words(policy, half, "arn:aws:cognito-idp:xx-y-{}:5*:userpool/z")},
            }
        )
    ]


def _regional_principals(policy: int, room: int) -> list[Statement]:
    return [
        _statement(
            Principal={"Service": _words(policy, room, "cognito-idp.xx-y-{}.amazonaws.com")},
            Condition={"StringLike": {"aws:SourceAccount": ["1*", "2*", "3*"], "aws:SourceArn": ["a", "b"]}},
        )
    ]


def _named_principals(policy: int, room: int) -> list[Statement]:
    """Principals by name, in every statement another one: whose statement would do?"""
    return [
        _statement(Principal={"Service": f"cognito-idp.xx-y-{policy * 1000 + number}.amazonaws.com"}, Action="ses:*")
        for number in range(room)
    ]


def _values(form: str, key: str = "aws:SourceArn", operator: str = "StringLike") -> Shape:
    def shape(policy: int, room: int) -> list[Statement]:
        return [_statement(Condition={operator: {key: _words(policy, room, form)}})]

    return shape


def _deep(sign: str, key: str) -> Shape:
    def shape(policy: int, room: int) -> list[Statement]:
        return [_statement(Condition={"StringLike": {key: f"{sign * room}{policy}"}})]

    return shape


def _many_statements(**elements: object) -> Shape:
    def shape(policy: int, room: int) -> list[Statement]:
        return [_statement(**elements) | {"Sid": f"s{policy}x{number}"} for number in range(room)]

    return shape


def _many_conditions(policy: int, room: int) -> list[Statement]:
    keys = _words(policy, room, "aws:SourceAccount{}")
    return [_statement(Condition={"StringNotLike": dict.fromkeys(keys, "1*"), "Null": {"aws:SourceArn": "true"}})]


def _resources(policy: int, room: int) -> list[Statement]:
    return [_statement(Resource=_words(policy, room, "arn:aws:ses:*:*:i*y/*{}"))]


def _actions(policy: int, room: int) -> list[Statement]:
    return [_statement(Action=_words(policy, room, "s*s:*d*l{}"))]


def _aws_principals(policy: int, room: int) -> list[Statement]:
    named = _words(policy, room, "arn:aws:iam::{:012d}:root")
    return [_statement(Principal={"AWS": named}, Condition={"StringLike": {"aws:PrincipalAccount": ["1*", "2*"]}})]


def _everybody(policy: int, room: int) -> list[Statement]:
    return [
        _statement(
            Principal="*",
            Condition={
                "StringLike": {"aws:PrincipalAccount": _words(policy, room // 2, "{:05d}*")},
                "ArnLike": {"aws:PrincipalArn": _words(policy, room // 2, "arn:aws:iam::6*{}:role/x")},
            },
        )
    ]


def _pools(policy: int, room: int) -> list[Statement]:
    arns = _words(policy, room, POOL + "{}")
    return [_statement(Principal={"Service": LEGACY_PRINCIPAL}, Condition={"ArnLike": {"aws:SourceArn": arns}})]


def _one_pool_each(policy: int, room: int) -> list[Statement]:
    return [
        _statement(Condition={"ArnLike": {"aws:SourceArn": [POOL, f"{POOL}{policy * 1000 + number}"]}})
        for number in range(room)
    ]


def _long_sids(policy: int, room: int) -> list[Statement]:
    return [_statement(Effect="Deny", Sid="a" * room + str(policy))]


def _malformed(policy: int, room: int) -> list[Statement]:
    return [{"Effect": policy, "Action": [{}] * room, "NotAction": 1, "Condition": {str(policy): []}}]


SHAPES: Mapping[str, Shape] = {
    "accounts times regions": _sources,
    "regional principals": _regional_principals,
    "a principal for each statement": _named_principals,
    "exact values": _values("x{}"),
    "globs of the source": _values("*o*i*{}"),
    "question marks": _values("?rn*{}?"),
    "ARN patterns": _values("arn:*:c*:u*:1*:u*{}", operator="ArnLike"),
    "ARN patterns of the source that are negated": _values("arn:*:c*:u*:1*:*{}", operator="ArnNotLike"),
    "short ARNs": _values("x{}", operator="ArnLike"),
    "variables": _values("${{aws:username}}{}"),
    "a deep glob": _deep("*a", "aws:SourceArn"),
    "a deep glob of question marks": _deep("*?", "aws:SourceArn"),
    "a deep glob of the sender": _deep("*a?", "ses:FromAddress"),
    "statements": _many_statements(),
    "statements about an account": _many_statements(Condition={"StringLike": {"aws:SourceAccount": "1*"}}),
    "Deny statements": _many_statements(Effect="Deny", Condition={"StringLike": {"aws:SourceArn": "*b*c*"}}),
    "conditions": _many_conditions,
    "resources": _resources,
    "actions": _actions,
    "AWS principals": _aws_principals,
    "everybody": _everybody,
    "pools": _pools,
    "a pool for each statement": _one_pool_each,
    "long names": _long_sids,
    "flaws": _malformed,
}


def identity_of(shape: Shape, *, policies: int) -> dict[str, str]:
    """So many policies of this shape, each as full as SES takes it."""
    return {f"p{number:02d}": _full(shape, number) for number in range(policies)}


def _full(shape: Shape, number: int) -> str:
    """The largest policy of this shape that fits."""
    low, high = 1, MAX_BYTES
    while low < high:
        room = (low + high + 1) // 2
        low, high = (room, high) if len(_text(shape(number, room)).encode()) <= MAX_BYTES else (low, room - 1)
    return _text(shape(number, low))


def _text(statements: Sequence[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
