"""What SES itself said about an account or something of it, and whether it still stands.

Events come late and in any order, so a word that is over stays as an item of its own for a while: an older one that
comes after it must not bring the notice back.
"""

import hashlib
from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import feedback_key
from mailwarden.documents.reader import Members
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import NOTICE_STANDS_FOR, NoticeKind, SesNotice

NOTICE = "NOTICE#"
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSesNotices:
    """Implements ``SesNotices``.

    The items are ``FEEDBACK#account / NOTICE#about#kind``, with a digest of the recommendation's type behind them.
    """

    table: Table

    def put(self, notice: SesNotice, *, stands: bool) -> bool:
        """Keep what SES said, or that it is over; False if a later word about the same is known."""
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(
                    feedback_key(notice.account),
                    notice_key(notice),
                    {
                        "kind": notice.kind.value,
                        "about": notice.about,
                        "text": notice.text,
                        "at": sortable(notice.at),
                        "topic": notice.topic or None,
                        "over": None if stands else True,
                        "expires_at": expiry(notice.at, after=NOTICE_STANDS_FOR),
                    },
                ),
                ConditionExpression="attribute_not_exists(pk) OR #at <= :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues=values_of({":at": sortable(notice.at)}),
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def notice_key(notice: SesNotice) -> str:
    """The item of one notice; those of one account sort by what they are about."""
    topic = hashlib.sha256(notice.topic.encode()).hexdigest()[:_DIGITS] if notice.topic else ""
    return f"{NOTICE}{notice.about}#{notice.kind.value}{topic and f'#{topic}'}"


def notice_from(members: Members, account: SesAccountRef) -> SesNotice:
    """Read a notice back; raises MalformedDocument."""
    return SesNotice(
        account=account,
        kind=members.choice("kind", NoticeKind),
        about=members.text("about"),
        text=members.text("text"),
        at=members.time("at"),
        topic=members.optional_text("topic") or "",
    )
