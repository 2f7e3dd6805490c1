"""The text of the mail, read at three in the morning."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.resources import MonitoringRef, Subject
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.email_text import alert_short_text, alert_subject, alert_text
from tests.fakes.examples import ACCOUNT, OREGON_ACCOUNT, OREGON_IDENTITY, a_pool, a_proposed_write, later
from tests.fakes.records import RecordMembers
from tests.unit.presentation.notices import a_notice

WITHHELD = """\
CRITICAL: shop-users cannot send mail (MW401, authorization)

What      no policy of identity shop.example lets the pool send
Why       SES refuses every mail that Cognito hands over, and Cognito tells
          nobody
Can send  no; the first link that decides it: authorization

Pool      shop-users, ap-northeast-2_Shop00001, ap-northeast-2, account
          111122223333
Since     2026-03-02 03:12:44 UTC

Change    DeleteEmailIdentityPolicy in us-west-2 at 2026-03-02 03:12:40 UTC
By        arn:aws:sts::111122223333:assumed-role/Admin/j***@corp.example
With      aws-cli/2.17.0

Done      nothing was written: RepairMode is off
To do     Add a statement to a sending policy of the identity that allows the
          pool

let the pool send as shop.example: this would have been written to arn:aws:ses:us-west-2:111122223333:identity/shop.example (safe):
before:
  {
    "mailwarden-cognito": null
  }
after:
  {
    "mailwarden-cognito": {
      "Version": "2012-10-17"
    }
  }

seen:
  identity: arn:aws:ses:us-west-2:111122223333:identity/shop.example

user pool: https://ap-northeast-2.console.aws.amazon.com/cognito/v2/idp/user-pools/ap-northeast-2_Shop00001?region=ap-northeast-2
SES identity: https://us-west-2.console.aws.amazon.com/ses/home?region=us-west-2#/identities/shop.example
rule: docs/rules/MW401.md
alert: ef47ab4302835f413665edec9d6232b5, version 1
"""  # noqa: E501 - the text as it is sent

REPAIRED = """\
REPAIRED: shop-users can send mail, this is repaired (MW401, authorization)

What was  no policy of identity shop.example lets the pool send
Can send  yes

Pool      shop-users, ap-northeast-2_Shop00001, ap-northeast-2, account
          111122223333
Since     2026-03-02 03:12:44 UTC, for 1 minute

Done      Mailwarden repaired it: let the pool send as shop.example
Undo id   20260302T031350-ab12

let the pool send as shop.example: this was written to arn:aws:ses:us-west-2:111122223333:identity/shop.example (safe):
before:
  {
    "mailwarden-cognito": null
  }
after:
  {
    "mailwarden-cognito": {
      "Version": "2012-10-17"
    }
  }

user pool: https://ap-northeast-2.console.aws.amazon.com/cognito/v2/idp/user-pools/ap-northeast-2_Shop00001?region=ap-northeast-2
SES identity: https://us-west-2.console.aws.amazon.com/ses/home?region=us-west-2#/identities/shop.example
rule: docs/rules/MW401.md
alert: 76af36768616e076d1054e1e4591859a, version 2
"""


def first_line(**members: object) -> str:
    return alert_text(a_notice(**members)).splitlines()[0]  # type: ignore[arg-type] # tables of cases name any member


def test_what_was_not_repaired() -> None:
    assert alert_text(a_notice()) == WITHHELD


def test_what_was_repaired() -> None:
    notice = a_notice(
        state=FindingState.REPAIRED,
        handling=Handling.WRITTEN,
        undo_id="20260302T031350-ab12",
        verdict=Answer.YES,
        deciding=None,
        affected={},
        evidence={},
        cause=None,
        reason=None,
        changed_at=later(1.2),
        version=2,
    )

    assert alert_text(notice) == REPAIRED


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({}, "CRITICAL: shop-users cannot send mail (MW401, authorization)"),
        ({"pool_name": ""}, "CRITICAL: ap-northeast-2_Shop00001 cannot send mail (MW401, authorization)"),
        (
            {"effect": Effect.AT_RISK, "severity": Severity.HIGH},
            "HIGH: shop-users may soon be unable to send mail (MW401, authorization)",
        ),
        (
            {"effect": Effect.UNKNOWN},
            "CRITICAL: shop-users could not be judged: it may be unable to send mail (MW401, authorization)",
        ),
        (
            {"effect": Effect.NONE, "rule_name": "cognito-trusted-unconditionally"},
            "CRITICAL: shop-users has a problem: cognito trusted unconditionally (MW401, authorization)",
        ),
        (
            {"subject": OREGON_IDENTITY},
            "CRITICAL: identity shop.example in us-west-2 loses mail (MW401, authorization)",
        ),
        ({"subject": OREGON_ACCOUNT}, "CRITICAL: the SES account in us-west-2 loses mail (MW401, authorization)"),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.NO},
            "RESOLVED: shop-users still cannot send mail, but this is resolved (MW401, authorization)",
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.UNKNOWN},
            "RESOLVED: shop-users could not be judged, but this is resolved (MW401, authorization)",
        ),
        (
            {"state": FindingState.REPAIRED, "subject": OREGON_IDENTITY},
            "REPAIRED: identity shop.example in us-west-2 is repaired (MW401, authorization)",
        ),
        (
            {"subject": MonitoringRef(partition="aws", region="eu-west-1", account=ACCOUNT), "effect": Effect.UNKNOWN},
            "CRITICAL: the watch of eu-west-1 has a problem: no sending permission (MW401, authorization)",
        ),
        ({"state": FindingState.EXEMPT}, "EXEMPT: shop-users is exempt (MW401, authorization)"),
        (
            {"pool_name": "shop\n\nRESOLVED: all is fine"},
            "CRITICAL: shop RESOLVED: all is fine cannot send mail (MW401, authorization)",
        ),
    ],
)
def test_the_first_line_says_it_all(members: RecordMembers, line: str) -> None:
    assert first_line(**members) == line


@pytest.mark.parametrize(
    ("members", "line"),
    [
        (
            {"handling": Handling.PENDING},
            "Done      a repair was ordered, its outcome is not known yet: let",
        ),
        (
            {"handling": Handling.FAILED, "reason": "AccessDenied"},
            "Done      a repair was tried and failed: AccessDenied",
        ),
        (
            {"handling": Handling.WRITTEN, "reason": "written, but still found"},
            "Done      Mailwarden wrote, and the finding is still there: written,",
        ),
        ({"state": FindingState.RESOLVED}, "Done      it is over, and not by a repair of Mailwarden"),
        (
            {"state": FindingState.EXEMPT, "reason": "tag mailwarden=off"},
            "Done      nothing, at the owner's wish: tag mailwarden=off",
        ),
    ],
)
def test_says_what_was_done(members: RecordMembers, line: str) -> None:
    assert line in alert_text(a_notice(**members))


def test_asks_nothing_of_people_while_a_repair_is_on_its_way_or_when_it_is_over() -> None:
    assert "To do" not in alert_text(a_notice(handling=Handling.PENDING))
    assert "To do" not in alert_text(a_notice(state=FindingState.RESOLVED))
    assert "To do" in alert_text(a_notice(handling=Handling.FAILED))


def test_names_the_pools_that_an_identity_takes_down() -> None:
    affected = {a_pool(number).arn: later(number) for number in range(1, 9)}

    text = alert_text(a_notice(subject=OREGON_IDENTITY, affected=affected, pool=a_pool(8)))

    assert "Pool      shop-users, ap-northeast-2_Shop00008" in text
    assert "About     identity shop.example in us-west-2" in text
    flat = " ".join(text.split())
    assert "8 pools; besides the one above: ap-northeast-2_Shop00001, ap-northeast-2_Shop00002" in flat
    assert "ap-northeast-2_Shop00005 and 2 more" in flat


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/ses/home?region=cn-north-1#/identities/shop"),
        (
            "aws-us-gov",
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/ses/home?region=us-gov-west-1#/identities/shop",
        ),
    ],
)
def test_links_to_the_console_of_the_partition(partition: str, region: str, host: str) -> None:
    subject = replace(OREGON_IDENTITY, partition=partition, region=region)

    assert host in alert_text(a_notice(subject=subject))


@pytest.mark.parametrize(
    "subject",
    [replace(OREGON_IDENTITY, partition="aws-iso"), replace(OREGON_IDENTITY, region="*")],
    ids=["unknown partition", "any region"],
)
def test_links_nowhere_where_the_console_is_not_known(subject: Subject) -> None:
    text = alert_text(a_notice(subject=subject, affected={}, pool=None, proposed=None, evidence={}))

    assert "https://" not in text


def test_a_long_write_is_cut_and_says_so() -> None:
    text = alert_text(a_notice(proposed=replace(a_proposed_write(), after="x" * 4000)))

    assert "… 1000 more characters" in text


@settings(max_examples=200, deadline=None)
@given(name=st.text(max_size=300), rule=st.sampled_from(["MW401", "MW201"]))
def test_the_subject_is_ascii_on_one_line_and_below_100_characters(name: str, rule: str) -> None:
    notice = a_notice(pool_name=name, rule_id=rule)

    assert re.fullmatch(r"[ -~]{1,99}", alert_subject(notice))
    assert alert_subject(notice).startswith("CRITICAL: ")
    assert len(alert_short_text(notice)) <= 140
    assert alert_short_text(notice).isascii()


def test_no_line_of_the_head_is_longer_than_a_terminal() -> None:
    head = alert_text(a_notice(message=verbatim("word " * 200), why=verbatim("word " * 200))).split("\n\n")[1]

    assert max(len(line) for line in head.splitlines()) <= 78


def test_a_record_without_anything_optional_is_told_all_the_same() -> None:
    text = alert_text(
        a_notice(
            cause=None,
            proposed=None,
            evidence={},
            affected={},
            reason=None,
            why=verbatim(""),
            remediation=verbatim(""),
            deciding=None,
        )
    )

    assert "None" not in text
    assert "\n\n\n" not in text
