"""The exemptions as a versioned JSON document: bounded, on one line each, and masked."""

from collections.abc import Iterable
from datetime import date

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.mail_path.exemption import ExemptionWish
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.operator.exemptions import ExemptionList, ListedExemption
from mailwarden.domain.refs.resources import IdentityRef, kind_of
from mailwarden.masking import masked
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

KIND = "exemptions"
VERSION = 1
_NAME = 320
_SENTENCE = 400
# 6 MB is the most that a function may answer (Lambda quotas); each row has at most 2 KB beside its pools.
_MOST = 1000
_POOLS = 20
_FINDINGS = 20


def exemptions_document(listed: ExemptionList) -> JsonDocument:
    """The whole document."""
    today = listed.at.date()
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "listed",
        "at": listed.at.isoformat(timespec="seconds"),
        "pools": listed.pools,
        "unread": listed.unread,
        "count": len(listed.exemptions),
        "exemptions": exemption_rows(listed.exemptions[:_MOST], today=today),
    }


def exemption_rows(exemptions: Iterable[ListedExemption], *, today: date) -> list[JsonDocument]:
    """A row for each exemption."""
    return [_row(each, today) for each in exemptions]


def _row(each: ListedExemption, today: date) -> JsonDocument:
    wish = each.said if isinstance(each.said, ExemptionWish) else None
    return {
        "subject": {
            "kind": kind_of(each.subject).value,
            "arn": one_line(each.subject.arn, _NAME),
            "name": _name(each),
            "region": each.subject.region,
        },
        "state": each.state(today).value,
        "word": None if wish is None else wish.word,
        "until": None if each.until is None else each.until.isoformat(),
        "days_left": None if wish is None else wish.days_left(today),
        "reason": None if wish is None else one_line(masked(wish.reason), _SENTENCE),
        "problem": None
        if isinstance(each.said, ExemptionWish)
        else one_line(masked(spoken().text(each.said)), _SENTENCE),
        "pools_count": len(each.looks),
        "pools": [_pool(look) for look in each.looks[:_POOLS]],
    }


def _name(each: ListedExemption) -> str:
    if isinstance(each.subject, IdentityRef):
        return one_line(each.subject.name, _NAME)
    return one_line(masked(each.looks[0].pool_name), _NAME)


def _pool(look: LookRecord) -> JsonDocument:
    """What an exemption may hide: the last verdict, and the rules that found something."""
    rules = sorted({key.rule_id for key in look.findings})
    return {
        "id": look.pool.pool_id,
        "name": one_line(masked(look.pool_name), _NAME),
        "looked_at": look.looked_at.isoformat(timespec="seconds"),
        "can_send": look.answer.value,
        "rules": rules[:_FINDINGS],
    }
