"""A report as a mail: its subject, and lines of at most 78 cells."""

from collections.abc import Iterator
from datetime import date, timedelta

from mailwarden.domain.mail_path.exemption import ExemptionWish
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.exemptions import ExemptionState, ListedExemption
from mailwarden.domain.operator.reports.period import ReportKind, period_of
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.domain.operator.shadow_report import Judged, ShadowReport
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.masking import masked
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.columns import indented
from mailwarden.presentation.masking import one_line

_WIDTH = 78
_NAME = 128
_MOST = 30
_UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))


def report_subject(report: WeeklySummary | ShadowReport, *, catalogue: Catalogue) -> str:
    """The subject, below 100 characters; ASCII where the language is."""
    match report:
        case WeeklySummary(at=at, by_answer=by_answer):
            said = message(
                "report.weekly.subject", period=period_of(ReportKind.WEEKLY, at), lost=by_answer.get(Answer.NO, 0)
            )
        case ShadowReport(since=since, cases=cases):
            said = message("report.shadow.subject", since=since.isoformat(), count=len(cases))
    text = catalogue.text(said)
    return (text.encode("ascii", "replace").decode("ascii") if catalogue.is_ascii else text)[:99]


def report_text(report: WeeklySummary | ShadowReport, *, catalogue: Catalogue) -> str:
    """The whole text."""
    sentences = _weekly(report) if isinstance(report, WeeklySummary) else _shadow(report)
    lines = [indented(catalogue.text(said), by=indent, width=_WIDTH) for indent, said in sentences]
    return "\n".join(lines) + "\n"


def _weekly(report: WeeklySummary) -> Iterator[tuple[str, Argument]]:
    count = report.by_answer
    yield (
        "",
        message(
            "report.weekly.pools",
            pools=report.pools,
            yes=count.get(Answer.YES, 0),
            at_risk=count.get(Answer.AT_RISK, 0),
            no=count.get(Answer.NO, 0),
            unknown=count.get(Answer.UNKNOWN, 0),
        ),
    )
    if report.unread:
        yield "", message("report.unread", count=report.unread)
    if report.hurt:
        yield "", ""
        yield "", message("report.weekly.hurt")
        yield from (("  ", _hurt(look)) for look in report.hurt[:_MOST])
        yield from _more(len(report.hurt), "report.weekly.more-pools")
    if report.exemptions:
        yield "", ""
        yield "", message("report.weekly.exempt")
        yield from (("  ", _exempt(each, report.at.date())) for each in report.exemptions[:_MOST])
        yield from _more(len(report.exemptions), "report.weekly.more-exemptions")


def _more(count: int, id_: str) -> Iterator[tuple[str, Argument]]:
    if count > _MOST:
        yield "  ", message(id_, count=count - _MOST)


def _hurt(look: LookRecord) -> Message:
    tags = tuple(one_line(masked(f"{name} {value}"), _NAME) for name, value in look.application.items())
    pool = message("report.weekly.tagged", pool=_named(look), tags=tags) if tags else _named(look)
    return message("report.weekly.pool", pool=pool, verdict=_verdict(look), rules=_rules(look))


def _exempt(each: ListedExemption, today: date) -> Message:
    name: Argument = each.subject.name if isinstance(each.subject, IdentityRef) else _named(each.looks[0])
    answers = sorted({look.answer for look in each.looks})
    rules = sorted({key.rule_id for look in each.looks for key in look.findings})
    return message(
        "report.weekly.exemption",
        subject=one_line(name, _NAME) if isinstance(name, str) else name,
        end=_end(each, today),
        verdict=tuple(message(f"report.verdict.{answer.value.replace(' ', '-')}") for answer in answers),
        rules=message("report.rules", rules=tuple(rules)) if rules else message("report.no-rules"),
    )


def _end(each: ListedExemption, today: date) -> Message:
    state = each.state(today)
    word = each.said.word if isinstance(each.said, ExemptionWish) else ""
    until = "" if each.until is None else each.until.isoformat()
    match state:
        case ExemptionState.UNREADABLE:
            return message("report.exemption.unreadable")
        case ExemptionState.WITHOUT_END:
            return message("report.exemption.without-end", word=word)
        case ExemptionState.LAST_DAY:
            return message("report.exemption.last-day", word=word)
        case _:
            return message("report.exemption.until", word=word, until=until)


def _named(look: LookRecord) -> Message:
    name = one_line(masked(look.pool_name), _NAME)
    return message("report.pool", name=name, id=look.pool.pool_id)


def _verdict(look: LookRecord) -> Message:
    return message(f"report.verdict.{look.answer.value.replace(' ', '-')}")


def _rules(look: LookRecord) -> Message:
    rules = tuple(sorted({key.rule_id for key in look.findings}))
    return message("report.rules", rules=rules) if rules else message("report.no-rules")


def _shadow(report: ShadowReport) -> Iterator[tuple[str, Argument]]:
    would_write = len(report.cases) - len(report.of(Judged.WITHHELD))
    yield (
        "",
        message(
            "report.shadow.title",
            since=report.since.isoformat(),
            count=message("report.fixes", count=len(report.cases)),
            would=would_write,
        ),
    )
    yield "", message("report.shadow.mode", mode=report.repair_mode.value)
    if report.cases:
        yield "", ""
    for judged in Judged:
        cases = report.of(judged)
        typical = report.typical(cases)
        if cases and typical is not None:
            said = message(f"report.shadow.{judged.value}", count=len(cases), median=_duration(typical))
            yield "  ", said
    yield "", ""
    yield "", message("report.shadow.more")


def _duration(lasted: timedelta) -> Message:
    seconds = int(lasted.total_seconds())
    for unit, length in _UNITS:
        if seconds >= length:
            return message(f"duration.{unit}", count=seconds // length)
    return message("duration.seconds", count=seconds)
