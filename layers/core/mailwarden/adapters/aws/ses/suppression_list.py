"""Reads the suppression list of an SES account. Reasons and times leave this module; addresses never do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import Suppressed, SuppressedPage
from mailwarden.ports.reputation.suppression_lists import TokenRejected

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import ListSuppressedDestinationsRequestTypeDef

LIST = "ses:ListSuppressedDestinations"
# SES API v2 reference, ListSuppressedDestinations: "The value you specify has to be at least 1, and can be no more
# than 1000."
_PAGE = 1000
# AWS does not document whether the two dates are inclusive, so the request asks for a little more.
_MARGIN = timedelta(seconds=1)
_BAD_TOKEN = frozenset({"InvalidNextTokenException", "ExpiredNextTokenException"})
_BAD_REQUEST = "BadRequestException"


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSuppressionLists:
    """Implements the port ``SuppressionLists`` with SES v2; ``account`` is the only one it reads."""

    clients: Clients
    account: str

    def page(
        self, account: SesAccountRef, *, since: datetime | None, to: datetime | None, after: str | None
    ) -> SuppressedPage | TokenRejected | Unreadable:
        """A page from the token *after* on: of the whole list, or of its changes in a period."""
        if account.account != self.account:
            return Unreadable(action=LIST, region=account.region, reason=OwnReason.OTHER_ACCOUNT, about=account.account)
        request: ListSuppressedDestinationsRequestTypeDef = {"PageSize": _PAGE}
        if since is not None:
            request["StartDate"] = since - _MARGIN
        if to is not None:
            request["EndDate"] = to + _MARGIN
        if after is not None:
            request["NextToken"] = after
        try:
            answer = self.clients.sesv2(account.region).list_suppressed_destinations(**request)
        except (ClientError, BotoCoreError) as error:
            if after is not None and _is_about_the_token(error):
                return TokenRejected()
            return unread(error, action=LIST, region=account.region)
        entries = (
            Suppressed(reason=each["Reason"], updated_at=each["LastUpdateTime"])
            for each in answer.get("SuppressedDestinationSummaries", ())
        )
        return SuppressedPage(entries=tuple(entries), after=answer.get("NextToken") or None)


def _is_about_the_token(error: ClientError | BotoCoreError) -> bool:
    """Whether the token is invalid: the same request was accepted without it."""
    return code_of(error) in _BAD_TOKEN | {_BAD_REQUEST}
