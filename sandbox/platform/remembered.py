"""Remembers texts that MiniStack would parse again with every call, and filters with every item."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

_MOST = 4096


def install() -> None:
    """Wrap the readers of policy documents and of DynamoDB's expressions, whose results stay as they are."""
    from ministack.core import iam_evaluator
    from ministack.services import dynamodb

    iam_evaluator.parse_policy_document = _by_text(iam_evaluator.parse_policy_document)
    dynamodb._condition_syntax_error = lru_cache(_MOST)(dynamodb._condition_syntax_error)
    dynamodb._tokenize = _copied(dynamodb._tokenize)


def _by_text(parse: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """A parser that remembers documents in text; others may change under its hand."""
    remembered = lru_cache(_MOST)(parse)
    return lambda document: remembered(document) if isinstance(document, str) else parse(document)


def _copied(tokenize: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """A reader of expressions whose list belongs to the caller."""

    @lru_cache(_MOST)
    def remembered(expression: str) -> tuple[Any, ...]:
        return tuple(tokenize(expression))

    return lambda expression: list(remembered(expression))
