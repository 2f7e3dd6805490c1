"""Where a source will be deployed, as far as it is known."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

# In place of a value that is not known, in its form; the report shows neither.
UNKNOWN_REGION = "unknown-region-0"
UNKNOWN_ACCOUNT = "000000000000"
# A source has no time, and nothing that is checked depends on it.
NOW = datetime(2000, 1, 1, tzinfo=UTC)
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The region and the account of a deployment."""

    region: str = UNKNOWN_REGION
    account: str = UNKNOWN_ACCOUNT

    @property
    def partition(self) -> str:
        """The partition of the region; that of most regions where none is known."""
        return next((partition for prefix, partition in _PARTITIONS if self.region.startswith(prefix)), "aws")

    def or_else(self, *, region: str | None, account: str | None) -> Self:
        """The same, with what it does not know yet."""
        return replace(
            self,
            region=region if region and self.region == UNKNOWN_REGION else self.region,
            account=account if account and self.account == UNKNOWN_ACCOUNT else self.account,
        )
