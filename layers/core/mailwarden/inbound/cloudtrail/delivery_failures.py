"""Reads events of calls in which Cognito could not send: the pool or its app client, the time, and the error.

Any internet user can cause them, so only these few members of an event are read.
"""

from dataclasses import dataclass
from datetime import datetime
from re import compile as pattern

from mailwarden.documents.faults import shown
from mailwarden.documents.reader import MalformedDocument, Members, object_in
from mailwarden.domain.refs.call_records import visible_text_in
from mailwarden.domain.refs.resources import is_pool_id
from mailwarden.inbound.cloudtrail.actors import cause_of
from mailwarden.inbound.cloudtrail.events import DETAIL_TYPE, ForeignEvent, MalformedEvent
from mailwarden.message import message
from mailwarden.region_names import is_region

SOURCE = "aws.cognito-idp"
# The calls of apps and administrators that declare one of these errors (Cognito API reference). Calls that write a
# configuration declare them too; there they mean that nothing was written.
FAILING_CALLS = frozenset(
    {
        "AdminCreateUser",
        "AdminInitiateAuth",
        "AdminResetUserPassword",
        "AdminRespondToAuthChallenge",
        "AdminUpdateUserAttributes",
        "ForgotPassword",
        "GetUserAttributeVerificationCode",
        "InitiateAuth",
        "ResendConfirmationCode",
        "RespondToAuthChallenge",
        "SignUp",
        "UpdateUserAttributes",
    }
)
# AWS does not document whether CloudTrail's codes end in "Exception": published records do.
FAILURE_CODES = ("InvalidEmailRoleAccessPolicy", "CodeDeliveryFailure")
# "Exceeded daily email limit for the operation or the account" (amplify-cli issue 7412). The same code means a limit of
# one user, too ("Attempt limit exceeded"), so the text decides.
LIMIT_CODE = "LimitExceeded"
LIMIT_TEXT = "Exceeded daily email limit"

_CLIENT_ID = pattern(r"[\w+]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    """One call in which Cognito could not send; it names its pool, an app client, or neither.

    ``at_daily_limit``: the default sender had sent all mail of the day.
    """

    region: str
    pool_id: str | None
    client_id: str | None
    call: str
    code: str
    at: datetime
    at_daily_limit: bool = False


def failed_delivery(event: object, *, account: str) -> FailedDelivery:
    """Read an event; raises ForeignEvent for an event that our rule does not match, and MalformedEvent."""
    try:
        envelope = Members.of(event, where="event")
        detail = envelope.members("detail")
        call, code, region = detail.text("eventName"), detail.text("errorCode"), envelope.text("region")
        found = (envelope.text("source"), envelope.text("detail-type"), envelope.text("account"))
        text = (detail.optional_text("errorMessage") or "") if code.startswith(LIMIT_CODE) else ""
    except MalformedDocument as error:
        raise MalformedEvent(error.said) from error
    at_daily_limit = text.startswith(LIMIT_TEXT)
    is_failure = at_daily_limit or code.startswith(FAILURE_CODES)
    if found != (SOURCE, DETAIL_TYPE, account) or call not in FAILING_CALLS or not is_failure:
        raise ForeignEvent(message("event.other-failure", call=shown(call), code=shown(code)))
    cause = cause_of(envelope.values, detail.values, region=region)
    if cause is None or not is_region(region):
        raise MalformedEvent(message("event.no-region-or-time", region=shown(region)))
    parameters = object_in(detail.values, "requestParameters")
    pool_id, client_id = visible_text_in(parameters, "userPoolId"), visible_text_in(parameters, "clientId")
    return FailedDelivery(
        region=region,
        pool_id=pool_id if pool_id is not None and is_pool_id(pool_id) else None,
        client_id=client_id if client_id is not None and _CLIENT_ID.fullmatch(client_id) else None,
        call=call,
        code=code[:60],
        at=cause.at,
        at_daily_limit=at_daily_limit,
    )
