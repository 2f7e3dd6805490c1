"""Removals from suppression lists in the ledger, under the digest of the address and never the address."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.documents.reader import Members
from mailwarden.domain.operator.removal import COOL_DOWN, Progress, Removal
from mailwarden.domain.refs.resources import SesAccountRef

# What was begun and never ended is found by whoever asks again, also after a long while.
_KEEP = COOL_DOWN + timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRemovals:
    """Implements ``Removals``: the items ``REMOVED#account / digest``."""

    table: Table

    def last(self, account: SesAccountRef, address_digest: str) -> Removal | None:
        """The last removal of an address, if it is not long since."""
        members = self.table.read(_key(account), address_digest)
        return None if members is None else _removal_from(members, account)

    def put(self, removal: Removal, *, replaces: Removal | None) -> bool:
        """Keep a removal if the stored one is *replaces* (None: there is none); False otherwise."""
        known = None if replaces is None else {"entry_id": replaces.entry_id, "progress": replaces.progress.value}
        # A write of ours whose answer was lost was sent again by the SDK.
        return self.table.put(_item(removal), replaces=known) or (
            self.last(removal.account, removal.address_digest) == removal
        )


def _item(removal: Removal) -> Item:
    return item_of(
        _key(removal.account),
        removal.address_digest,
        {
            "entry_id": removal.entry_id,
            "begun_at": sortable(removal.begun_at),
            "progress": removal.progress.value,
            "expires_at": expiry(removal.begun_at, after=_KEEP),
        },
    )


def _removal_from(members: Members, account: SesAccountRef) -> Removal:
    return Removal(
        account=account,
        address_digest=members.text("sk"),
        entry_id=members.text("entry_id"),
        begun_at=members.time("begun_at"),
        progress=members.choice("progress", Progress),
    )


def _key(account: SesAccountRef) -> str:
    return f"REMOVED#{account.arn}"
