"""Reads, carries out and answers an order to ``operate``: ``{"unsuppress": {…}}``, or ``{"release": {…}}``.

The address is a recipient's: it appears neither in a text of this module nor in the log. The caller's ``by`` and
``reason`` are masked before they are stored.
"""

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.operator.addresses import masked_address, plain_address
from mailwarden.domain.operator.removal import CarriedOut, Unsuppress
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.invoke.asked_pool import no_address, optional_region
from mailwarden.inbound.invoke.orders import Action, Invocation, operator_named
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.presentation.answers.unsuppress import unsuppress_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.unsuppress import Unsuppression

UNSUPPRESS = "unsuppress"
_LONGEST = 200
# Links in mails are sometimes encoded twice, hardly ever more often.
_MOST_ENCODINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsuppressOrders:
    """Reads and carries out an order; ``partition`` and ``account`` are the deployment's."""

    operator: Unsuppression
    partition: str
    account: str

    def read(self, members: Members) -> Action:
        """The removal; raises MalformedDocument with the reason."""
        return partial(self._unsuppress, order_from(members, partition=self.partition, account=self.account))

    def _unsuppress(self, order: Unsuppress, call: Invocation) -> JsonDocument:
        operated = self.operator.unsuppress(order, request_id=call.request_id)
        document = unsuppress_document(operated, order)
        window = window_of(operated.outcome) if isinstance(operated, CarriedOut) else None
        call.log.info(
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


def order_from(members: Members, *, partition: str, account: str) -> Unsuppress:
    """Read an order; raises MalformedDocument with the reason."""
    region = optional_region(members, "region")
    if region is None:
        raise MalformedDocument(message("order.no-region", member=f"{members.where}.region"))
    text = members.text("address")
    address = plain_address(text)
    if address is None:
        raise MalformedDocument(no_address(f"{members.where}.address"))
    return Unsuppress(
        account=SesAccountRef(partition=partition, region=region, account=account),
        address=address,
        reason=_said(members, "reason", address, text.strip()),
        by=operator_named(_said(members, "by", address, text.strip()), members),
        confirm=members.flag("confirm"),
        although_complaint=members.flag("although_complaint"),
    )


def _said(members: Members, name: str, address: str, typed: str) -> str:
    """A text to store: on one line, decoded, without any address.

    Operators paste links, in which an address is URL-encoded. So the text is decoded until nothing is left to decode.
    The order's own address is masked separately, as it was *typed*, too: it may contain a character at which the
    general mask ends a word.
    """
    where = f"{members.where}.{name}"
    text = _without(address, _without(typed, members.text(name)))
    text = one_line(masked(_without(_decoded(address, f"{members.where}.address"), _decoded(text, where))), _LONGEST)
    if not text:
        raise MalformedDocument(message("order.empty", member=where))
    return text


def _without(address: str, text: str) -> str:
    return re.sub(re.escape(address), masked_address(address), text, flags=re.IGNORECASE)


def _decoded(text: str, where: str) -> str:
    for _ in range(_MOST_ENCODINGS):
        plain = unquote(text)
        if plain == text:
            return text
        text = plain
    raise MalformedDocument(message("order.encoded", member=where, most=_MOST_ENCODINGS - 1))
