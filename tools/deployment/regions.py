"""The regions of the account: those that are turned on, and those where there are user pools or SES identities."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

type Connect = Callable[[str, str], Any]
"""Makes a client: of a service, in a region."""

_AT_ONCE = 8
# A region that an account has not turned on refuses its credentials.
NOT_TURNED_ON = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"})
_MOST_POOLS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The pools and identities of a region; `at_least` if there are more pools than one page shows."""

    region: str
    pools: int
    at_least: bool
    has_identities: bool


def connect_to(endpoint_url: str | None) -> Connect:
    """Connect to AWS, or to another endpoint; each client is made once, because that takes long."""
    session, made, one_at_a_time = boto3.session.Session(), dict[tuple[str, str], Any](), threading.Lock()

    def connect(service: str, region: str) -> Any:  # noqa: ANN401 - boto3 clients have no static type
        options = Config(retries={"mode": "standard", "total_max_attempts": 6}, connect_timeout=10, read_timeout=60)
        with one_at_a_time:
            if (service, region) not in made:
                made[service, region] = session.client(
                    service,  # type: ignore[call-overload] # one of a few names
                    region_name=region,
                    endpoint_url=endpoint_url,
                    config=options,
                )
            return made[service, region]

    return connect


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()


def partition_of(region: str) -> str:
    """The partition of a region, as botocore knows it."""
    return _session().get_partition_for_region(region)


def enabled_regions(connect: Connect, home: str) -> Sequence[str]:
    """The regions that the account has turned on; every region that botocore knows if EC2 may not be asked."""
    try:
        described = connect("ec2", home).describe_regions()["Regions"]
    except (ClientError, BotoCoreError):
        return sorted(_session().get_available_regions("cloudformation", partition_of(home)))
    return sorted(str(region["RegionName"]) for region in described)


def is_turned_off(error: Exception) -> bool:
    """Whether the error is how a region answers that the account has not turned on."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in NOT_TURNED_ON


def in_all[T](regions: Iterable[str], act: Callable[[str], T]) -> Mapping[str, T | Exception]:
    """Act in all regions at once; a region that fails has its error as the result and does not stop the others."""

    def guarded(region: str) -> T | Exception:
        try:
            return act(region)
        except (ClientError, BotoCoreError) as error:
            return error

    chosen = list(regions)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as threads:
        return dict(zip(chosen, threads.map(guarded, chosen), strict=True))


def used_regions(connect: Connect, regions: Iterable[str], home: str) -> Sequence[Use]:
    """The regions with user pools or SES identities; a region that does not answer is left out."""
    offered = set(_session().get_available_regions("cognito-idp", partition_of(home)))
    with_ses = set(_session().get_available_regions("sesv2", partition_of(home)))

    def use(region: str) -> Use:
        listed: Mapping[str, Any] = {}
        if region in offered:
            listed = connect("cognito-idp", region).list_user_pools(MaxResults=_MOST_POOLS)
        identities = []
        if region in with_ses:
            identities = connect("sesv2", region).list_email_identities(PageSize=1)["EmailIdentities"]
        pools = listed.get("UserPools", ())
        return Use(region=region, pools=len(pools), at_least="NextToken" in listed, has_identities=bool(identities))

    found = in_all(sorted(set(regions) & (offered | with_ses)), use)
    return [each for each in found.values() if isinstance(each, Use) and (each.pools or each.has_identities)]
