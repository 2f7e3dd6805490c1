"""The exemptions that a look read ⇄ a member of its item."""

from collections.abc import Iterable

from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.exemption import ExemptionWish, KnownExemption
from mailwarden.domain.refs.references import reference_in
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import argument_document


def exemption_documents(exemptions: Iterable[KnownExemption]) -> list[dict[str, object]] | None:
    """The member ``exemptions``; None, which leaves it out, if there are none."""
    documents = [{"subject": each.subject.arn, **_said_document(each)} for each in exemptions]
    return documents or None


def exemptions_from(members: Members) -> tuple[KnownExemption, ...]:
    """Read the member ``exemptions`` of a look back; raises MalformedDocument."""
    if not members.has("exemptions"):
        return ()
    return tuple(map(_exemption_from, members.list_of_members("exemptions")))


def _said_document(known: KnownExemption) -> dict[str, object]:
    match known.said:
        case ExemptionWish(word=word, until=until, reason=reason):
            return {"word": word, "until": None if until is None else until.isoformat(), "reason": reason}
        case flaw:
            return {"flaw": argument_document(flaw)}


def _exemption_from(members: Members) -> KnownExemption:
    said = members.optional_message("flaw") or ExemptionWish(
        word=members.text("word"), until=members.optional_day("until"), reason=members.text("reason")
    )
    if ":userpool/" in members.text("subject"):
        return KnownExemption(subject=reference_in(members, "subject", PoolRef), said=said)
    return KnownExemption(subject=reference_in(members, "subject", IdentityRef), said=said)
