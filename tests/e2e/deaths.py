"""A function that dies before or after one of its AWS calls, and what happens until its work comes again."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.box import SETTINGS, STACK, Box
from tests.e2e.people import Pool
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

WHOLE = os.environ.get("EVERY_DEATH") == "whole"
# What hinders no repair in the end, and what holds every repair.
HARMLESS = ("nothing", "throttled")
HOLDING = ("turned off", "unreadable", "tagged")
MEANWHILE = (*HARMLESS, *HOLDING, "mended")
_DOCUMENTS = {"turned off": '{"repairMode": "off"}', "unreadable": '{"repairMode": '}
# As often as the SDK asks when it is refused.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Before or after the call of this service and action that comes after so many others of them."""

    service: str
    action: str
    place: int
    when: str

    @property
    def changes(self) -> bool:
        return not self.action.startswith(("Describe", "Get", "List", "Lookup", "Query", "BatchGet"))


def moments_of(calls: Iterable[tuple[str, str]]) -> list[Moment]:
    """Before and after each call."""
    seen: Counter[tuple[str, str]] = Counter()
    moments: list[Moment] = []
    for call in calls:
        place, seen[call] = seen[call], seen[call] + 1
        moments += [Moment(service=call[0], action=call[1], place=place, when=when) for when in ("before", "after")]
    return moments


def tried(moments: Iterable[Moment], dies: Callable[[Moment], None]) -> list[str]:
    """What was wrong with each death; one that is wrong does not hide the others."""
    wrong: list[str] = []
    for moment in moments:
        try:
            dies(moment)
        except AssertionError as error:
            wrong.append(f"{moment}: {error}")
    return wrong


def calls_of(box: Box, function: str, *, since: int) -> list[tuple[str, str]]:
    """The calls that a function made, without those for its log."""
    calls = box.calls(since=since, role=box.role(function))
    return [(call["service"], call["action"]) for call in calls if call["service"] != "logs"]


@contextmanager
def death(box: Box, function: str, moment: Moment, *, since: int) -> Iterator[Callable[[], None]]:
    """The function dies at the moment; yields what waits until it has."""
    role = box.role(function)

    def answered() -> bool:
        """Whether AWS carried out the last call of the process."""
        calls = calls_of(box, function, since=since)
        return moment.when == "before" or calls.count((moment.service, moment.action)) > moment.place

    with box.fault(
        effect="die", when=moment.when, service=moment.service, action=moment.action, role=role, skip=moment.place
    ) as hits:

        def dead() -> None:
            until(hits, what="the death")
            until(answered, what="the last call")

        yield dead


@contextmanager
def happening(
    stage: Stage, pool: Pool, meanwhile: str, *, mend: Callable[[], None], again: Callable[[], object]
) -> Iterator[None]:
    """What happens between the death and the work that comes again; a throttled identity hinders it once before."""
    ssm = stage.box.client("ssm")
    try:
        if meanwhile in _DOCUMENTS:
            ssm.put_parameter(Name=SETTINGS, Type="String", Value=_DOCUMENTS[meanwhile], Overwrite=True)
            _read_settings_anew(stage.box)
        elif meanwhile == "tagged":
            cognito = stage.box.client("cognito-idp", pool.region)
            cognito.tag_resource(ResourceArn=pool.arn, Tags={"mailwarden": "report"})
        elif meanwhile == "throttled":
            _hindered(stage.box, again)
        elif meanwhile == "mended":
            mend()
        yield
    finally:
        if meanwhile in _DOCUMENTS:
            ssm.put_parameter(Name=SETTINGS, Type="String", Value="{}", Overwrite=True)
            _read_settings_anew(stage.box)


def _read_settings_anew(box: Box) -> None:
    """New processes read the settings; the message that an old one was handling comes again now, not in six minutes."""
    renew(box, "inspect", "repair")
    box.release("HintsQueueUrl")


def _hindered(box: Box, again: Callable[[], object]) -> None:
    """Let the work come while no identity can be read, as often as one attempt asks; some of it needs no identity."""
    with box.fault(effect="throttle", count=None, service="ses", action="GetEmailIdentity", role=f"{STACK}-*") as hits:
        again()
        try:
            until(lambda: hits() >= _ATTEMPTS, what="a throttled read, tried again", within=5)
        except AssertionError:
            return


def renew(box: Box, *functions: str) -> None:
    """End the warm processes, so that the next one starts from the beginning."""
    for function in functions:
        box.control("POST", f"functions/{STACK}-{function}/restart")
