"""Reads a pool for the writer: raw responses, and the meaning of each failed read before and after a write."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import AwsError
from mailwarden.adapters.aws.guarded_write import look_before
from mailwarden.adapters.aws.raw_responses import RawMembers, raw_response
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import email_from_document
from mailwarden.domain.repair.journal import Drifted, Refused
from mailwarden.message import message

_MFA_ACTION = "cognito-idp:GetUserPoolMfaConfig"
_DESCRIBE_ACTION = "cognito-idp:DescribeUserPool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The raw response of DescribeUserPool, and its members that the SDK does not know."""

    members: RawMembers
    unknown_members: tuple[str, ...]
    email: EmailConfiguration
    modified: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLooks:
    """Reads the pool for the writer, never from a cache."""

    clients: Clients

    def before(self, pool: PoolRef) -> Look | Drifted | Refused:
        """The pool before a write: a look, or the reason why nothing will be written. Raises every other error."""
        try:
            look = look_before(lambda: self.pool(pool), action=_DESCRIBE_ACTION, moved=gone)
        except MalformedDocument as error:
            return Refused(reason=message("write.email-not-understood", error=error.said))
        if isinstance(look, Look) and look.unknown_members:
            return Refused(reason=message("write.unknown-members", members=look.unknown_members))
        return look

    def mfa_before(self, pool: PoolRef) -> RawMembers | Drifted | Refused:
        """The MFA configuration before a write, which DescribeUserPool does not return. Raises every other error."""
        return look_before(lambda: self.mfa(pool), action=_MFA_ACTION, moved=gone)

    def pool(self, pool: PoolRef) -> Look:
        """The current pool; raises every error unchanged, and MalformedDocument."""
        answer = self.clients.cognito_once(pool.region).describe_user_pool(UserPoolId=pool.pool_id)
        raw = raw_response(answer)
        # A member of an unexpected type is listed among the unknown ones; the domain's reader checks the texts.
        members = cast("RawMembers", raw.body["UserPool"])
        email = members.get("EmailConfiguration")
        return Look(
            members=members,
            unknown_members=raw.unknown_members,
            email=email_from_document(email if isinstance(email, dict) else {}),
            modified=answer["UserPool"].get("LastModifiedDate"),
        )

    def mfa(self, pool: PoolRef) -> RawMembers:
        """The current MFA configuration; raises every error unchanged."""
        answer = self.clients.cognito_once(pool.region).get_user_pool_mfa_config(UserPoolId=pool.pool_id)
        return raw_response(answer).body


def gone(_: AwsError) -> Drifted:
    """The reason not to write a pool that is not there any more."""
    return Drifted(reason=message("write.pool-gone"))
