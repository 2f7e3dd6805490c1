"""The text of the mail, read at three in the morning."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.message import message, verbatim
from mailwarden.presentation.alerts.email_text import alert_short_text, alert_subject, alert_text
from tests.fakes.examples import (
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_pool,
    a_proposed_write,
    later,
)
from tests.fakes.records import RecordMembers
from tests.unit.presentation.notices import a_notice

WAITS = message("decision.another-repair-first", rule="MW409")
WITHHELD = """\
CRITICAL: pool shop-users cannot send mail: no sending policy allows it (MW401, ap-northeast-2)

What        no policy of identity shop.example lets the pool send
Why         SES refuses every mail that Cognito hands over, and Cognito tells
            nobody

Pool        shop-users (ap-northeast-2_Shop00001), ap-northeast-2, account
            111122223333
Since       2026-03-02 03:12:44 UTC
Likely by   DeleteEmailIdentityPolicy in us-west-2 at 2026-03-02 03:12:40 UTC
            by arn:aws:sts::111122223333:assumed-role/Admin/j***@corp.example
            with aws-cli/2.17.0

Done        Not repaired: RepairMode is off
To do       Add a statement to a sending policy of the identity that allows
            the pool
Verify      `make why POOL=ap-northeast-2_Shop00001`. The end of this alert is
            announced within about a minute of the call that mends it, or
            after the next sweep where AWS sends no event (`SweepSchedule`,
            hourly by default)

Proposed    let the pool send as shop.example (safe)
Resource    arn:aws:ses:us-west-2:111122223333:identity/shop.example
Before:
  {
    "mailwarden-cognito": null
  }
After:
  {
    "mailwarden-cognito": {
      "Version": "2012-10-17"
    }
  }

user pool: https://ap-northeast-2.console.aws.amazon.com/cognito/v2/idp/user-pools/ap-northeast-2_Shop00001?region=ap-northeast-2
SES identity: https://us-west-2.console.aws.amazon.com/ses/home?region=us-west-2#/identities/shop.example
about MW401: https://docs.example/rules/MW401.md
"""

REPAIRED = """\
REPAIRED: pool shop-users can send mail again (MW401, ap-northeast-2)

What was    no policy of identity shop.example lets the pool send

Pool        shop-users (ap-northeast-2_Shop00001), ap-northeast-2, account
            111122223333
Since       2026-03-02 03:12:44 UTC, for 1 minute

Done        Mailwarden let pool shop-users (ap-northeast-2_Shop00001) send as
            shop.example in us-west-2
Undo        `make undo ID=20260302T031350-ab12`

Written to  arn:aws:ses:us-west-2:111122223333:identity/shop.example
Before:
  {
    "mailwarden-cognito": null
  }
After:
  {
    "mailwarden-cognito": {
      "Version": "2012-10-17"
    }
  }

user pool: https://ap-northeast-2.console.aws.amazon.com/cognito/v2/idp/user-pools/ap-northeast-2_Shop00001?region=ap-northeast-2
SES identity: https://us-west-2.console.aws.amazon.com/ses/home?region=us-west-2#/identities/shop.example
about MW401: https://docs.example/rules/MW401.md
"""


GRANTED = message(
    "fix.grant-pool",
    pool=message("pool", name="shop-users", id="ap-northeast-2_Shop00001"),
    identity="shop.example",
    region="us-west-2",
)


def test_what_was_not_repaired() -> None:
    assert alert_text(a_notice()) == WITHHELD


@pytest.mark.parametrize(
    ("link", "pool", "state", "verify"),
    [
        (Link.SENDER, SEOUL_POOL, FindingState.OPEN, "by look"),
        (Link.ACCOUNT, SEOUL_POOL, FindingState.OPEN, "by look"),
        # Figures of a period, and failures that were heard of: no look ends them.
        (Link.FEEDBACK, SEOUL_POOL, FindingState.OPEN, "by command"),
        (Link.RUNTIME, SEOUL_POOL, FindingState.OPEN, "by command"),
        (Link.MONITORING, SEOUL_POOL, FindingState.OPEN, ""),
        (Link.SENDER, None, FindingState.OPEN, ""),
        (Link.SENDER, SEOUL_POOL, FindingState.RESOLVED, ""),
        (Link.SENDER, SEOUL_POOL, FindingState.REPAIRED, ""),
        (Link.SENDER, SEOUL_POOL, FindingState.EXEMPT, ""),
    ],
)
def test_an_open_alert_says_how_to_verify_and_when_its_end_is_announced(
    link: Link, pool: PoolRef | None, state: FindingState, verify: str
) -> None:
    text = " ".join(alert_text(replace(a_notice(link=link, state=state), pool=pool)).split())

    assert ("`make why POOL=ap-northeast-2_Shop00001`" in text) is bool(verify)
    assert ("The end of this alert is announced" in text) is (verify == "by look")


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
        proposed=replace(a_proposed_write(), title=GRANTED),
    )

    assert alert_text(notice) == REPAIRED


@pytest.mark.parametrize(
    ("members", "line"),
    [
        (
            {"handling": Handling.PENDING, "reason": None},
            "Not yet repaired: a repair was ordered and had no result when",
        ),
        ({"handling": Handling.PENDING, "reason": WAITS}, "Not repaired yet: the repair of MW409 goes first"),
        ({"handling": Handling.WITHHELD, "reason": None}, "Not repaired"),
        ({"handling": Handling.WRITING, "undo_id": "entry-7"}, "A write began and had no result when this alert was"),
        ({"handling": Handling.FAILED, "reason": verbatim("AccessDenied")}, "The repair failed: AccessDenied"),
        (
            {"handling": Handling.WRITTEN, "reason": message("repair.still-found")},
            "Mailwarden wrote: let the pool send as shop.example; the check after",
        ),
        (
            {"handling": Handling.WRITTEN, "reason": None},
            "Mailwarden wrote: let the pool send as shop.example; the problem is",
        ),
        ({"state": FindingState.RESOLVED}, "Resolved, not by Mailwarden"),
        (
            {"state": FindingState.RESOLVED, "handling": Handling.FAILED},
            "Resolved after a repair that failed: RepairMode is off",
        ),
        (
            {"state": FindingState.EXEMPT, "reason": verbatim("tag mailwarden=off")},
            "No action: tag mailwarden=off",
        ),
    ],
)
def test_says_what_was_done(members: RecordMembers, line: str) -> None:
    assert f"Done {line}" in " ".join(alert_text(a_notice(**members)).split())


@pytest.mark.parametrize("handling", Handling)
def test_says_what_to_do_as_long_as_it_is_open_whatever_was_ordered(handling: Handling) -> None:
    assert "To do" in alert_text(a_notice(handling=handling))
    assert "To do" not in alert_text(a_notice(handling=handling, state=FindingState.RESOLVED))


@pytest.mark.parametrize("handling", Handling)
@pytest.mark.parametrize("state", FindingState)
def test_no_text_about_a_write_promises_one(state: FindingState, handling: Handling) -> None:
    text = alert_text(a_notice(state=state, handling=handling, undo_id="entry-7"))

    assert "will be" not in text
    is_done = state is FindingState.REPAIRED or (state is FindingState.OPEN and handling is Handling.WRITTEN)
    assert ("Written to" in text) == is_done
    assert not re.search(r"arn:\S*:$", text, re.MULTILINE)


def test_names_the_pools_that_an_identity_takes_down() -> None:
    affected = {a_pool(number).arn: later(number) for number in range(1, 13)}

    text = alert_text(a_notice(subject=OREGON_IDENTITY, affected=affected, pool=a_pool(8)))

    assert "About       SES identity shop.example in us-west-2, account 111122223333" in text
    flat = " ".join(text.split())
    assert "ap-northeast-2_Shop00010 and 2 more" in flat
    assert "12 pools: shop-users (ap-northeast-2_Shop00008), ap-northeast-2_Shop00001, ap-northeast-2_Shop00002" in flat


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

    assert re.findall(r"https://\S+", text) == ["https://docs.example/rules/MW401.md"]


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
