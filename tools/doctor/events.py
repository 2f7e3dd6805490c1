"""The way of an event to Mailwarden: a trail, and the rules of every region with their targets."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.monitoring.monitoring import RegionTrails, sources_heard_in
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.message import Message
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.rules import TRAIL_RULE
from tools.doctor.lines import DEPLOY, Line, counted, sound, to_do, unknown
from tools.doctor.site import Site, looked
from tools.doctor.stacks import StackReading

_RULE = "AWS::Events::Rule"
_DESCRIBE, _TARGETS = "events:DescribeRule", "events:ListTargetsByRule"
_GONE = frozenset({"ResourceNotFoundException"})
_AT_ONCE = 8

# The rules that also get read-only calls have a state of their own. EnableRule would take that from them (EventBridge
# user guide, "Read-only management events").
RULES_WITH_READS = frozenset({"FailedCodeRequests", "ForwardedFailures"})
WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target of a rule, and the role with which EventBridge sends to it."""

    arn: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReading:
    """A rule of a stack; ``state`` is None if it was deleted. A schedule has no ``pattern``."""

    region: str
    logical_id: str
    name: str
    state: str | Unreadable | None
    bus: str = "default"
    pattern: str = ""
    targets: tuple[Target, ...] | Unreadable = ()


def read_trails(site: Site) -> tuple[RegionTrails, ...]:
    """The trails that each region sees."""
    trails = CloudTrailTrails(clients=site.reading)
    return tuple(
        RegionTrails(
            monitoring=MonitoringRef(partition=site.partition, region=region, account=site.account),
            sources=sources_heard_in(region, watched=site.watched, partition=site.partition),
            trails=trails.seen_in(region),
        )
        for region in site.listening
    )


def judge_trails(regions: tuple[RegionTrails, ...]) -> Iterator[Line]:
    """Some trail delivers the calls of each region to EventBridge: the rule MW901, on readings of now."""
    refused = [reading.trails for reading in regions if isinstance(reading.trails, Unreadable)]
    if refused:
        yield unknown(f"the trails of {counted(len(refused), 'region')}", refused[0])
    found: dict[tuple[Message, Message, bool], list[tuple[str, Finding]]] = {}
    for reading in regions:
        if not isinstance(reading.trails, Unreadable):
            for finding in TRAIL_RULE.check(reading):
                kind = (_of(finding.message, ()), _of(finding.remediation, ()), finding.effect is Effect.UNKNOWN)
                found.setdefault(kind, []).append((reading.monitoring.region, finding))
    for (said, advice, is_unknown), alike in found.items():
        names = tuple(region for region, _ in alike)
        what = f"CloudTrail: {ENGLISH.text(_of(said, names))}"
        if is_unknown:
            evidence = alike[0][1].evidence.values()
            yield unknown(what, "; ".join(ENGLISH.text(each) for each in evidence))
        else:
            yield to_do(what, ENGLISH.text(_of(advice, names)))
    if not found and not refused:
        yield sound(f"a CloudTrail trail delivers the calls of {counted(len(regions), 'region')}")


def _of(said: Message, regions: tuple[str, ...]) -> Message:
    """A message about one region as one about several."""
    return Message(id=said.id, args=tuple((name, regions if name == "region" else value) for name, value in said.args))


def read_rules(site: Site, stacks: tuple[StackReading, ...]) -> tuple[RuleReading, ...]:
    """Every rule of every stack."""
    bus = site.home.outputs["EventBusArn"].rpartition("/")[2]
    wanted = [(stack.region, *rule) for stack in stacks for rule in sorted(stack.of_type(_RULE).items())]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return tuple(pool.map(lambda each: _read_rule(site, *each, bus=bus), wanted))


def _read_rule(site: Site, region: str, logical_id: str, physical_id: str, *, bus: str) -> RuleReading:
    """A rule on the default bus or on ours: the physical id of the latter is ``bus|name``, or the name alone."""
    events, name = site.client("events", region), physical_id.rpartition("|")[2]
    reading = RuleReading(region=region, logical_id=logical_id, name=name, state=None)
    for place in ("default", bus):
        rule: Mapping[str, str] = {"Name": name, "EventBusName": place}
        found = looked(partial(events.describe_rule, **rule), action=_DESCRIBE, region=region, missing=_GONE)
        if isinstance(found, Unreadable):
            return replace(reading, state=found)
        if found is not None:
            targets = looked(
                partial(events.list_targets_by_rule, Rule=name, EventBusName=place), action=_TARGETS, region=region
            )
            return replace(
                reading,
                state=str(found["State"]),
                bus=place,
                pattern=_comparable(found.get("EventPattern", "")),
                targets=targets if isinstance(targets, Unreadable) else _targets(targets or {}),
            )
    return reading


def _targets(answer: Mapping[str, Any]) -> tuple[Target, ...]:
    return tuple(Target(arn=each["Arn"], role=each.get("RoleArn", "")) for each in answer.get("Targets", ()))


def _comparable(pattern: str) -> str:
    return json.dumps(json.loads(pattern), sort_keys=True) if pattern else ""


def judge_rules(rules: tuple[RuleReading, ...], *, home: str, bus: str, role: str, stack: str) -> Iterator[Line]:
    """Every rule is enabled, has the pattern that it has elsewhere, and sends to Mailwarden and to nothing else.

    In the *home* region the targets are queues and functions of the *stack*, elsewhere the *bus*, with the *role*.
    """
    usual = _usual_patterns(rules)
    sound_ones = 0
    for rule in rules:
        problem = _problem(rule, usual, home=home, bus=bus, role=role, stack=stack)
        if problem is None:
            sound_ones += 1
        else:
            yield problem
    if rules and sound_ones == len(rules):
        regions = len({rule.region for rule in rules})
        yield sound(f"{counted(len(rules), 'EventBridge rule')} in {counted(regions, 'region')} are enabled and wired")


def _usual_patterns(rules: tuple[RuleReading, ...]) -> Mapping[str, str]:
    """By logical id the pattern that most regions have."""
    patterns: dict[str, Counter[str]] = {}
    for rule in rules:
        patterns.setdefault(rule.logical_id, Counter())[rule.pattern] += 1
    return {logical_id: found.most_common(1)[0][0] for logical_id, found in patterns.items()}


def _problem(rule: RuleReading, usual: Mapping[str, str], *, home: str, bus: str, role: str, stack: str) -> Line | None:
    what = f"rule {rule.logical_id} in {rule.region}"
    if isinstance(rule.state, Unreadable):
        return unknown(what, rule.state)
    if rule.state is None:
        return to_do(f"{what} was deleted", f"delete its stack, then {DEPLOY}" if rule.region != home else DEPLOY)
    if (problem := _problem_of_state(rule, rule.state, what)) is not None:
        return problem
    if rule.pattern != usual[rule.logical_id]:
        return to_do(f"the event pattern of {what} was changed: it differs from other regions", DEPLOY)
    if isinstance(rule.targets, Unreadable):
        return unknown(f"the targets of {what}", rule.targets)
    if not rule.targets:
        return to_do(f"{what} has no target", DEPLOY)
    for target in rule.targets:
        if rule.region == home:
            is_ours = target.arn.rpartition(":")[2].startswith(f"{stack}-")
        else:
            is_ours = (target.arn, target.role) == (bus, role)
        if not is_ours:
            return to_do(f"{what} sends to {target.arn} with role {target.role or 'none'}, not to Mailwarden", DEPLOY)
    return None


def _problem_of_state(rule: RuleReading, state: str, what: str) -> Line | None:
    if rule.logical_id in RULES_WITH_READS:
        if state == WITH_READS:
            return None
        said = "gets no read-only calls" if state == "ENABLED" else "is disabled"
        again = f"put rule {rule.name} again, with the pattern that it has and the state {WITH_READS}"
        return to_do(f"{what} {said}", again)
    if state in ("ENABLED", WITH_READS):
        return None
    named = f"--region {rule.region} --event-bus-name {rule.bus} --name {rule.name}"
    return to_do(f"{what} is disabled", f"aws events enable-rule {named}")
