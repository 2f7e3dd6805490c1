"""The last look at every pool as a versioned JSON document: bounded, on one line each, and masked."""

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
_MOST = 4000
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
        "pools": [_row(look) for look in worst_first[:_MOST]],
    }


def _row(look: LookRecord) -> JsonDocument:
    return {
        "id": look.pool.pool_id,
        "name": one_line(masked(look.pool_name), _NAME),
        "region": look.pool.region,
        "looked_at": look.looked_at.isoformat(timespec="seconds"),
        "can_send": look.answer.value,
        "deciding_link": None if look.deciding is None else look.deciding.value,
        "findings": [
            {"rule": key.rule_id, "subject": one_line(key.subject_arn, _SUBJECT)} for key in look.findings[:_FINDINGS]
        ],
    }
