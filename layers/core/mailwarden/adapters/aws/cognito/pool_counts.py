"""Counts the user pools of regions that are not watched, one call for each region."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.domain.readings import Unreadable

LIST = "cognito-idp:ListUserPools"

# A region that the account has not turned on refuses its credentials (Account Management reference guide, "Enable or
# disable AWS Regions in your account").
_NOT_TURNED_ON = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "OptInRequired"})
# ListUserPools, MaxResults.
_PAGE = 60
_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoPoolCounts:
    """Implements ``PoolCounts`` for the regions with Cognito that the pinned SDK knows."""

    clients: Clients
    partition: str

    def outside(self, watched: tuple[str, ...]) -> Mapping[str, int | Unreadable]:
        """One call for each region, without a retry: a region that does not answer takes four seconds."""
        every = Session().get_available_regions("cognito-idp", self.partition)
        regions = sorted(set(every) - set(watched))
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
            return dict(zip(regions, workers.map(self._count, regions), strict=True))

    def _count(self, region: str) -> int | Unreadable:
        try:
            return len(self.clients.cognito_once(region).list_user_pools(MaxResults=_PAGE)["UserPools"])
        except (ClientError, BotoCoreError) as error:
            if code_of(error) in _NOT_TURNED_ON:
                return 0
            return unread(error, action=LIST, region=region)
