"""Reads, carries out and answers an order to ``operate``: ``{"set_sender": {"pool": …, "identity": …, "by": …}}``."""

import re
from dataclasses import dataclass
from functools import partial

from mailwarden.documents.faults import at, wrong
from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.mail_path.mailbox import read_mailbox
from mailwarden.domain.operator.addresses import is_address
from mailwarden.domain.operator.sender_order import SenderCarriedOut, SenderOrder, SenderRefused, SenderSetting
from mailwarden.domain.refs.resources import IdentityRef, NotASubject
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.invoke.asked_pool import asked_pool
from mailwarden.inbound.invoke.orders import Action, Invocation, operator_in
from mailwarden.inbound.invoke.question_members import require_known
from mailwarden.masking import masked
from mailwarden.message import Message, message
from mailwarden.presentation.answers.set_sender import KIND, sender_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.set_sender import SenderWrites

SET_SENDER = "set_sender"
_WISHES = frozenset({"identity", "default", *SenderSetting})
_ALONE = ("restore", "restore_notices", "accept")
_KNOWN = _WISHES | {"pool", "region", "name", "by", "reason", "although_worse", "apply", *_ALONE}
_LONGEST = 200
# Cognito API reference, EmailConfigurationType, ConfigurationSet.
_SET_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderOrders:
    """Reads and carries out an order."""

    writes: SenderWrites

    def read(self, members: Members) -> Action:
        """The write or its dry run; raises MalformedDocument with the reason."""
        order = sender_order_from(members, partition=self.writes.partition, account=self.writes.account)
        return partial(self._set_sender, order)

    def _set_sender(self, order: SenderOrder, call: Invocation) -> JsonDocument:
        answered = self.writes.set_sender(order, request_id=call.request_id)
        document = sender_document(answered, order)
        window = window_of(answered.outcome) if isinstance(answered, SenderCarriedOut) else None
        call.log.info(
            KIND,
            extra={
                "pool": order.pool.pool_id,
                "by": order.by,
                "answer": document["answer"],
                "code": answered.reason.id if isinstance(answered, SenderRefused) else None,
                "entry_id": document["entry_id"],
                "window_ms": None if window is None else round(window.milliseconds, 1),
            },
        )
        return document


def sender_order_from(members: Members, *, partition: str, account: str) -> SenderOrder:
    """Read an order; raises MalformedDocument with the reason."""
    require_known(members, _KNOWN)
    by = operator_in(members)
    identity, default = _identity(members, partition=partition, account=account), members.flag("default")
    settings = {each: _setting(members, each) for each in SenderSetting if each.value in members.values}
    alone = [name for name in _ALONE if members.flag(name)]
    wishes = [*alone, *sorted(_WISHES & members.values.keys())]
    if alone and len(wishes) > 1:
        raise MalformedDocument(message("order.one-wish", member=members.where, wishes=tuple(wishes[:2])))
    if not alone and not default and identity is None and not settings:
        settable = ("identity", *(each.value for each in SenderSetting), "default")
        raise MalformedDocument(message("order.nothing-to-set", member=members.where, settable=settable))
    return SenderOrder(
        pool=asked_pool(members, "pool", partition=partition, account=account),
        name=members.optional_text("name"),
        by=by,
        reason=one_line(masked(members.optional_text("reason") or ""), _LONGEST),
        identity=identity,
        settings=settings,
        default=default,
        although_worse=members.flag("although_worse"),
        restore="restore" in alone,
        restore_notices="restore_notices" in alone,
        accept="accept" in alone,
        apply=members.flag("apply"),
    )


def _identity(members: Members, *, partition: str, account: str) -> str | None:
    identity = members.optional_text("identity")
    if identity is None:
        return None
    if not identity.startswith("arn:"):
        if not is_address(identity) and _DOMAIN.fullmatch(identity) is None:
            raise _wrong(members, "identity", message("expected.sender-identity"), identity)
        return identity
    try:
        ref = IdentityRef.from_arn(identity)
    except NotASubject as error:
        raise MalformedDocument(at(f"{members.where}.identity", error.said)) from error
    if (ref.partition, ref.account) != (partition, account):
        member = f"{members.where}.identity"
        raise MalformedDocument(message("order.foreign-identity", member=member, account=ref.account, ours=account))
    return identity


def _setting(members: Members, setting: SenderSetting) -> str | None:
    """The value of a named setting; null removes it."""
    value = members.optional_text(setting)
    match setting:
        case SenderSetting.CONFIGURATION_SET:
            if value is not None and _SET_NAME.fullmatch(value) is None:
                raise _wrong(members, setting, message("expected.set-name"), value)
        case SenderSetting.FROM | SenderSetting.REPLY_TO:
            mailbox = None if value is None else read_mailbox(value)
            if value is not None and (mailbox is None or not value.isprintable()):
                raise _wrong(members, setting, message("expected.mailbox"), value)
    return value


def _wrong(members: Members, name: str, expected: Message, value: str) -> MalformedDocument:
    return MalformedDocument(wrong(f"{members.where}.{name}", value, expected))
