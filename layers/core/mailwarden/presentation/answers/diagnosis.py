"""The answer to "why?" as a versioned JSON document: bounded, on one line each, and with every recipient masked.

``docs/why.schema.json`` describes it. Programs read it, and ``tools/screen/why_text.py`` tells it to a person.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import LONGEST_ADVICE, Finding
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.verdict import Link, LinkState
from mailwarden.domain.operator.question import Answered, Explained, PoolNotSeen, Question, Said
from mailwarden.domain.repair.decision import Decision, Mute, NoteOnly, Repair, Report
from mailwarden.domain.reputation.feedback import WINDOW, MailCounts, RateStatus, SesNotice, SuppressionGrowth
from mailwarden.masking import masked
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.advice import advice_of_finding
from mailwarden.presentation.answers.known_finding import Bounded, record_document, source_document
from mailwarden.presentation.answers.suppressed_address import address_document
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import configured_in, masked_argument, one_line
from mailwarden.regions import SenderUse

KIND = "why"
VERSION = 1
_NAME = 128
_SENTENCE = 800
_EVIDENCE_ITEMS = 12
_EVIDENCE_NAME = 80
_EVIDENCE = 400
_NOTICES = 20

# What cannot be known before the write (service/repair/repair_guard.py).
_LAST_CHECK = message("diagnosis.last-check")


def why_document(answered: Answered, *, asked: Question) -> JsonDocument:
    """The whole document."""
    match answered:
        case Explained():
            return _explained(answered, asked)
        case PoolNotSeen():
            return _not_seen(answered)


def _not_seen(answered: PoolNotSeen) -> JsonDocument:
    """A region that refused, or that is not watched, may still have it: then nobody knows."""
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "not known" if answered.refused or answered.unwatched else "not found",
        "at": _time(answered.at),
        "pool_id": answered.pool_id,
        "not_in": list(answered.missing_in),
        "not_watched": list(answered.unwatched),
        "refused": [str(refused) for refused in answered.refused],
    }


def _explained(answered: Explained, asked: Question) -> JsonDocument:
    path, verdict = answered.path, answered.verdict
    pool = path.pool
    keep = _configured(answered)

    def shown(said: Argument, longest: int = _SENTENCE) -> str:
        if isinstance(said, Message) and not said.args:
            return _shown_alone(spoken(), said.id, longest)
        return one_line(spoken().text(masked_argument(said, keep=keep)), longest)

    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "explained",
        "at": _time(path.taken_at),
        "pool": {
            "name": _masked(pool.name, _NAME),
            "id": pool.ref.pool_id,
            "arn": pool.ref.arn,
            "region": pool.ref.region,
            "account": pool.ref.account,
            "tags": {_masked(name, _NAME): _masked(value, _NAME) for name, value in path.application.items()},
        },
        "verdict": {"can_send": verdict.answer.value, "deciding_link": _link(verdict.deciding)},
        "links": [_link_document(link, state, answered, shown) for link, state in verdict.links],
        "last_look": None if answered.last_look is None else _last_look(answered.last_look),
        "feedback": [_feedback(ses_state, path) for ses_state in _sending_sides(path)],
        "mail": None if path.ledger_facts.mail is None else _mail(path.ledger_facts.mail),
        "address": None
        if answered.address is None or asked.address is None
        else address_document(answered.address, asked.address, shown),
    }


@lru_cache(maxsize=1024)
def _shown_alone(catalogue: Catalogue, id_: str, longest: int) -> str:
    """A text without arguments, which is the same for every pool."""
    return one_line(catalogue.text(Message(id=id_)), longest)


def _configured(answered: Explained) -> frozenset[str]:
    """The identities on the path and the pool's senders: configuration, which people need to act, and no recipients."""
    path = answered.path
    named = {ses_state.identity_ref.name for ses_state in (*path.ses_states, *path.candidates.values())}
    if isinstance(path.sender, UsesIdentity):
        named.add(path.sender.ref.name)
    return frozenset(named).union(*(configured_in(said.finding) for said in answered.said))


def _link_document(link: Link, state: LinkState, answered: Explained, shown: Bounded) -> JsonDocument:
    return {
        "link": link.value,
        "state": state.value,
        "decides": link is answered.verdict.deciding,
        "findings": [_said(said, shown) for said in answered.said_about(link)],
    }


def _said(said: Said, shown: Bounded) -> JsonDocument:
    finding, fix = said.finding, said.finding.fix
    will, because = _decided(said.decision)
    return {
        "rule": {"id": finding.rule_id, "name": finding.rule_name},
        "severity": finding.severity.label,
        "effect": finding.effect.value,
        "subject": finding.subject.arn,
        "message": shown(finding.message),
        "why": shown(finding.why),
        "to_do": shown(advice_of_finding(finding, spoken()), LONGEST_ADVICE),
        "evidence": {
            one_line(name, _EVIDENCE_NAME): one_line(shown(value), _EVIDENCE)
            for name, value in list(_evidence(finding).items())[:_EVIDENCE_ITEMS]
        },
        "fix": None
        if fix is None
        else {
            "title": shown(fix.title),
            "applicability": fix.applicability.value,
            "resource": fix.change.resource,
        },
        "mailwarden": {"will": will, "code": because.id, "because": shown(because)},
        "source": None if said.source is None else source_document(said.source, finding, shown),
        "on_record": None if said.record is None else record_document(said.record, shown),
    }


def _evidence(finding: Finding) -> dict[str, Argument]:
    """What was observed; the reason of what could not be judged comes first."""
    reason: dict[str, Argument] = {} if finding.unknown_reason is None else {"reason": finding.unknown_reason}
    return {**reason, **finding.evidence}


def _decided(decision: Decision | None) -> tuple[str, Message]:
    match decision:
        case Repair():
            return (
                "repair",
                _LAST_CHECK,
            )
        case Report(reason=reason):
            return "report", reason
        case NoteOnly(reason=reason) | Mute(reason=reason):
            return "stay silent", reason
        case None:
            return "stay silent", message("diagnosis.same-refusal")


def _last_look(look: LookRecord) -> JsonDocument:
    return {
        "at": _time(look.looked_at),
        "can_send": look.answer.value,
        "deciding_link": _link(look.deciding),
    }


def _sending_sides(path: MailPath) -> tuple[SesRegionState, ...]:
    """The sides through whose accounts the pool's mail leaves: none of ours on the default sender."""
    sender = path.sender
    return path.ses_states if isinstance(sender, UsesIdentity) and sender.use is SenderUse.DEVELOPER else ()


def _feedback(ses_state: SesRegionState, path: MailPath) -> JsonDocument:
    feedback = ses_state.feedback
    return {
        "ses_region": ses_state.account_ref.region,
        "window_days": WINDOW.days,
        "rates": None if feedback.rates is None else _rates(feedback.rates),
        "configuration_set": None if ses_state.set_rates is None else _rates(ses_state.set_rates),
        "suppression": None if feedback.suppression is None else _suppression(feedback.suppression, path.taken_at),
        "notices": [_notice(notice) for notice in feedback.notices[:_NOTICES]],
    }


def _rates(rate_status: RateStatus) -> JsonDocument:
    figures = rate_status.figures
    return {
        "of": rate_status.subject.arn,
        "looked_at": _time(rate_status.looked_at),
        "refused": None if rate_status.refused is None else _masked(spoken().text(rate_status.refused), _SENTENCE),
        "sends": figures.sends,
        "bounces": figures.bounces,
        "complaints": figures.complaints,
        "bounce_rate": figures.bounce_rate,
        "bounce_level": rate_status.bounce_level.label,
        "complaint_rate": figures.complaint_rate,
        "complaint_level": rate_status.complaint_level.label,
    }


def _suppression(growth: SuppressionGrowth, at: datetime) -> JsonDocument:
    days = [at.date() - timedelta(days=back) for back in range(WINDOW.days)]
    return {
        "counted_to": _time(growth.counted_to),
        "refused": None if growth.refused is None else _masked(spoken().text(growth.refused), _SENTENCE),
        "total": None if growth.total is None else dict(growth.total),
        "total_at": _time(growth.total_at),
        "added": {day.isoformat(): dict(growth.added[day]) for day in days if day in growth.added},
    }


def _notice(notice: SesNotice) -> JsonDocument:
    return {
        "kind": notice.kind.value,
        "about": _masked(notice.about, _NAME),
        "text": _masked(notice.text, _SENTENCE),
        "at": _time(notice.at),
    }


def _mail(counts: MailCounts) -> JsonDocument:
    outcomes: Mapping[str, int] = counts.by_outcome
    return {
        "since": counts.since.isoformat(),
        "hard_bounces": counts.hard_bounces,
        "complaints": counts.complaints,
        "by_outcome": {one_line(outcome, _EVIDENCE_NAME): number for outcome, number in sorted(outcomes.items())},
    }


def _masked(text: str, longest: int) -> str:
    return one_line(masked(text), longest)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _link(link: Link | None) -> str | None:
    return None if link is None else link.value
