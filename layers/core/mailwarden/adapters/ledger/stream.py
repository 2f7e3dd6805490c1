"""Reads the stream of the table."""

from collections.abc import Mapping

from mailwarden.adapters.ledger.codec import finding_from_image
from mailwarden.domain.refs.finding_key import FindingKey


def finding_changed(record: Mapping[str, object]) -> FindingKey | None:
    """The finding of a stream record; None for the removal of an item and for items of other kinds.

    Raises MalformedDocument for a corrupt finding.
    """
    change = record.get("dynamodb")
    image = change.get("NewImage") if isinstance(change, dict) else None
    finding = None if image is None else finding_from_image(image)
    return None if finding is None else finding.key
