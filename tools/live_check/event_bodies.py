"""Gives the real bodies to Mailwarden's own reader, and compares them with those that the models of the API imply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailwarden.domain.refs.hints import Hint
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent, hints_from_event
from tools.live_check.listening import SOURCES, HeardCall, Listener, envelope
from tools.live_check.scratch_run import MadeCall, ScratchRun


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A call in the report."""

    operation: str
    region: str
    rule: str
    after: str
    read_as: str


def check_events(run: ScratchRun, listener: Listener) -> list[CallLine]:
    """Judge the events of all calls of the run; a line for each call."""
    heard, failed_but_heard = listener.hear()
    found = {each.call.request_id: each for each in heard}
    made = listener.made()
    lines = [_judge(run, listener, call, found.get(call.request_id)) for call in made if not call.error]
    by_rules = any(each.after is not None for each in heard)
    for call in filter(lambda each: each.error, made):
        if not by_rules:
            run.observations.missed("failed-unmatched", call.operation, why="no rule heard anything")
        else:
            wrong = call in failed_but_heard
            seen = "a rule matched it" if wrong else call.error
            run.observations.add("failed-unmatched", call.operation, agrees=not wrong, seen=seen)
    return lines


def _judge(run: ScratchRun, listener: Listener, call: MadeCall, heard: HeardCall | None) -> CallLine:
    source = SOURCES[call.service]
    rule = next((each.name for each in listener.patterns if each.matches(source, call.operation)), "none")
    where = call.operation
    if heard is None:
        run.observations.missed("event-delivered", where, why="not within the time to wait")
        run.observations.missed("event-read", where, why="no body")
        return CallLine(operation=call.operation, region=call.region, rule=rule, after="not delivered", read_as="")
    if heard.after is None:
        run.observations.missed("event-delivered", where, why="only in the history of CloudTrail: is there a trail?")
        after = "no event"
    else:
        after = f"{heard.after:.1f} s"
        run.observations.add("event-delivered", where, agrees=True)
    run.keep_body(f"{call.operation}, as CloudTrail records it ({call.service})", heard.event.get("detail"))
    read, expected = read_as(run, heard.event), read_as(run, expected_event(run, call))
    missing = sorted(missing_members(call, heard.event.get("detail", {})))
    seen = f"without {', '.join(missing)}" if missing else ""
    run.observations.add("event-read", where, agrees=read == expected, seen=seen)
    kinds = ", ".join(sorted({_kind(each) for each in read})) or "nothing"
    return CallLine(operation=call.operation, region=call.region, rule=rule, after=after, read_as=kinds)


def read_as(run: ScratchRun, event: Mapping[str, Any]) -> frozenset[Hint | str]:
    """The hints that Mailwarden makes of an event, without their causes; or why it makes none."""
    try:
        hints = hints_from_event(event, account=run.account, partition=run.partition)
    except (ForeignEvent, MalformedEvent) as error:
        return frozenset({f"not understood: {type(error).__name__}"})
    return frozenset(replace(each, cause=None) for each in hints)


def expected_event(run: ScratchRun, call: MadeCall) -> Mapping[str, Any]:
    """The event that the model of the API implies for a call: every member with a small first letter."""
    detail = {
        "eventName": call.operation,
        "requestParameters": _small(call.parameters),
        "responseElements": _small(call.response) if call.operation.startswith(("Create", "Delete")) else None,
    }
    return envelope(call, detail, account=run.account, region=call.region)


def missing_members(call: MadeCall, detail: Mapping[str, Any]) -> Iterable[str]:
    """The parameters of a call that its record does not name as expected."""
    parameters = detail.get("requestParameters")
    there = parameters if isinstance(parameters, Mapping) else {}
    return (f"requestParameters.{name}" for name in _small(call.parameters) if name not in there)


def _small(value: Any) -> Any:  # noqa: ANN401 - any answer of an API
    match value:
        case Mapping():
            return {f"{str(key)[:1].lower()}{str(key)[1:]}": _small(each) for key, each in value.items()}
        case list() | tuple():
            return [_small(each) for each in value]
        case _:
            return value


def _kind(hint: Hint | str) -> str:
    return hint if isinstance(hint, str) else type(hint).__name__
