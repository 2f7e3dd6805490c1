"""The weekly summary as a versioned JSON document: bounded, on one line each, and masked."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.masking import masked
from mailwarden.presentation.answers.lists.exemptions import exemption_rows
from mailwarden.presentation.masking import one_line

KIND = "weekly-summary"
VERSION = 1
# SNS accepts 262,144 bytes of all forms together (SNS API reference, Publish).
_MOST = 100
_NAME = 128
_RULES = 20


def summary_document(summary: WeeklySummary) -> JsonDocument:
    """The whole document."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "at": summary.at.isoformat(timespec="seconds"),
        "pools": summary.pools,
        "unread": summary.unread,
        "can_send": {answer.value: count for answer, count in summary.by_answer.items()},
        "hurt_count": len(summary.hurt),
        "hurt": [_pool(look) for look in summary.hurt[:_MOST]],
        "exemptions_count": len(summary.exemptions),
        "exemptions": exemption_rows(summary.exemptions[:_MOST], today=summary.at.date()),
    }


def _pool(look: LookRecord) -> JsonDocument:
    return {
        "id": look.pool.pool_id,
        "name": one_line(masked(look.pool_name), _NAME),
        "region": look.pool.region,
        "tags": {one_line(masked(key), _NAME): one_line(masked(tag), _NAME) for key, tag in look.application.items()},
        "can_send": look.answer.value,
        "rules": sorted({key.rule_id for key in look.findings})[:_RULES],
        "looked_at": look.looked_at.isoformat(timespec="seconds"),
    }
