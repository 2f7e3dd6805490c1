"""The deliveries that Cognito reported as failed, pool by pool.

Anybody on the internet can make a pool's count change, so nothing else stands in its item, and it expires by itself.
"""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import pool_key
from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef

FAILURES = "FAILURES"
# A week is the longest time that the settings can ask for until the failures count as over.
_KEEP_FAILURES = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoDeliveryFailures:
    """Implements ``DeliveryFailureCounts``: the items ``POOL#… / FAILURES``."""

    table: Table

    def of(self, pool: PoolRef) -> DeliveryFailures | None:
        """What is known of a pool; raises MalformedDocument."""
        members = self.table.read(pool_key(pool), FAILURES)
        return None if members is None else failures_from(members)

    def add(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        """Add failures to those that are known, or begin again if there were none for *quiet*. Raises Contended."""
        for _ in self.table.attempts(f"failures {pool.arn}"):
            known = self.of(pool)
            total = failures.added_to(known, quiet=quiet)
            replaces = None if known is None else {"number": known.number, "last": sortable(known.last)}
            if self.table.put(_failures_item(pool, total), replaces=replaces):
                return


def _failures_item(pool: PoolRef, failures: DeliveryFailures) -> Item:
    return item_of(
        pool_key(pool),
        FAILURES,
        {
            "first": sortable(failures.first),
            "last": sortable(failures.last),
            "number": failures.number,
            "last_call": failures.last_call,
            "last_code": failures.last_code,
            **({} if failures.at_daily_limit is None else {"at_daily_limit": sortable(failures.at_daily_limit)}),
            "expires_at": expiry(failures.last, after=_KEEP_FAILURES),
        },
    )


def failures_from(members: Members) -> DeliveryFailures:
    """Read failures back; raises MalformedDocument."""
    return DeliveryFailures(
        first=members.time("first"),
        last=members.time("last"),
        number=members.number("number"),
        last_call=members.text("last_call"),
        last_code=members.text("last_code"),
        at_daily_limit=members.optional_time("at_daily_limit"),
    )
