"""The repairs that a person undid ⇄ a member of the item of a look."""

from collections.abc import Iterable

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.look_record import UndoneRepair


def undone_documents(undone: Iterable[UndoneRepair]) -> list[dict[str, object]] | None:
    """The member ``undone``; None, which leaves it out, if there are none."""
    documents: list[dict[str, object]] = [
        {
            "undo_id": each.undo_id,
            "at": sortable(each.at),
            "resource": each.resource,
            "rules": list(each.rules),
            **({} if each.state is None else {"state": each.state}),
            **({} if each.confirmed else {"unconfirmed": True}),
        }
        for each in undone
    ]
    return documents or None


def undone_from(members: Members) -> tuple[UndoneRepair, ...]:
    """Read the member ``undone`` of a look back; raises MalformedDocument."""
    if not members.has("undone"):
        return ()
    return tuple(
        UndoneRepair(
            undo_id=each.text("undo_id"),
            at=each.time("at"),
            resource=each.text("resource"),
            rules=each.texts("rules"),
            state=each.optional_text("state"),
            confirmed=not each.flag("unconfirmed"),
        )
        for each in members.list_of_members("undone")
    )
