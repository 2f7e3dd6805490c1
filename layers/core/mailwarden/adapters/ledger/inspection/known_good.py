"""The expected EmailConfiguration ⇄ a member of the item of a look."""

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.documents.reader import Members
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.refs.causes import call_document, cause_from
from mailwarden.domain.repair.change_documents import email_document, email_from_document


def known_good_document(known: KnownGood | None) -> dict[str, object] | None:
    """The member ``known_good``; None, which leaves it out, if nothing is expected."""
    if known is None:
        return None
    return {
        "email": email_document(known.email),
        "standing": known.standing.value,
        "since": sortable(known.since),
        "modified": sortable(known.modified),
        **({} if known.found_at is None else {"found_at": sortable(known.found_at)}),
        "settings": dict(known.settings),
        "calls": [call_document(call) for call in known.calls],
    }


def known_good_from(members: Members | None) -> KnownGood | None:
    """Read the member back; raises MalformedDocument."""
    if members is None:
        return None
    return KnownGood(
        email=email_from_document(members.members("email").values),
        standing=members.choice("standing", Standing),
        since=members.time("since"),
        modified=members.time("modified"),
        settings=members.texts_by_name("settings"),
        calls=tuple(map(cause_from, members.list_of_members("calls"))),
        found_at=members.optional_time("found_at"),
    )
