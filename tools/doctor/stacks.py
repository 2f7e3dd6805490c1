"""The stacks of a deployment: whether CloudFormation finished them, and the resources in them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from mailwarden.domain.readings import Unreadable
from tools.deployment.region_stacks import Kind
from tools.doctor.lines import DEPLOY, Line, counted, sound, to_do, unknown
from tools.doctor.site import Site, looked

_DESCRIBE, _LIST = "cloudformation:DescribeStacks", "cloudformation:ListStackResources"
# CloudFormation answers a stack that does not exist with a ValidationError (API reference, DescribeStacks).
_NO_STACK = frozenset({"ValidationError"})
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StackReading:
    """One stack; ``status`` is None if there is none. ``resources`` has the physical ids, by type and logical id."""

    region: str
    name: str
    status: str | Unreadable | None
    resources: Mapping[str, Mapping[str, str]] | Unreadable = field(default_factory=dict)

    def of_type(self, kind: str) -> Mapping[str, str]:
        """The physical ids of a type of resource, by logical id; none where they could not be read."""
        return {} if isinstance(self.resources, Unreadable) else self.resources.get(kind, {})


def read_stacks(site: Site) -> tuple[StackReading, ...]:
    """The home stack, the stack of each other region whose events are needed, and those of configuration sets."""
    home, stack = site.home.region, site.home.stack
    wanted = [(home, stack), *((region, f"{stack}-{Kind.WATCH}") for region in site.listening if region != home)]
    if site.home.parameters.get("CreateConfigurationSet") == "yes":
        with_ses = set(site.session.get_available_regions("sesv2", site.partition))
        wanted += [(region, f"{stack}-{Kind.FEEDBACK}") for region in site.watched if region in with_ses]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return tuple(pool.map(lambda each: _read(site, *each), wanted))


def _read(site: Site, region: str, name: str) -> StackReading:
    cloudformation = site.client("cloudformation", region)
    status = looked(
        lambda: str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]),
        action=_DESCRIBE,
        region=region,
        missing=_NO_STACK,
    )
    if not isinstance(status, str):
        return StackReading(region=region, name=name, status=status)
    pages = cloudformation.get_paginator("list_stack_resources").paginate
    listed = looked(
        lambda: [each for page in pages(StackName=name) for each in page["StackResourceSummaries"]],
        action=_LIST,
        region=region,
    )
    if listed is None or isinstance(listed, Unreadable):
        return StackReading(region=region, name=name, status=status, resources=listed or {})
    resources: dict[str, dict[str, str]] = {}
    for each in listed:
        resources.setdefault(each["ResourceType"], {})[each["LogicalResourceId"]] = each.get("PhysicalResourceId", "")
    return StackReading(region=region, name=name, status=status, resources=resources)


def judge_stacks(stacks: tuple[StackReading, ...]) -> Iterator[Line]:
    """Every stack is there, and its last deployment ended well."""
    good = 0
    for stack in stacks:
        what = f"stack {stack.name} in {stack.region}"
        match stack.status:
            case None:
                yield to_do(f"there is no {what}", DEPLOY)
            case Unreadable() as refusal:
                yield unknown(what, refusal)
            case str() as status if "ROLLBACK" in status or not status.endswith("_COMPLETE"):
                yield to_do(f"{what} is in state {status}", f"read its events in CloudFormation, then {DEPLOY}")
            case _ if isinstance(stack.resources, Unreadable):
                yield unknown(f"the resources of {what}", stack.resources)
            case _:
                good += 1
    if good == len(stacks):
        yield sound(f"{counted(good, 'stack')} deployed: home in {stacks[0].region}, and those of the watched regions")
