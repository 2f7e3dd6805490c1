"""SES accounts as GetAccount last showed them."""

from dataclasses import dataclass
from decimal import Decimal

from mailwarden.adapters.aws.dynamodb.items import item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import feedback_key
from mailwarden.documents.reader import Members
from mailwarden.domain.readings import Enforcement, SesAccount
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot

_ACCOUNT = "ACCOUNT"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoAccountSnapshots:
    """Implements ``AccountSnapshots``: the items ``FEEDBACK#account / ACCOUNT``."""

    table: Table

    def last(self, account: SesAccountRef) -> AccountSnapshot | None:
        """The account as it was last kept; raises MalformedDocument."""
        members = self.table.read(feedback_key(account), _ACCOUNT)
        return None if members is None else account_snapshot_from(members, account)

    def put(self, kept: AccountSnapshot) -> None:
        """Keep what was read of an account."""
        account = kept.account
        members = {
            "read_at": sortable(kept.read_at),
            "production_access": account.production_access,
            "sending_enabled": account.sending_enabled,
            "enforcement": account.enforcement.value,
            "max_24_hour_send": Decimal(repr(account.max_24_hour_send)),
            "sent_last_24_hours": Decimal(repr(account.sent_last_24_hours)),
            "suppressed_reasons": sorted(account.suppressed_reasons),
        }
        self.table.client.put_item(
            TableName=self.table.name, Item=item_of(feedback_key(account.ref), _ACCOUNT, members)
        )


def account_snapshot_from(members: Members, account: SesAccountRef) -> AccountSnapshot:
    """Read an account back; raises MalformedDocument."""
    return AccountSnapshot(
        account=SesAccount(
            ref=account,
            production_access=members.truth("production_access"),
            sending_enabled=members.truth("sending_enabled"),
            enforcement=members.choice("enforcement", Enforcement),
            max_24_hour_send=members.quantity("max_24_hour_send"),
            sent_last_24_hours=members.quantity("sent_last_24_hours"),
            suppressed_reasons=frozenset(members.texts("suppressed_reasons")),
        ),
        read_at=members.time("read_at"),
    )
