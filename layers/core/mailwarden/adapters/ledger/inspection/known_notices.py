"""The sender of notices that a pool is expected to have ⇄ a member of the item of a look."""

import zlib
from base64 import b85decode, b85encode

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.known_good.notices import KnownNotices
from mailwarden.domain.readings import ThreatNotices
from mailwarden.domain.refs.causes import call_document, cause_from
from mailwarden.message import message


def notices_document(known: KnownNotices | None) -> dict[str, object] | None:
    """The member ``notices``; None, which leaves it out, if nothing is expected."""
    if known is None:
        return None
    return {
        "source_arn": known.sender.source_arn,
        "from": known.sender.from_address,
        "reply_to": known.sender.reply_to,
        "takeover": _packed(known.sender.takeover),
        "found_at": sortable(known.found_at),
        "missing_since": None if known.missing_since is None else sortable(known.missing_since),
        "calls": [call_document(call) for call in known.calls],
    }


def notices_from(members: Members | None) -> KnownNotices | None:
    """Read the member back; raises MalformedDocument."""
    if members is None:
        return None
    return KnownNotices(
        sender=ThreatNotices(
            source_arn=members.text("source_arn"),
            from_address=members.optional_text("from"),
            reply_to=members.optional_text("reply_to"),
            takeover=_unpacked(members.optional_text("takeover"), members.where),
        ),
        found_at=members.time("found_at"),
        missing_since=members.time("missing_since") if members.has("missing_since") else None,
        calls=tuple(map(cause_from, members.list_of_members("calls"))),
    )


def _packed(text: str) -> str | None:
    """The mails of notices are HTML, which a look should not carry in full; None, which leaves it out, for no text."""
    return b85encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 9)).decode("ascii") if text else None


def _unpacked(packed: str | None, where: str) -> str:
    if packed is None:
        return ""
    try:
        return zlib.decompress(b85decode(packed)).decode("utf-8", "surrogatepass")
    except (ValueError, zlib.error) as error:
        member = f"{where}.takeover"
        raise MalformedDocument(wrong(member, packed, message("expected.packed-text"))) from error
