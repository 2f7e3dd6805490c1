"""The user pools, the identities that they use with their tags, and the regions that are not watched."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.mail_path.owner_tags import CONSENT_TAG, EXEMPTION_TAG
from mailwarden.domain.readings import Pool, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef
from tools.deployment.regions import NOT_TURNED_ON
from tools.doctor.lines import Line, counted, sound, to_do, unknown
from tools.doctor.site import Site, looked

_LIST = "cognito-idp:ListUserPools"
_AT_ONCE = 8
# Cognito answers 15 reads of pools a second in a region; the functions read, too.
MOST_READ = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolsReading:
    """The pools of the watched regions, at most 200 of them; ``more`` are not read, ``refused`` could not be."""

    pools: tuple[Pool, ...]
    more: int = 0
    refused: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsReading:
    """The tags of Mailwarden on the identities of one SES region, by ARN."""

    region: str
    identities: Mapping[str, Mapping[str, str]] | Unreadable = field(default_factory=dict)


def read_other_regions(site: Site) -> Mapping[str, int | Unreadable]:
    """By region that is not watched, how many pools it has, up to 60."""
    every = site.session.get_available_regions("cognito-idp", site.partition)
    others = sorted(set(every) - set(site.watched))

    def count(region: str) -> int | Unreadable:
        client = site.client("cognito-idp", region)
        found = looked(
            partial(client.list_user_pools, MaxResults=60), action=_LIST, region=region, missing=NOT_TURNED_ON
        )
        return found if isinstance(found, Unreadable) else len((found or {}).get("UserPools", ()))

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        return dict(zip(others, workers.map(count, others), strict=True))


def judge_other_regions(regions: Mapping[str, int | Unreadable]) -> Iterator[Line]:
    """No region that is not watched has a pool."""
    with_pools = {region: found for region, found in regions.items() if isinstance(found, int) and found}
    refused = [found for found in regions.values() if isinstance(found, Unreadable)]
    for region, number in with_pools.items():
        pools = "60 user pools or more" if number == 60 else counted(number, "user pool")
        yield to_do(f"{region} is not watched and has {pools}", f"deploy with {region} in WatchedRegions")
    if refused:
        yield unknown(f"whether {counted(len(refused), 'region')} that are not watched have user pools", refused[0])
    elif not with_pools:
        yield sound(f"no user pool in the {counted(len(regions), 'region')} that are not watched")


def read_pools(site: Site) -> PoolsReading:
    """The pools of the watched regions."""
    cognito = CognitoPools(clients=site.reading, partition=site.partition, account=site.account)
    refs: list[PoolRef] = []
    refused: list[Unreadable] = []
    for region in site.watched:
        after: str | None = None
        while True:
            page = cognito.page(region, after)
            if isinstance(page, Unreadable):
                refused.append(page)
                break
            refs += page.pools
            after = page.after
            if after is None:
                break
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        readings = tuple(workers.map(cognito.read, refs[:MOST_READ]))
    return PoolsReading(
        pools=tuple(each for each in readings if isinstance(each, Pool)),
        more=len(refs[MOST_READ:]),
        refused=(*refused, *(each for each in readings if isinstance(each, Unreadable))),
    )


def read_tags(site: Site, pools: PoolsReading) -> tuple[TagsReading, ...]:
    """The tags of Mailwarden on identities, in the SES regions that the pools use: two calls for each region."""
    regions = sorted({identity.region for identity in identities_in(pools)})
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        return tuple(workers.map(partial(_tags, site), regions))


def _tags(site: Site, region: str) -> TagsReading:
    found: dict[str, dict[str, str]] = {}
    for key in (CONSENT_TAG, EXEMPTION_TAG):
        listed = looked(partial(_tagged, site, region, key), action="tag:GetResources", region=region)
        if listed is None or isinstance(listed, Unreadable):
            return TagsReading(region=region, identities=listed or {})
        found |= listed
    return TagsReading(region=region, identities=found)


def _tagged(site: Site, region: str, key: str) -> dict[str, dict[str, str]]:
    """All tags of the identities that have a tag."""
    pages = site.client("resourcegroupstaggingapi", region).get_paginator("get_resources")
    return {
        each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]}
        for page in pages.paginate(TagFilters=[{"Key": key}], ResourceTypeFilters=["ses:identity"])
        for each in page["ResourceTagMappingList"]
    }


def identities_in(pools: PoolsReading) -> Mapping[IdentityRef, tuple[PoolRef, ...]]:
    """The identities that the pools name as SourceArn, with the pools."""
    using: dict[IdentityRef, list[PoolRef]] = {}
    for pool in pools.pools:
        try:
            identity = IdentityRef.from_arn(pool.email.source_arn or "")
        except NotASubject:
            continue
        using.setdefault(identity, []).append(pool.ref)
    return {identity: tuple(refs) for identity, refs in using.items()}
