"""The last look at every pool as a versioned JSON document: bounded, on one line each, and masked."""

import json
from collections.abc import Iterable, Iterator

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.pool_list import PoolList
from mailwarden.masking import masked
from mailwarden.presentation.masking import one_line

KIND = "pools"
VERSION = 1
_NAME = 128
_SUBJECT = 400
# 6 MB is the most that a function may answer (Lambda quotas); the worst pools come first.
_MOST, _CHARACTERS = 4000, 5_000_000
_FINDINGS = 10
_WORST_FIRST = (Answer.NO, Answer.UNKNOWN, Answer.AT_RISK, Answer.YES)


def pools_document(found: PoolList) -> JsonDocument:
    """The whole document."""
    worst_first = sorted(found.looks, key=lambda look: (_WORST_FIRST.index(look.answer), -len(look.findings)))
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "listed",
        "at": found.at.isoformat(timespec="seconds"),
        "count": found.pools,
        "unread": found.unread,
        "fitting": len(found.looks),
        "pools": list(_rows(worst_first[:_MOST])),
    }


def _rows(looks: Iterable[LookRecord]) -> Iterator[JsonDocument]:
    """A row for each look, as many as an answer may have."""
    room = _CHARACTERS
    for look in looks:
        row = _row(look)
        room -= len(json.dumps(row))
        if room < 0:
            return
        yield row


def _row(look: LookRecord) -> JsonDocument:
    return {
        "id": look.pool.pool_id,
        "name": one_line(masked(look.pool_name), _NAME),
        "region": look.pool.region,
        "tags": {
            one_line(masked(name), _NAME): one_line(masked(value), _NAME) for name, value in look.application.items()
        },
        "looked_at": look.looked_at.isoformat(timespec="seconds"),
        "can_send": look.answer.value,
        "deciding_link": None if look.deciding is None else look.deciding.value,
        "findings_count": len(look.findings),
        "findings": [
            {"rule": key.rule_id, "subject": one_line(key.subject_arn, _SUBJECT)} for key in look.findings[:_FINDINGS]
        ],
    }
