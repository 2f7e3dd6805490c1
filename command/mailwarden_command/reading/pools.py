"""Lists the user pools of an account, with their names, in every region that the account has enabled."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.pools import LIST
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

# A region that the account has not turned on refuses its credentials (Account Management reference guide, "Enable or
# disable AWS Regions in your account").
_NOT_TURNED_ON = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"})
_PAGE = 60
_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRegion:
    """The pools of a region with their names; ``refusal`` if not all could be listed; ``is_on`` as AWS answered."""

    region: str
    pools: tuple[tuple[PoolRef, str], ...] = ()
    refusal: Unreadable | None = None
    is_on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLists:
    """Lists pools with one call for each 60 of a region."""

    clients: Clients
    partition: str
    account: str

    def of(self, regions: Iterable[str]) -> tuple[ListedRegion, ...]:
        """The lists of these regions, in their order; raises errors that concern the credentials."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
            return tuple(workers.map(self._of_region, regions))

    def _of_region(self, region: str) -> ListedRegion:
        found: list[tuple[PoolRef, str]] = []
        try:
            self._collect(self.clients.cognito(region), region, found)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) in _NOT_TURNED_ON:
                return ListedRegion(region=region, is_on=False)
            refusal = unread(error, action=LIST, region=region)
            return ListedRegion(region=region, pools=tuple(found), refusal=refusal)
        return ListedRegion(region=region, pools=tuple(found))

    def _collect(self, client: "CognitoIdentityProviderClient", region: str, found: list[tuple[PoolRef, str]]) -> None:
        for page in client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": _PAGE}):
            for pool in page["UserPools"]:
                ref = PoolRef(partition=self.partition, region=region, account=self.account, pool_id=pool["Id"])
                found.append((ref, pool.get("Name", "")))
