"""Finds the words of an identity's owner that are narrower than the grant that Mailwarden would write beside them.

A grant of ours names one pool and nothing else: the pool's editors then choose its FROM. An owner who let that pool
send under a further condition, such as ses:FromAddress, has excluded everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.message import Message, message
from mailwarden.policy.document.model import Condition, Principals, Problem
from mailwarden.policy.evaluation.decision import condition_message
from mailwarden.policy.evaluation.trust import allow_statements, cognito_principals, covers_sending, names_pool
from mailwarden.policy.grant.grant import OWN_PREFIX, edited_own_policies, is_own_name
from mailwarden.policy.matching.conditions import judge
from mailwarden.policy.matching.glob import has_wildcard
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.evaluation.decision import StatementRef
    from mailwarden.policy.evaluation.sender import SendingCaller

_SOURCE_KEYS: Final = frozenset({"aws:sourceaccount", "aws:sourcearn"})
# The pool's configuration chooses their values, so a condition that holds today excludes what may be chosen tomorrow.
_CHOSEN_BY_THE_POOL: Final = "ses:"


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowerWords:
    """An Allow statement that is about the pool, and its conditions that a grant of ours would not repeat."""

    ref: StatementRef
    conditions: tuple[Condition | Problem, ...]

    @property
    def message(self) -> Message:
        """The statement by its place, with those conditions."""
        return message(
            "policy.narrower",
            statement=self.ref.message,
            conditions=tuple(
                message("doubt", path=condition.path, reason=condition.flaw)
                if isinstance(condition, Problem)
                else condition_message(condition)
                for condition in self.conditions
            ),
        )


def narrower_words(policies: Mapping[str, str], sender: SendingCaller) -> tuple[NarrowerWords, ...]:
    """The Allow statements for *sender*'s pool that let it send under conditions which a grant of ours would override.

    A statement is about the pool if it names it, for whatever principal; and, where it may mean Cognito, if it is in a
    policy with a name of ours, if nothing in its conditions on the source keeps the pool out, or if one of them excepts
    the pool. *sender* is the pool with the principal that its region requires.
    """
    unedited = _unedited(policies, sender)
    found: list[NarrowerWords] = []
    for ref, statement in allow_statements(policies):
        if ref.policy in unedited or covers_sending(statement) is Truth.FALSE:
            continue
        names_it = sender.pool_arn is not None and names_pool(statement, sender.pool_arn)
        if not names_it and not _may_mean_cognito(statement):
            continue
        named = names_it or ref.policy.startswith(OWN_PREFIX)
        conditions = tuple(_narrower(statement, sender, named=named))
        if conditions:
            found.append(NarrowerWords(ref=ref, conditions=conditions))
    return tuple(found)


def _narrower(statement: Statement, sender: SendingCaller, *, named: bool) -> Iterator[Condition | Problem]:
    others: list[Condition | Problem] = []
    for condition in statement.conditions:
        if isinstance(condition, Problem):
            others.append(condition)
            continue
        holds = judge(condition, sender.context, variables=statement.variables)
        if condition.key in _SOURCE_KEYS and not named and not _excepts(condition):
            if holds is Truth.FALSE:
                return
        elif holds is not Truth.TRUE or condition.key.startswith(_CHOSEN_BY_THE_POOL):
            others.append(condition)
    yield from others


def _excepts(condition: Condition) -> bool:
    """Whether the condition holds for every value but those that it lists."""
    return condition.operator is not None and condition.operator.negated


def _unedited(policies: Mapping[str, str], sender: SendingCaller) -> frozenset[str]:
    account = sender.identity_arn.split(":")[4]
    edited = edited_own_policies(policies, identity_arn=sender.identity_arn, account=account)
    return frozenset(name for name in policies if is_own_name(name) and name not in edited)


def _may_mean_cognito(statement: Statement) -> bool:
    principals = statement.principals
    return (
        not isinstance(principals, Principals)
        or principals.anyone
        or principals.negated
        or "*" in principals.aws
        or bool(cognito_principals(statement))
        or any(map(has_wildcard, principals.services))
    )
