"""Makes up callers from outside the account that fit a statement's own wildcards, and tries them against it.

The author of a policy chooses how many accounts, regions and principals its wildcards lead to. Each statement is
therefore tried with a bounded number of outsiders, and where that was not enough the answer is unknown, never "no".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import count, islice, product
from typing import TYPE_CHECKING, Final

from mailwarden.policy.document.model import Actions, Condition, Principals, Problem, Resources
from mailwarden.policy.evaluation.sender import (
    SEND_ACTIONS,
    RoleSession,
    SendingCaller,
    cognito_service,
    partition_of,
)
from mailwarden.policy.evaluation.trust import region_of
from mailwarden.policy.matching.conditions import judge
from mailwarden.policy.matching.context import ABSENT, FALSE, TRUE, Context, known
from mailwarden.policy.matching.glob import ARN_SEGMENTS, compile_glob, has_wildcard
from mailwarden.policy.matching.matching import covers_action, covers_principal, covers_resource
from mailwarden.policy.matching.three_valued import Truth, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.matching.context import KeyState

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_OUTSIDER: Final = 760215938471
_REGIONS: Final = (
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-2",
    "me-central-1",
    "us-gov-west-1",
    "eusc-de-east-1",
    "cn-north-1",
)
# The sender of a mail chooses these values; a condition on them restricts no caller.
_SENDERS_CHOICE: Final = frozenset({"ses:fromaddress", "ses:fromdisplayname", "ses:feedbackaddress", "ses:recipients"})
_ARN_KEY: Final = "aws:sourcearn"
_ACCOUNT_KEY: Final = "aws:sourceaccount"
# Honest statements lead to a handful of outsiders. A trial costs one comparison for each value of the conditions.
_MOST_TRIALS: Final = 12
_LEAST_TRIALS: Final = 2
_MOST_COMPARISONS: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The most that an outsider gets through a statement, and which principal it was."""

    principal: str
    truth: Truth


def try_other_pools(
    statement: Statement, principals: tuple[str, ...], *, identity_arn: str, account: str
) -> Trial | None:
    """Try Cognito sending for pools of other accounts, or without naming the pool, as each of *principals*.

    None if none of them gets through.
    """
    best: Trial | None = None
    for principal in principals[:_MOST_TRIALS]:
        truth = _other_pools_as(statement, principal, identity_arn=identity_arn, account=account)
        if truth is Truth.TRUE:
            return Trial(principal=principal, truth=truth)
        if truth is Truth.UNKNOWN and best is None:
            best = Trial(principal=principal, truth=truth)
    if best is None and len(principals) > _MOST_TRIALS:
        best = Trial(principal=principals[_MOST_TRIALS], truth=Truth.UNKNOWN)
    return best


def try_strangers(statement: Statement, *, identity_arn: str, account: str) -> Truth:
    """Try IAM principals of other accounts that call directly, as far as the principals of *statement* let them."""
    accounts, further = _some(_accounts(statement, account), _trials(statement))
    tried = any_of(
        _matches(statement, _stranger(outsider, identity_arn), statement.conditions) for outsider in accounts
    )
    return max(tried, Truth.UNKNOWN) if further else tried


def sources(statement: Statement) -> tuple[str, ...]:
    """The accounts that the conditions on the source name literally."""
    return tuple(dict.fromkeys(pattern for pattern in _account_patterns(statement) if _ACCOUNT.fullmatch(pattern)))


def _other_pools_as(statement: Statement, principal: str, *, identity_arn: str, account: str) -> Truth:
    """The truth is the least of three: all else than the source, the best account, the best ARN of such accounts.

    A call may leave out either key of the source or both, so each key counts by itself.
    """
    by_key = {
        key: tuple(found for found in statement.conditions if isinstance(found, Condition) and found.key == key)
        for key in (_ARN_KEY, _ACCOUNT_KEY)
    }
    others = tuple(
        found for found in statement.conditions if not (isinstance(found, Condition) and found.key in by_key)
    )
    partition = partition_of(identity_arn)
    of_principal = region_of(principal)
    regions = (of_principal,) if of_principal else _regions(statement)

    def caller(outsider: str, region: str) -> SendingCaller:
        arn = f"arn:{partition}:cognito-idp:{region}:{outsider}:userpool/{region}_Zq7xW3vLk"
        return cognito_service(principal=principal, pool_arn=arn, identity_arn=identity_arn)

    def holds(key: str, context: Context) -> Truth:
        return all_of(judge(found, context, variables=statement.variables) for found in by_key[key])

    accounts = _accounts(statement, account)
    first = caller(accounts[0], regions[0])
    silent = replace(first.context, keys={**first.context.keys, _ARN_KEY: ABSENT, _ACCOUNT_KEY: ABSENT})
    rest = _matches(statement, first, others)
    without_arn, without_account = holds(_ARN_KEY, silent), holds(_ACCOUNT_KEY, silent)
    if rest is Truth.FALSE:
        return rest
    trials = _trials(statement)
    some_accounts, more_accounts = _some(accounts, trials)
    by_account = {
        outsider: max(without_account, holds(_ACCOUNT_KEY, caller(outsider, regions[0]).context))
        for outsider in some_accounts
    }
    fitting = [outsider for outsider, truth in by_account.items() if truth is not Truth.FALSE]
    pairs, more_pairs = _some(product(fitting, regions), trials)
    tried = any_of(
        min(rest, by_account[outsider], max(without_arn, holds(_ARN_KEY, caller(outsider, region).context)))
        for outsider, region in pairs
    )
    return max(tried, min(rest, Truth.UNKNOWN)) if more_accounts or more_pairs else tried


def _trials(statement: Statement) -> int:
    values = sum(len(found.values) for found in statement.conditions if isinstance(found, Condition))
    return max(_LEAST_TRIALS, min(_MOST_TRIALS, _MOST_COMPARISONS // max(values, 1)))


def _some[T](found: Iterable[T], most: int) -> tuple[tuple[T, ...], bool]:
    """The first *most* of *found*, and whether there are more."""
    taken = tuple(islice(found, most + 1))
    return taken[:most], len(taken) > most


def _matches(statement: Statement, sender: SendingCaller, conditions: Iterable[Condition | Problem]) -> Truth:
    """Whether the elements of *statement* and some *conditions* let *sender* use a sending action, for some mail."""
    return all_of(_elements(statement, sender, conditions))


def _elements(
    statement: Statement, sender: SendingCaller, conditions: Iterable[Condition | Problem]
) -> Iterator[Truth]:
    if statement.doubts:
        yield Truth.UNKNOWN
    actions, principals, resources = statement.actions, statement.principals, statement.resources
    yield (
        any_of(covers_action(actions, action) for action in SEND_ACTIONS)
        if isinstance(actions, Actions)
        else Truth.UNKNOWN
    )
    effect = None if isinstance(statement.effect, Problem) else statement.effect
    yield (
        covers_principal(principals, sender.principal, effect) if isinstance(principals, Principals) else Truth.UNKNOWN
    )
    yield (
        covers_resource(resources, sender.identity_arn, statement.variables)
        if isinstance(resources, Resources)
        else Truth.UNKNOWN
    )
    for condition in conditions:
        if isinstance(condition, Problem):
            yield Truth.UNKNOWN
        elif condition.key not in _SENDERS_CHOICE:
            yield judge(condition, sender.context, variables=statement.variables)


def _stranger(outsider: str, identity_arn: str) -> SendingCaller:
    role = RoleSession(partition=partition_of(identity_arn), account=outsider, role_path_and_name="outsider")
    keys: Mapping[str, KeyState] = {
        "aws:sourceaccount": ABSENT,
        "aws:sourcearn": ABSENT,
        "aws:principalaccount": known(outsider),
        "aws:principalarn": known(role.role_arn),
        "aws:principalisawsservice": FALSE,
        "aws:securetransport": TRUE,
    }
    return SendingCaller(
        principal=role, identity_arn=identity_arn, pool_arn=None, context=Context(keys=keys, families={})
    )


def _accounts(statement: Statement, account: str) -> tuple[str, ...]:
    """Accounts that are not *account*: one that no value names, and those that fit the wildcards."""
    spelled_out = set(sources(statement)) | {account}
    fresh = next(outsider for outsider in map("{:012d}".format, count(_OUTSIDER)) if outsider not in spelled_out)
    fitting = (
        filled
        for pattern in _account_patterns(statement)
        if has_wildcard(pattern) and (filled := _filled(pattern)) is not None and filled not in spelled_out
    )
    return tuple(dict.fromkeys([fresh, *fitting]))


def _regions(statement: Statement) -> tuple[str, ...]:
    patterns = [segments[3] for segments in _source_arns(statement) if len(segments) == ARN_SEGMENTS and segments[3]]
    fitting = [region for region in _REGIONS if any(compile_glob(pattern)(region) for pattern in patterns)]
    exact = [pattern for pattern in patterns if not has_wildcard(pattern)]
    return tuple(dict.fromkeys([_REGIONS[0], *exact, *fitting[:1]]))


def _account_patterns(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        if isinstance(condition, Condition) and condition.key in {"aws:sourceaccount", "aws:principalaccount"}:
            yield from condition.values
    for segments in _source_arns(statement):
        if len(segments) == ARN_SEGMENTS:
            yield segments[4]


def _source_arns(statement: Statement) -> Iterator[list[str]]:
    for condition in statement.conditions:
        if isinstance(condition, Condition) and condition.key in {"aws:sourcearn", "aws:principalarn"}:
            for value in condition.values:
                yield value.split(":", ARN_SEGMENTS - 1)


def _filled(pattern: str) -> str | None:
    """A twelve-digit account that *pattern* covers, or None."""
    digits = pattern.replace("?", "7")
    missing = 12 - len(digits.replace("*", ""))
    if missing < 0:
        return None
    filled = digits.replace("*", "7" * missing, 1).replace("*", "")
    return filled if _ACCOUNT.fullmatch(filled) else None
