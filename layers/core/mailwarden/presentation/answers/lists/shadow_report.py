"""The shadow report as a versioned JSON document: bounded, on one line each, and masked."""

from collections.abc import Mapping

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.operator.shadow_report import Judged, ReportedCase, ShadowReport
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.user_agents import tool_in
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.masking import identities_named_in, masked
from mailwarden.message import Message
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import masked_argument, one_line, senders_of

KIND = "shadow-report"
VERSION = 1
_NAME = 128
_SENTENCE = 800
_VALUE = 400
# 6 MB is the most that a function may answer (Lambda quotas); a case has at most 6 KB.
_MOST = 500


def shadow_document(report: ShadowReport, *, most: int = _MOST) -> JsonDocument:
    """The document with *most* cases at most, the latest ones; durations are in seconds."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "reported",
        "at": report.at.isoformat(timespec="seconds"),
        "since": report.since.isoformat(),
        "repair_mode": report.repair_mode.value,
        "pools": report.pools,
        "unread": report.unread,
        "count": len(report.cases),
        "would_write": len(report.cases) - len(report.of(Judged.WITHHELD)),
        "judged": {judged.value: _figures(report, judged) for judged in Judged},
        "cases": [_case(each, report) for each in report.cases[:most]],
    }


def _figures(report: ShadowReport, judged: Judged) -> JsonDocument:
    cases = report.of(judged)
    typical = report.typical(cases)
    return {"count": len(cases), "median_seconds": None if typical is None else int(typical.total_seconds())}


def _case(each: ReportedCase, report: ShadowReport) -> JsonDocument:
    case = each.case
    keep = frozenset().union(*map(senders_of, (case.email, case.wanted)), identities_named_in(case.resource))

    def shown(said: Message) -> str:
        return one_line(spoken().text(masked_argument(said, keep=keep)), _SENTENCE)

    return {
        "pool": {
            "id": each.pool.pool_id,
            "name": one_line(masked(each.pool_name), _NAME),
            "region": each.pool.region,
            "account": each.pool.account,
        },
        "rule": case.rule_id,
        "title": shown(case.title),
        "resource": one_line(case.resource, _VALUE),
        "before": None if case.wanted is None else _shown_email(case.email),
        "after": None if case.wanted is None else _shown_email(case.wanted),
        "judged": each.judged.value,
        "because": None if each.withheld is None else shown(each.withheld),
        "since": case.opened_at.isoformat(timespec="seconds"),
        "ended_at": None if each.ended_at is None else each.ended_at.isoformat(timespec="seconds"),
        "ending": None if each.ending is None else each.ending.value,
        "lasted_seconds": int(each.lasted(report.at).total_seconds()),
        "can_send": None if each.verdict is None else each.verdict.value,
        "by": None if each.cause is None else _call(each.cause),
    }


def _call(cause: Cause) -> Mapping[str, str]:
    return {
        "call": one_line(masked(cause.event_name), _NAME),
        "actor": one_line(masked(cause.actor), _VALUE),
        "tool": one_line(masked(tool_in(cause.user_agent)), _NAME),
        "at": cause.at.isoformat(timespec="seconds"),
    }


def _shown_email(email: EmailConfiguration) -> dict[str, str]:
    return {name: one_line(value, _VALUE) for name, value in email_document(email).items()}
