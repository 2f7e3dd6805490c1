"""Reads, carries out and answers an order to ``operate``: ``{"set_sender": {"pool": …, "identity": …, "by": …}}``."""

import re
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.mail_path.mailbox import read_mailbox
from mailwarden.domain.operator.addresses import is_address
from mailwarden.domain.operator.sender_order import SenderCarriedOut, SenderOrder, SenderRefused, SenderSetting
from mailwarden.domain.refs.resources import IdentityRef, NotASubject
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.invoke.asked_pool import asked_pool
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.answers.set_sender import KIND, sender_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.set_sender import SenderWrites

SET_SENDER = "set_sender"
_WISHES = frozenset({"identity", "default", *SenderSetting})
_ALONE = ("restore", "accept")
_KNOWN = _WISHES | {"pool", "region", "by", "reason", "although_worse", "apply", *_ALONE}
_LONGEST = 200
_SHOWN = 80
# Cognito API reference, EmailConfigurationType, ConfigurationSet.
_SET_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderOrders:
    """Carries out one invocation."""

    writes: SenderWrites

    def carry_out(self, event: object, *, request_id: str, log: Log) -> JsonDocument:
        """The answer as a document; a malformed order also gets an answer, because a caller waits for it."""
        try:
            order = sender_order_from(event, partition=self.writes.partition, account=self.writes.account)
        except MalformedDocument as error:
            answer = misunderstood(KIND, str(error))
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        answered = self.writes.set_sender(order, request_id=request_id)
        document = sender_document(answered, order)
        window = window_of(answered.outcome) if isinstance(answered, SenderCarriedOut) else None
        log.info(
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


def sender_order_from(event: object, *, partition: str, account: str) -> SenderOrder:
    """Read an order; raises MalformedDocument with the reason."""
    whole = Members.of(event, where="the order")
    if set(whole.values) != {SET_SENDER}:
        raise MalformedDocument(f"{whole.where} is to have exactly one member, {SET_SENDER!r}")
    members = whole.members(SET_SENDER)
    unknown = sorted(set(members.values) - _KNOWN)
    if unknown:
        raise MalformedDocument(f"{members.where} has the unknown member {unknown[0][:40]!r}")
    by = _line(members.text("by"))
    if not by:
        raise MalformedDocument(f"{members.where}.by is empty: the journal is to name who asked for it")
    identity, default = _identity(members, partition=partition, account=account), members.flag("default")
    settings = {each: _setting(members, each) for each in SenderSetting if each.value in members.values}
    alone = [name for name in _ALONE if members.flag(name)]
    wishes = [*alone, *sorted(_WISHES & members.values.keys())]
    if alone and len(wishes) > 1:
        raise MalformedDocument(f"{members.where} has {wishes[0]} and {wishes[1]}: an order has one of them")
    if not alone and not default and identity is None and not settings:
        raise MalformedDocument(
            f"{members.where} names nothing to set: identity, from, reply_to, configuration_set or default"
        )
    return SenderOrder(
        pool=asked_pool(members, "pool", partition=partition, account=account),
        by=by,
        reason=_line(members.optional_text("reason") or ""),
        identity=identity,
        settings=settings,
        default=default,
        although_worse=members.flag("although_worse"),
        restore="restore" in alone,
        accept="accept" in alone,
        apply=members.flag("apply"),
    )


def _identity(members: Members, *, partition: str, account: str) -> str | None:
    identity = members.optional_text("identity")
    if identity is None:
        return None
    if not identity.startswith("arn:"):
        if not is_address(identity) and _DOMAIN.fullmatch(identity) is None:
            raise _wrong(members, "identity", "the ARN of an SES identity, a domain or an e-mail address", identity)
        return identity
    try:
        ref = IdentityRef.from_arn(identity)
    except NotASubject as error:
        raise MalformedDocument(f"{members.where}.identity is not the ARN of an SES identity: {error}") from error
    if (ref.partition, ref.account) != (partition, account):
        raise MalformedDocument(
            f"{members.where}.identity names an identity of account {ref.account}, this is {account}: "
            "Cognito sends only as identities of the pool's own account"
        )
    return identity


def _setting(members: Members, setting: SenderSetting) -> str | None:
    """The value of a named setting; null removes it."""
    value = members.optional_text(setting)
    match setting:
        case SenderSetting.CONFIGURATION_SET:
            if value is not None and _SET_NAME.fullmatch(value) is None:
                expected = "the name of a configuration set: at most 64 letters, digits, hyphens and underscores"
                raise _wrong(members, setting, expected, value)
        case SenderSetting.FROM | SenderSetting.REPLY_TO:
            mailbox = None if value is None else read_mailbox(value)
            if value is not None and (mailbox is None or not value.isprintable()):
                raise _wrong(members, setting, 'one address, as in no-reply@example.com or "Shop" <no-reply@…>', value)
    return value


def _wrong(members: Members, name: str, expected: str, value: str) -> MalformedDocument:
    return MalformedDocument(f"{members.where}.{name} is {value[:_SHOWN]!r}, not {expected}")


def _line(text: str) -> str:
    return one_line(masked(text), _LONGEST)
