"""Reads, carries out and answers an order to ``operate``: ``{"unsuppress": {…}}``, or ``{"release": {…}}``.

The address is a recipient's: it appears neither in a text of this module nor in the log. The caller's ``by`` and
``reason`` are masked before they are stored.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.operator.addresses import is_address, masked_address
from mailwarden.domain.operator.removal import CarriedOut, Unsuppress
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.invoke.asked_pool import optional_region
from mailwarden.inbound.invoke.question import NO_ADDRESS
from mailwarden.inbound.invoke.release_order import RELEASE, ReleaseOrders
from mailwarden.inbound.invoke.switch_order import START, STOP, SwitchOrders
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.answers.unsuppress import unsuppress_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.unsuppress import Unsuppression

UNSUPPRESS = "unsuppress"
_LONGEST = 200
# Links in mails are sometimes encoded twice, hardly ever more often.
_MOST_ENCODINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorOrders:
    """Carries out one invocation; ``partition`` and ``account`` are the deployment's."""

    operator: Unsuppression
    releases: ReleaseOrders
    switch: SwitchOrders
    partition: str
    account: str

    def carry_out(self, event: object, *, request_id: str, log: Log) -> dict[str, object]:
        """The answer as a document; a malformed order also gets an answer, because a caller waits for it."""
        try:
            if isinstance(event, dict) and RELEASE in event:
                return self.releases.carry_out(event, log=log)
            if isinstance(event, dict) and {STOP, START} & set(event):
                return self.switch.carry_out(event, log=log)
            order = order_from(event, partition=self.partition, account=self.account)
        except MalformedDocument as error:
            answer = misunderstood(_kind_of(event), str(error))
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        operated = self.operator.unsuppress(order, request_id=request_id)
        document = unsuppress_document(operated, order)
        window = window_of(operated.outcome) if isinstance(operated, CarriedOut) else None
        log.info(
            UNSUPPRESS,
            extra={
                "ses_region": order.account.region,
                "by": order.by,
                "answer": document["answer"],
                "entry_id": operated.entry_id if isinstance(operated, CarriedOut) else None,
                "window_ms": None if window is None else round(window.milliseconds, 1),
            },
        )
        return document


def _kind_of(event: object) -> str:
    known = (RELEASE, STOP, START)
    return next((kind for kind in known if isinstance(event, dict) and kind in event), UNSUPPRESS)


def order_from(event: object, *, partition: str, account: str) -> Unsuppress:
    """Read an order; raises MalformedDocument with the reason."""
    whole = Members.of(event, where="the order")
    if set(whole.values) != {UNSUPPRESS}:
        raise MalformedDocument(f"{whole.where} is to have exactly one member, {UNSUPPRESS!r} or {RELEASE!r}")
    members = whole.members(UNSUPPRESS)
    region = optional_region(members, "region")
    if region is None:
        raise MalformedDocument(f"{members.where}.region is missing: suppression lists are of one region each")
    address = members.text("address")
    if not is_address(address):
        raise MalformedDocument(f"{members.where}.address {NO_ADDRESS}")
    return Unsuppress(
        account=SesAccountRef(partition=partition, region=region, account=account),
        address=address,
        reason=_said(members, "reason", address),
        by=_said(members, "by", address),
        confirm=members.flag("confirm"),
        although_complaint=members.flag("although_complaint"),
    )


def _said(members: Members, name: str, address: str) -> str:
    """A text to store: on one line, decoded, without any address.

    Operators paste links, in which an address is URL-encoded. So the text is decoded until nothing is left to decode.
    The order's own address is masked separately: it may contain a character at which the general mask ends a word.
    """
    where = f"{members.where}.{name}"
    text = _without(address, members.text(name))
    text = one_line(masked(_without(_decoded(address, f"{members.where}.address"), _decoded(text, where))), _LONGEST)
    if not text:
        raise MalformedDocument(f"{where} is empty: the journal is to say who asked for it and why")
    return text


def _without(address: str, text: str) -> str:
    return re.sub(re.escape(address), masked_address(address), text, flags=re.IGNORECASE)


def _decoded(text: str, where: str) -> str:
    for _ in range(_MOST_ENCODINGS):
        plain = unquote(text)
        if plain == text:
            return text
        text = plain
    raise MalformedDocument(f"{where} is URL-encoded more than {_MOST_ENCODINGS - 1} times over: write it out")
