"""The functions, what invokes them, the emergency stop, and the age of their SDK."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import DEPLOY, Line, counted, missed, sound, to_do, unknown
from tools.doctor.site import Site, looked
from tools.doctor.stacks import StackReading
from tools.doctor.state import StateReading

_FUNCTION, _MAPPING = "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"
_GONE = frozenset({"ResourceNotFoundException"})
# Lambda frees what an idle function held; the next invocation takes it again.
_USABLE = frozenset({"Active", "Inactive"})
REPAIRS, SLACK = "RepairFunctionOrders", "SlackFunctionAlerts"
# New members of a user pool come several times a year; a pool that has one is not repaired (MW905).
OLDEST_SDK = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionReading:
    """A function; ``state`` is None if it was deleted. ``layers`` are the ARNs of its layer versions."""

    logical_id: str
    state: str | Unreadable | None
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingReading:
    """An event source mapping; ``state`` is None if it was deleted, ``last_result`` is that of the last poll."""

    logical_id: str
    uuid: str
    state: str | Unreadable | None
    last_result: str = ""


def read_functions(site: Site, home: StackReading) -> tuple[FunctionReading, ...]:
    """Every function of the stack."""
    return tuple(_function(site, *each) for each in sorted(home.of_type(_FUNCTION).items()))


def _function(site: Site, logical_id: str, name: str) -> FunctionReading:
    found = looked(
        partial(site.client("lambda").get_function_configuration, FunctionName=name),
        action="lambda:GetFunctionConfiguration",
        region=site.home.region,
        missing=_GONE,
    )
    if found is None or isinstance(found, Unreadable):
        return FunctionReading(logical_id=logical_id, state=found)
    return FunctionReading(
        logical_id=logical_id,
        state=str(found.get("State", "Active")),
        layers=tuple(layer["Arn"] for layer in found.get("Layers", ())),
    )


def judge_functions(functions: tuple[FunctionReading, ...]) -> Iterator[Line]:
    """Every function is there and can be invoked, and all run the same version of the package."""
    good = 0
    for function in functions:
        if (line := missed(function.logical_id, function.state)) is not None:
            yield line
        elif function.state in _USABLE:
            good += 1
        else:
            yield to_do(f"{function.logical_id} is in state {function.state}", DEPLOY)
    if len({function.layers for function in functions if function.layers}) > 1:
        yield to_do("the functions run different versions of their layers", DEPLOY)
    elif functions and good == len(functions):
        yield sound(f"{counted(good, 'function')} are there and run the same layers")


def read_mappings(site: Site, home: StackReading) -> tuple[MappingReading, ...]:
    """Every event source mapping of the stack."""
    return tuple(_mapping(site, *each) for each in sorted(home.of_type(_MAPPING).items()))


def _mapping(site: Site, logical_id: str, uuid: str) -> MappingReading:
    found = looked(
        partial(site.client("lambda").get_event_source_mapping, UUID=uuid),
        action="lambda:GetEventSourceMapping",
        region=site.home.region,
        missing=_GONE,
    )
    if found is None or isinstance(found, Unreadable):
        return MappingReading(logical_id=logical_id, uuid=uuid, state=found)
    return MappingReading(
        logical_id=logical_id, uuid=uuid, state=str(found["State"]), last_result=str(found.get("LastProcessingResult"))
    )


def judge_mappings(mappings: tuple[MappingReading, ...], *, has_slack: bool) -> Iterator[Line]:
    """Every mapping but that of repairs, of which the stop decides, is enabled; that of Slack only with Slack."""
    good, judged = 0, [each for each in mappings if each.logical_id != REPAIRS]
    for mapping in judged:
        what, wanted = f"event source mapping {mapping.logical_id}", has_slack or mapping.logical_id != SLACK
        if (line := missed(what, mapping.state)) is not None:
            yield line
        elif wanted and mapping.state in {"Disabled", "Disabling"}:
            enable = f"aws lambda update-event-source-mapping --uuid {mapping.uuid} --enabled"
            yield to_do(f"{what} is disabled: its messages wait", enable)
        elif "PROBLEM" in mapping.last_result:
            advice = "correct what it names, such as a permission of the function's role"
            yield to_do(f"{what} has a problem: {mapping.last_result}", advice)
        else:
            good += 1
    if judged and good == len(judged):
        yield sound(f"{counted(good, 'event source mapping')} poll their queues and the ledger's stream")


def judge_stop(mappings: tuple[MappingReading, ...], state: StateReading) -> Iterator[Line]:
    """Repairs run, or an operator stopped them: the ledger decides, and the mapping is the other half."""
    polling = next((each.state for each in mappings if each.logical_id == REPAIRS), None)
    if (line := missed(f"event source mapping {REPAIRS}", polling, consequence="nothing is repaired")) is not None:
        yield line
    elif isinstance(state.stop, str):
        yield unknown("the emergency stop", state.stop)
    elif state.stop is not None:
        since = f"{state.stop.since:%Y-%m-%d %H:%M} UTC"
        yield to_do(f"{state.stop.by} stopped repairs at {since}: orders wait for up to 14 days", "make start")
    elif polling not in {"Enabled", "Enabling", "Updating"}:
        yield to_do(
            f"repairs do not run: event source mapping {REPAIRS} is {polling}, but no operator stopped them",
            "make start",
        )
    else:
        yield sound("repairs are not stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class SdkReading:
    """When the layer with the SDK was published, and the version of botocore in it."""

    published: datetime | Unreadable | None
    version: str | None


def read_sdk(site: Site, functions: tuple[FunctionReading, ...], state: StateReading) -> SdkReading:
    """The layer that every function shares."""
    layers = [arn for function in functions for arn in function.layers if ":layer:Dependencies" in arn]
    if not layers:
        return SdkReading(published=None, version=state.sdk)
    published = looked(
        lambda: datetime.fromisoformat(site.client("lambda").get_layer_version_by_arn(Arn=layers[0])["CreatedDate"]),
        action="lambda:GetLayerVersion",
        region=site.home.region,
        missing=_GONE,
    )
    return SdkReading(published=published, version=state.sdk)


def judge_sdk(reading: SdkReading, *, now: datetime) -> Iterator[Line]:
    """The SDK is young enough to know the members of today's user pools."""
    named = "the AWS SDK" if reading.version is None else f"the AWS SDK (botocore {reading.version})"
    match reading.published:
        case None:
            yield to_do(f"the layer with {named} is gone", DEPLOY)
        case Unreadable() as refusal:
            yield unknown(f"the age of {named}", refusal)
        case published if now - published > OLDEST_SDK:
            yield to_do(
                f"{named} was deployed {(now - published).days} days ago: newer pools may not be repaired (MW905)",
                "deploy the newest release of Mailwarden",
            )
        case published:
            yield sound(f"{named} was deployed {counted((now - published).days, 'day')} ago")
