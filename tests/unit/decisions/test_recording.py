"""What the ledger keeps of a look."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause, folded
from mailwarden.domain.repair.unannounced_change import mail_digest
from mailwarden.service.findings.used_resources import used_by
from tests.builders import NOON, custom_from, developer, identity, identity_ref, mail_path, unread
from tests.fakes.deployment import cause
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.tables import combinations, table
from tests.unit.decisions.looks import (
    CALL,
    MINUTE,
    MONITORING,
    PATH,
    POOL,
    TIMES,
    handling,
    judgment,
    keep,
    key,
    named,
    recorder,
)


def test_a_look_is_kept_as_it_was() -> None:
    ledger = InMemoryLedger()

    records = keep(ledger, "MW999", "MW998", call=cause())

    assert records == {key(rule_id): ledger.findings.held[key(rule_id)] for rule_id in ("MW998", "MW999")}
    assert ledger.looks.last(POOL.ref) == LookRecord(
        pool=POOL.ref,
        pool_name=POOL.name,
        looked_at=NOON,
        answer=Answer.NO,
        deciding=Link.IDENTITY,
        findings=(key("MW998"), key("MW999")),
        uses=used_by(PATH),
        changed_by=cause(),
        announced_digest=mail_digest(POOL),
        known_good=KnownGood(
            email=POOL.email, standing=Standing.SEEN, since=NOON, modified=POOL.last_modified, found_at=NOON
        ),
    )
    assert {record.seen.pool_name for record in ledger.findings.held.values()} == {POOL.name}


def test_a_finding_that_is_not_found_ends_as_the_table_says() -> None:
    expected = table("recording", "What becomes of a finding that a look does not find")
    for case in combinations(
        **{
            "look": ("earlier", "same time", "later"),
            "its rule": ("undecided", "silent"),
            "its link": ("unknown", "sound"),
            "finds": ("it", "no"),
        }
    ):
        ledger = InMemoryLedger()
        keep(ledger, "MW998", "MW999", at=NOON - 10 * MINUTE)
        keep(ledger, "MW998", "MW999")
        unknown = frozenset({Link.IDENTITY}) if case["its link"] == "unknown" else frozenset[Link]()
        undecided = frozenset({"MW999"}) if case["its rule"] == "undecided" else frozenset[str]()
        still = ["MW998"] if case["finds"] == "it" else []

        records = keep(ledger, *still, at=TIMES[case["look"]], call=CALL, unknown=unknown, undecided=undecided)

        outcome = expected.decide(case)
        record = ledger.findings.held[key("MW999")]
        earlier = case["look"] == "earlier"
        assert (records is None) == earlier, case
        assert record.lifecycle.state is FindingState(outcome["finding"]), case
        assert named(ledger) == [
            *(["MW998"] if still or earlier else []),
            *(["MW999"] if outcome["named by the look"] == "yes" else []),
        ], case
        if record.lifecycle.state is FindingState.RESOLVED:
            assert (record.seen.cause, record.seen.deciding) == (CALL, Link.IDENTITY)
            assert record.seen.pool_is_gone is False
            assert record.seen.verdict is (Answer.NO if still else Answer.YES)
    assert expected.idle == []


def test_what_a_look_could_not_judge_keeps_no_other_finding_open() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW998", "MW999")

    keep(ledger, at=NOON + MINUTE, undecided=frozenset({"MW998"}))

    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.RESOLVED
    assert named(ledger) == ["MW998"]


def test_a_finding_that_the_ledger_lost_is_no_longer_named() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")
    del ledger.findings.held[key("MW999")]

    keep(ledger, at=NOON + MINUTE)

    assert named(ledger) == []


@pytest.mark.parametrize("look", ["earlier", "same time", "later"])
def test_a_pool_that_is_gone_is_told_as_gone_and_forgotten_unless_a_later_look_found_it(look: str) -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")

    recorder(ledger).forget(POOL.ref, cause=CALL, at=TIMES[look])

    record = ledger.findings.held[key("MW999")]
    if look == "earlier":
        assert record.lifecycle.state is FindingState.OPEN
        assert ledger.looks.last(POOL.ref) is not None
    else:
        assert (record.lifecycle.state, record.seen.cause) == (FindingState.RESOLVED, CALL)
        assert record.seen.pool_is_gone
        assert ledger.looks.last(POOL.ref) is None


def test_an_earlier_deletion_ends_no_finding_of_before() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999", at=NOON - 10 * MINUTE)
    keep(ledger, "MW999")

    recorder(ledger).forget(POOL.ref, cause=CALL, at=NOON - MINUTE)

    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN


def test_a_pool_that_nobody_knows_is_remembered_as_gone() -> None:
    ledger = InMemoryLedger()

    recorder(ledger).forget(POOL.ref, cause=None, at=NOON)

    assert ledger.looks.gone == {POOL.ref: NOON}


def test_the_tags_that_alerts_show_are_kept_with_the_look_and_with_each_finding() -> None:
    ledger, found = InMemoryLedger(), judgment(None, "MW998", "MW999")
    tagged = replace(found, path=replace(found.path, application={"app": "shop"}))

    recorder(ledger).record(tagged, (handling("MW998"), handling("MW999")), cause=None, at=NOON)

    look = ledger.looks.last(POOL.ref)
    assert look is not None
    assert look.application == {"app": "shop"}
    assert [record.seen.application for record in ledger.findings.held.values()] == [{"app": "shop"}] * 2


@pytest.mark.parametrize("seconds", [-1, 1])
def test_only_an_update_since_the_last_look_is_known_to_have_left_the_mail_settings_alone(seconds: int) -> None:
    ledger = InMemoryLedger()
    keep(ledger)

    keep(ledger, "MW999", at=NOON + MINUTE, call=cause(at=NOON + timedelta(seconds=seconds)))

    blamed = ledger.findings.held[key("MW999")].seen.cause
    assert blamed is not None
    assert blamed.left_mail_alone == (seconds > 0)


def test_the_last_writer_of_a_pool_is_kept_as_the_table_says() -> None:
    expected = table("recording", "Who wrote the pool last")
    calls: dict[str, Cause | None] = {
        "none": None,
        "of something else": cause("TagResource", event_id="e-else", at=NOON + MINUTE),
        "ours": replace(cause(event_id="e-ours", at=NOON + MINUTE), user_agent=f"Boto3 {OUR_USER_AGENT}1.0"),
        "earlier": cause(event_id="e-earlier", at=NOON - MINUTE),
        "same time": cause("CreateUserPool", event_id="e-same", at=NOON),
        "later": cause(event_id="e-later", at=NOON + MINUTE),
        "at noon": cause(event_id="e-noon"),
    }
    for case in combinations(
        call=("none", "of something else", "ours", "earlier", "same time", "later"), known=("none", "later", "at noon")
    ):
        ledger = InMemoryLedger()
        keep(ledger, at=NOON)
        ledger.looks.held[POOL.ref] = replace(ledger.looks.held[POOL.ref], changed_by=calls[case["known"]])
        facts = dict(case)
        if case["known"] == "at noon" and case["call"] != "same time":
            facts["known"] = "later"
        if case["known"] == "later" and case["call"] == "same time":
            facts["call"] = "earlier"

        keep(ledger, at=NOON + MINUTE, call=calls[case["call"]])

        look = ledger.looks.last(POOL.ref)
        assert look is not None
        kept = expected.decide(facts)["kept"]
        if kept == "both":
            assert look.changed_by == folded(calls[case["call"]], calls[case["known"]]), case
        else:
            assert look.changed_by == calls[case[kept]], case
    assert expected.idle == []


@pytest.mark.parametrize(
    ("email", "also"),
    [
        (developer(identity_ref()), ["sender/support@example.com/support@example.com"]),
        (
            developer(identity_ref(), configuration_set="mail"),
            [
                "sender/support@example.com/support@example.com",
                "sender/support@example.com/support@example.com#mail",
                "configuration-set/mail",
            ],
        ),
        (replace(developer(identity_ref()), from_address="not an address"), []),
        (replace(developer(identity_ref()), from_address="한글@example.com"), []),
        (custom_from(identity_ref()), []),
    ],
    ids=["an address", "through a set", "no address", "an address SES would not take", "the default sender"],
)
def test_a_look_leads_back_from_everything_the_mail_uses(email: EmailConfiguration, also: list[str]) -> None:
    path = mail_path(replace(POOL, email=email), identity())

    ours = [arn for arn in used_by(path) if ":sender/" in arn or "configuration-set/" in arn]

    assert [arn.split(":", 5)[5] for arn in ours] == also
    assert {identity_ref().arn, MONITORING} <= set(used_by(path))


def test_the_set_of_an_identity_that_cannot_be_read_is_not_known() -> None:
    path = mail_path(POOL, unreadable={identity_ref(): unread("ses:GetEmailIdentity")})

    senders = [arn for arn in used_by(path) if ":sender/" in arn]

    assert [arn.split(":", 5)[5] for arn in senders] == ["sender/support@example.com/support@example.com"]
