"""The operator sets the severity of a finding, not its effect on mail."""

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import developer, identity_ref, mail_path, pool, unread

GONE = mail_path(pool(email=developer(identity_ref())))
UNREAD = mail_path(pool(email=developer(identity_ref())), unreadable={identity_ref(): unread("ses:GetEmailIdentity")})


def test_the_operators_severity_takes_the_place_of_the_rules_own() -> None:
    before, after = judge(GONE, ALL), judge(GONE, ALL, {"MW301": Severity.LOW})

    assert {finding.rule_id: finding.severity for finding in before.findings}["MW301"] is Severity.CRITICAL
    assert {finding.rule_id: finding.severity for finding in after.findings}["MW301"] is Severity.LOW
    assert after.verdict == before.verdict


def test_other_rules_keep_theirs() -> None:
    before, after = judge(GONE, ALL), judge(GONE, ALL, {"MW401": Severity.LOW})

    assert after == before


def test_an_unknown_result_is_never_critical_for_any_setting() -> None:
    rules = {finding.rule_id: Severity.CRITICAL for finding in judge(UNREAD, ALL).findings}

    judgment = judge(UNREAD, ALL, rules)

    unknown = [finding for finding in judgment.findings if finding.effect is Effect.UNKNOWN]
    assert unknown
    assert all(finding.severity <= Severity.HIGH for finding in unknown)
