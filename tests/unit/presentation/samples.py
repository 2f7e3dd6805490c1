"""The sample alerts of docs/alerts.md, rendered from findings of the rules; run as a program to write them again."""

import re
from collections.abc import Mapping
from pathlib import Path

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.message import message
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.fakes.examples import MORNING
from tests.fakes.records import changed
from tests.unit.presentation.alerts_of_rules import every_finding, record_of_finding
from tests.unit.rules.test_catalogue_texts import findings

PAGE = Path(__file__).parents[3] / "docs" / "alerts.md"
RULES = "https://github.com/mailwarden/mailwarden/blob/main/docs/rules/"
_BLOCK = re.compile(r"(<!-- sample: ([a-z-]+) -->\n```text\n).*?(```\n)", re.DOTALL)
_IN_KOREAN = "-in-korean"
_NO_FIX = message("decision.no-fix")


def _found(rule_id: str, effect: Effect = Effect.LOST, *, fixed: bool = False, advice: str = "") -> Finding:
    return next(
        each
        for each in every_finding()
        if (each.rule_id, each.effect) == (rule_id, effect)
        and (not fixed or each.fix is not None)
        and each.remediation.id.startswith(advice)
    )


def _of_monitoring(finding: Finding) -> FindingRecord:
    """As the self check records it: no pool is looked at, and no call leads to it."""
    record = record_of_finding(finding, reason=_NO_FIX, verdict=(Answer.UNKNOWN, None))
    return changed(record, pool=None, pool_name="", cause=None, affected={finding.subject.arn: MORNING})


def _not_safe(rule_id: str) -> FindingRecord:
    """As a look records it in the mode safe: the judgment graded the fix, and its reason is why it is withheld."""
    (finding,) = (each for each in findings() if each.rule_id == rule_id and each.fix and each.fix.not_safe)
    assert finding.fix is not None
    assert finding.fix.not_safe is not None
    reason = message("decision.fix-not-safe", reason=finding.fix.not_safe)
    return record_of_finding(finding, reason=reason, verdict=(Answer.NO, Link.AUTHORIZATION))


def records() -> Mapping[str, FindingRecord]:
    """The records of the samples, by name."""
    unknown, no = (Answer.UNKNOWN, Link.AUTHORIZATION), (Answer.NO, Link.AUTHORIZATION)
    at_risk, identity = (Answer.AT_RISK, Link.ACCOUNT), (Answer.NO, Link.IDENTITY)
    samples = {
        "pending": record_of_finding(_found("MW401", fixed=True), handling=Handling.PENDING, verdict=no),
        "identity-deleted": record_of_finding(_found("MW301"), reason=_NO_FIX, verdict=identity, pools=3),
        "undecidable-deny": record_of_finding(
            _found("MW407", Effect.UNKNOWN, advice="sparing."), reason=_NO_FIX, verdict=unknown
        ),
        "quota": record_of_finding(_found("MW504", Effect.AT_RISK), reason=_NO_FIX, verdict=at_risk, pools=2),
        "role-deleted": _not_safe("MW409"),
        "denied": record_of_finding(_found("MW402"), reason=_NO_FIX, verdict=no),
        "still-lost": record_of_finding(_found("MW302"), state=FindingState.RESOLVED, verdict=no),
        "moved": record_of_finding(
            _found("MW201", fixed=True),
            state=FindingState.REPAIRED,
            handling=Handling.WRITTEN,
            verdict=(Answer.YES, None),
        ),
        "settings": _of_monitoring(_found("MW904", Effect.NONE)),
        "no-trail": _of_monitoring(_found("MW901", Effect.NONE)),
        "wrong-from": record_of_finding(_found("MW104"), reason=_NO_FIX, verdict=(Answer.NO, Link.SENDER)),
        "not-checked": record_of_finding(
            _found("MW105", Effect.UNKNOWN), reason=_NO_FIX, verdict=(Answer.UNKNOWN, Link.SENDER)
        ),
        "account-off": record_of_finding(_found("MW502"), reason=_NO_FIX, verdict=no, pools=2),
    }
    return {**samples, **{f"{name}{_IN_KOREAN}": samples[name] for name in ("denied", "moved")}}


def filled(page: str) -> str:
    """The page with every sample as it is rendered now."""
    texts = {
        name: alert_text(notice_of(alert_of(record), rule_pages=RULES, catalogue=catalogue), catalogue=catalogue)
        for name, record in records().items()
        for catalogue in [KOREAN if name.endswith(_IN_KOREAN) else ENGLISH]
    }
    return _BLOCK.sub(lambda block: f"{block[1]}{texts[block[2]]}{block[3]}", page)


def samples_in(page: str) -> set[str]:
    """The names of the samples of the page."""
    return {block[2] for block in _BLOCK.finditer(page)}


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
