"""No false alarms: sound but unusual configurations are judged ``yes``, with the documented advice and no more."""

import pytest

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import developer
from tests.unit.rules.unusual.paths import DOMAIN, of_developer
from tests.unit.rules.unusual.policies import ADVISED_POLICIES, NAMED, POLICIES
from tests.unit.rules.unusual.senders import ACCOUNTS, HANDED_OVER, REGIONS, SENDERS

NO_ALERT = (
    "a rule reports what AWS sends in full: make it silent or a note here, or correct the configuration in "
    "tests/unit/rules/unusual/ if its owner should change it"
)
ADVISED = [
    pytest.param(
        of_developer(developer(DOMAIN, from_address="고객센터 <help@example.com>")),
        "MW107",
        id="a display name in Korean that is not encoded",
    ),
    *ADVISED_POLICIES,
]


@pytest.mark.parametrize("path", [*SENDERS, *REGIONS, *POLICIES, *NAMED, *ACCOUNTS])
def test_a_sound_configuration_is_judged_yes_without_an_alert(path: MailPath) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == [], NO_ALERT
    assert {finding.effect for finding in judgment.findings} <= {Effect.NONE}
    assert judgment.verdict.answer is Answer.YES


@pytest.mark.parametrize("path", HANDED_OVER)
def test_a_pool_that_hands_its_mail_over_is_unknown_without_an_alert(path: MailPath) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == [], NO_ALERT
    assert [finding.rule_id for finding in judgment.findings if finding.effect is not Effect.NONE] == ["MW110"]
    assert judgment.verdict.answer is Answer.UNKNOWN


@pytest.mark.parametrize(("path", "advice"), ADVISED)
def test_a_sound_configuration_with_a_documented_advice_is_judged_yes(path: MailPath, advice: str) -> None:
    judgment = judge(path, ALL)

    assert [finding.rule_id for finding in judgment.findings if not finding.is_note] == [advice], NO_ALERT
    assert {finding.effect for finding in judgment.findings} == {Effect.NONE}
    assert judgment.verdict.answer is Answer.YES


def test_the_catalogue_has_at_least_forty_configurations() -> None:
    assert len([*SENDERS, *HANDED_OVER, *REGIONS, *POLICIES, *NAMED, *ACCOUNTS, *ADVISED]) >= 40
