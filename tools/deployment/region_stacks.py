"""The stacks besides home: which region has which, how they are deployed, found and deleted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from botocore.exceptions import ClientError

from mailwarden.region_names import IAM_REGIONS
from tools.deployment.regions import Connect, in_all, is_turned_off, partition_of
from tools.deployment.stacks import Stack, StackFailed, Stacks, Wanted
from tools.region_table.ses_regions import configuration_set_regions

_SES_TYPE = "AWS::SES::ConfigurationSet"
_APPLICATION, _HOME = "application", "mailwarden:home"


class Kind(StrEnum):
    """A kind of stack; its value ends the stack's name."""

    WATCH = "watch"
    """The rules of a region that is not home."""
    FEEDBACK = "feedback"
    """The configuration set."""


type Act = Callable[[Place], str]

TEMPLATES: Mapping[Kind, str] = {Kind.WATCH: "regions.yaml", Kind.FEEDBACK: "configuration-set.yaml"}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """One stack in one region."""

    region: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The result for a stack."""

    place: Place
    name: str
    text: str
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionStacks:
    """The stacks of one deployment besides its home stack."""

    stack: str
    home: str
    connect: Connect
    poll_seconds: float
    project: Path
    """The folder with the templates."""

    def name(self, kind: Kind) -> str:
        """The name of a stack in each region."""
        return f"{self.stack}-{kind}"

    def stacks(self, region: str) -> Stacks:
        """CloudFormation in a region."""
        return Stacks(cloudformation=self.connect("cloudformation", region), poll_seconds=self.poll_seconds)

    def wanted(self, watched: str, *, sets: bool) -> frozenset[Place]:
        """The stacks that belong to the parameters `WatchedRegions` and `CreateConfigurationSet` of the home stack.

        The rules of home are in the home stack itself; those of the region of IAM's events are always wanted.
        """
        regions = {region.strip() for region in watched.split(",")} - {""}
        with_rules = (regions | {IAM_REGIONS.get(partition_of(self.home), self.home)}) - {self.home}
        rules = {Place(region=region, kind=Kind.WATCH) for region in with_rules}
        return frozenset(rules | ({Place(region=region, kind=Kind.FEEDBACK) for region in regions} if sets else set()))

    def deploy(self, places: frozenset[Place], outputs: Mapping[str, str]) -> Iterator[Done]:
        """Create or update stacks with the outputs of the home stack."""
        yield from self._each(places, lambda place: self._deploy(place, outputs))

    def preview(self, places: frozenset[Place], outputs: Mapping[str, str]) -> Iterator[Done]:
        """The changes that a deployment would make."""
        yield from self._each(places, lambda place: self._preview(place, outputs))

    def delete(self, places: frozenset[Place]) -> Iterator[Done]:
        """Delete stacks."""
        yield from self._each(places, lambda place: self.stacks(place.region).remove(self.name(place.kind)))

    def states(self, places: frozenset[Place]) -> Iterator[Done]:
        """The states of stacks."""
        yield from self._each(places, self._state)

    def found(self, regions: Sequence[str]) -> tuple[frozenset[Place], Sequence[str]]:
        """The stacks of this deployment in any of the regions, and a line for each region that could not be asked.

        A stack of the same name without our tag, or of a home stack in another region, is not among them.
        """

        def ours(region: str) -> frozenset[Place]:
            stacks = self.stacks(region)
            candidates = {kind: stacks.find(self.name(kind)) for kind in Kind}
            return frozenset(
                Place(region=region, kind=kind)
                for kind, stack in candidates.items()
                if stack is not None and self._is_ours(stack)
            )

        places, unasked = set[Place](), list[str]()
        for region, answer in in_all(regions, ours).items():
            if not isinstance(answer, Exception):
                places |= answer
            elif not is_turned_off(answer):
                unasked.append(f"{region}: {answer}")
        return frozenset(places), unasked

    def _is_ours(self, stack: Stack) -> bool:
        bus = stack.parameters.get("EventBusArn", "").split(":")
        home = stack.tags.get(_HOME) or (bus[3] if len(bus) > 3 else None)
        return stack.tags.get(_APPLICATION) == self.stack and home == self.home

    def _each(self, places: frozenset[Place], act: Act) -> Iterator[Done]:
        """All regions at once; in one region one stack after the other."""
        regions = sorted({place.region for place in places})

        def in_region(region: str) -> list[Done]:
            return [self._guarded(place, act) for place in sorted(places) if place.region == region]

        for done in in_all(regions, in_region).values():
            if isinstance(done, Exception):
                raise done
            yield from done

    def _guarded(self, place: Place, act: Act) -> Done:
        name = self.name(place.kind)
        try:
            return Done(place=place, name=name, text=act(place))
        except (StackFailed, ClientError) as error:
            off = "the region is not turned on for this account" if is_turned_off(error) else str(error)
            return Done(place=place, name=name, text=off, failed=True)

    def _deploy(self, place: Place, outputs: Mapping[str, str]) -> str:
        stacks = self.stacks(place.region)
        if not self.is_known(place):
            return "left out, because CloudFormation does not know SES configuration sets in this region"
        there = stacks.find(self.name(place.kind))
        if there is not None and there.status != "REVIEW_IN_PROGRESS" and not self._is_ours(there):
            raise StackFailed("there is another stack of this name, which does not belong to this deployment")
        return stacks.deploy(self._as_wanted(place, outputs))

    def _preview(self, place: Place, outputs: Mapping[str, str]) -> str:
        if not self.is_known(place):
            return "left out, because CloudFormation does not know SES configuration sets in this region"
        return "; ".join(self.stacks(place.region).preview(self._as_wanted(place, outputs))) or "no changes"

    def _state(self, place: Place) -> str:
        stack = self.stacks(place.region).find(self.name(place.kind))
        return "not there" if stack is None else stack.status

    def _as_wanted(self, place: Place, outputs: Mapping[str, str]) -> Wanted:
        return Wanted(
            name=self.name(place.kind),
            template=(self.project / TEMPLATES[place.kind]).read_text(encoding="utf-8"),
            parameters=outputs,
            tags={_APPLICATION: self.stack, _HOME: self.home},
        )

    def is_known(self, place: Place) -> bool:
        """Whether CloudFormation has the types there, which does not follow from the service's endpoint."""
        if place.kind is not Kind.FEEDBACK:
            return True
        try:
            self.connect("cloudformation", place.region).describe_type(Type="RESOURCE", TypeName=_SES_TYPE)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"TypeNotFoundException", "TypeNotFound"}:
                return False
            # Who may not ask relies on the list of the time when this version was made.
            return place.region in configuration_set_regions()
        return True
