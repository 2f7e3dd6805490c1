"""The sample alerts of docs/alerts.md, rendered from findings of the rules; run as a program to write them again."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.incidents.alert import Alert, Extent, NamedPool, alert_of
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.message import message
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.incident import subject_of_cause
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.fakes.examples import MORNING, a_pool
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


def _after(record: FindingRecord, call: str) -> FindingRecord:
    """The record with a call that could have caused it: in the region of the subject, or of the pool's identity."""
    cause = record.finding.root_cause
    known = record.seen.cause
    assert known is not None
    subject = None if cause is None else subject_of_cause(cause)
    region = record.finding.subject.region if subject is None else subject.region
    region = "us-east-1" if call == "DeleteServiceLinkedRole" else region
    return changed(record, cause=replace(known, event_name=call, region=region))


def records() -> Mapping[str, FindingRecord]:
    """The records of the samples, by name."""
    unknown, no = (Answer.UNKNOWN, Link.AUTHORIZATION), (Answer.NO, Link.AUTHORIZATION)
    at_risk, identity = (Answer.AT_RISK, Link.ACCOUNT), (Answer.NO, Link.IDENTITY)
    samples = {
        "pending": _after(
            record_of_finding(_found("MW401", fixed=True), handling=Handling.PENDING, verdict=no),
            "DeleteEmailIdentityPolicy",
        ),
        "identity-deleted": _after(
            record_of_finding(_found("MW301"), reason=_NO_FIX, verdict=identity, pools=3), "DeleteEmailIdentity"
        ),
        "undecidable-deny": record_of_finding(
            _found("MW407", Effect.UNKNOWN, advice="sparing."), reason=_NO_FIX, verdict=unknown
        ),
        "quota": record_of_finding(_found("MW504", Effect.AT_RISK), reason=_NO_FIX, verdict=at_risk, pools=2),
        "role-deleted": _after(_not_safe("MW409"), "DeleteServiceLinkedRole"),
        "denied": _after(record_of_finding(_found("MW402"), reason=_NO_FIX, verdict=no), "CreateEmailIdentityPolicy"),
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
        "account-off": _after(
            record_of_finding(_found("MW502"), reason=_NO_FIX, verdict=no, pools=2), "PutAccountSendingAttributes"
        ),
    }
    return {**samples, **{f"{name}{_IN_KOREAN}": samples[name] for name in ("denied", "moved")}}


def _of_many(name: str, occasion: Occasion, *, found: int, after: timedelta, still_lost: int = 0) -> Alert:
    """The alert of a record of the samples whose cause 300 pools share, so long after it opened."""
    record = records()[name]
    is_over = occasion is Occasion.ENDED
    if is_over:
        record = changed(
            record,
            state=FindingState.RESOLVED,
            changed_at=MORNING + after,
            verdict=Answer.YES,
            deciding=None,
        )
    pools = tuple(NamedPool(ref=a_pool(each), name=f"shop-{each}") for each in range(1, min(found, 50) + 1))
    extent = Extent(
        pools=pools,
        pool_count=found,
        all_pools=found,
        regions={"ap-northeast-2": found - found // 3, "eu-west-1": found // 3} if found > 1 else {"us-east-1": 1},
        using=300,
        findings=0 if is_over else found,
        repaired=0,
        resolved=found if is_over else 0,
        still_lost=still_lost,
        culprits=alert_of(record).report.extent.culprits,
    )
    alone = alert_of(record).report
    return alert_of(record, replace(alone, occasion=occasion, at=MORNING + after, extent=extent))


def course() -> tuple[Alert, ...]:
    """The messages about one incident of 300 pools, from the first to the last."""
    return (
        _of_many("denied", Occasion.OPENED, found=1, after=timedelta(0)),
        _of_many("denied", Occasion.GREW, found=300, after=timedelta(minutes=1)),
        _of_many("denied", Occasion.REMINDER, found=300, after=timedelta(hours=1)),
        _of_many("denied", Occasion.ENDED, found=300, after=timedelta(hours=2), still_lost=2),
    )


def texts() -> Mapping[str, str]:
    """The texts of the samples, by name."""
    shown = {
        name: _text(alert_of(record), KOREAN if name.endswith(_IN_KOREAN) else ENGLISH)
        for name, record in records().items()
    }
    headlines = "".join(f"{_text(alert).splitlines()[0]}\n" for alert in course())
    return shown | {"many-headlines": headlines, "many-grown": _text(course()[1])}


def _text(alert: Alert, catalogue: Catalogue = ENGLISH) -> str:
    return alert_text(notice_of(alert, rule_pages=RULES, catalogue=catalogue), catalogue=catalogue)


def filled(page: str) -> str:
    """The page with every sample as it is rendered now."""
    shown = texts()
    return _BLOCK.sub(lambda block: f"{block[1]}{shown[block[2]]}{block[3]}", page)


def samples_in(page: str) -> set[str]:
    """The names of the samples of the page."""
    return {block[2] for block in _BLOCK.finditer(page)}


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
