"""That a pool is expected to verify addresses by mail ⇄ a member of the item of a look."""

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.documents.reader import Members
from mailwarden.domain.known_good.verification import KnownVerification
from mailwarden.domain.refs.causes import call_document, cause_from


def verification_document(known: KnownVerification | None) -> dict[str, object] | None:
    """The member ``verification``; None, which leaves it out, if nothing is expected."""
    if known is None:
        return None
    return {"modified": sortable(known.modified), "calls": [call_document(call) for call in known.calls]}


def verification_from(members: Members | None) -> KnownVerification | None:
    """Read the member back; raises MalformedDocument."""
    if members is None:
        return None
    return KnownVerification(
        modified=members.time("modified"), calls=tuple(map(cause_from, members.list_of_members("calls")))
    )
