"""Chooses the order of ``operate`` by the one member that an invocation has, and answers in any case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.masking import one_line

ORDER = "order"
_BY = "by"
_PREFIX = "operator:"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """The call of the function that brings an order."""

    request_id: str
    log: Log


type Action = Callable[[Invocation], JsonDocument]
"""Carries out an order that was read, and returns the answer as a document."""


class OrderHandler(Protocol):
    """Reads the orders of one name."""

    def read(self, members: Members) -> Action:
        """The action of the order; raises MalformedDocument for members that are no such order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOrder:
    """Every order by name; a handler is built for the order that needs it."""

    handlers: Mapping[str, Callable[[], OrderHandler]]

    def carry_out(self, event: object, *, request_id: str, log: Log) -> JsonDocument:
        """Carry out one order; a malformed one also gets an answer, because a caller waits for it."""
        names = set(event) if isinstance(event, Mapping) else set()
        name = names.pop() if len(names) == 1 and names <= set(self.handlers) else ORDER
        try:
            action = self._read(event, name)
        except MalformedDocument as error:
            answer = misunderstood(name, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        return action(Invocation(request_id=request_id, log=log))

    def _read(self, event: object, name: str) -> Action:
        whole = Members.of(event, where=ORDER)
        if name not in self.handlers:
            raise MalformedDocument(message("order.unknown", orders=tuple(self.handlers)))
        return self.handlers[name]().read(whole.members(name))


def operator_in(members: Members) -> str:
    """Who gives the order, by their own claim, as ``operator:NAME``; raises MalformedDocument without a name."""
    return operator_named(one_line(masked(members.text(_BY)), _LONGEST), members)


def operator_named(name: str, members: Members) -> str:
    """The operator of a *name* that is masked already; raises MalformedDocument for an empty one."""
    name = name.removeprefix(_PREFIX).strip()
    if not name:
        raise MalformedDocument(message("order.empty", member=f"{members.where}.{_BY}"))
    return f"{_PREFIX}{name}"
