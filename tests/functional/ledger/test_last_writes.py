"""Every member of what was done about a finding is stored and read back."""

from typing import cast

import pytest

from mailwarden.adapters.aws.dynamodb.items import StoredItem, item_of, members_of
from mailwarden.adapters.ledger.repair.last_writes import last_write_document, last_write_from
from mailwarden.domain.findings.record import Handling, LastWrite, ProposedWrite
from mailwarden.message import message

PROPOSED = ProposedWrite(title=message("repair.over"), applicability="safe", resource="r", before="{}", after="{}")


@pytest.mark.parametrize(
    "write",
    [
        LastWrite(handling=Handling.PENDING),
        LastWrite(handling=Handling.WITHHELD, reason=message("repair.over"), by_order=True),
        LastWrite(handling=Handling.FAILED, retryable=True, undo_id="e-1"),
        LastWrite(handling=Handling.WITHHELD, proposed=PROPOSED, source=message("repair.over")),
    ],
)
def test_a_last_write_is_read_back_whole(write: LastWrite) -> None:
    item = cast("StoredItem", item_of("pk", "sk", last_write_document(write)))

    assert last_write_from(members_of(item)) == write
