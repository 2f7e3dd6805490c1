"""An audit of an account in memory: what it reads, how fast, and that a refused read makes only that unknown."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Unreadable
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.status import Status, status_of
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.auditing import needed_actions
from mailwarden_command.output.table import table_lines
from mailwarden_command.reading.accounts import recorded
from mailwarden_command.reading.recording import Recording
from mailwarden_command.reading.run import AuditRun
from tests.builders import ACCOUNT
from tests.functional.aws.wire.wire import refusal
from tests.functional.command.town import OFF, REGIONS, SOUND, VERIFIED, Silent, Town, printed

POOLS = 60
LISTS = len(REGIONS)
# The reads without which a pool on an identity of its own cannot be judged.
DECISIVE = frozenset({"GetAccount", "GetEmailIdentity", "GetMetricData", "GetRole"})


def town_of(identities: int) -> Town:
    town = Town()
    town.settle(POOLS, identities=identities)
    return town


def calls(town: Town) -> Counter[str]:
    return Counter(request.operation for request in town.wire.requests)


def test_sixty_pools_in_five_regions_take_seven_calls_each_at_most_and_fewer_with_shared_identities() -> None:
    own, shared = town_of(12), town_of(1)

    reports = own.audit(), shared.audit()

    for report in reports:
        assert report.verdicts == {Answer.NO: 0, Answer.UNKNOWN: 0, Answer.AT_RISK: 0, Answer.YES: POOLS}
        assert {region.region for region in report.accounts[0].regions} == set(REGIONS)
        assert report.accounts[0].turned_off == (OFF,)
        assert report.refusals == ()
    assert calls(own)["DescribeUserPool"] == calls(shared)["DescribeUserPool"] == POOLS
    assert (calls(own)["GetEmailIdentity"], calls(shared)["GetEmailIdentity"]) == (POOLS, LISTS)
    assert calls(own)["GetAccount"] == calls(own)["GetMetricData"] == LISTS
    assert calls(own)["GetRole"] == 1
    assert calls(own).total() - calls(own)["ListUserPools"] <= 7 * POOLS
    assert own.progress == shared.progress
    assert (own.progress.pools, own.progress.judgments) == (POOLS, POOLS)


def test_each_action_of_ses_and_each_service_keeps_to_a_third_of_its_rate() -> None:
    town = town_of(2)
    at: dict[tuple[str, str], list[float]] = {}
    town.wire.on_request = lambda request: at.setdefault((request.operation, request.region), []).append(
        town.time.seconds
    )

    town.audit(Wanted(regions=("us-east-1",)), share=1 / 3)

    # Threads share this clock, and each sleep moves it for all: the whole time is what the places add up to.
    identities, pools = at["GetEmailIdentity", "us-east-1"], at["DescribeUserPool", "us-east-1"]
    assert (len(identities), len(pools)) == (2, 12)
    assert sum(town.time.slept) >= (12 - 1) / 5


@pytest.mark.parametrize("action", sorted(needed_actions()))
def test_a_refused_action_makes_only_that_unknown(action: str) -> None:
    town = town_of(1)
    town.pool("us-east-1_Broken", source="shop-0.example", from_address="shop@other.example")
    operation = action.partition(":")[2]
    town.refuse(operation)

    report = town.audit(Wanted(regions=("us-east-1", "eu-west-1")))

    judged = 0 if operation in {"ListUserPools", "DescribeUserPool"} else 25
    sound = 0 if operation in DECISIVE else judged - 1
    assert report.verdicts[Answer.NO] == bool(judged)
    assert report.verdicts[Answer.YES] == max(sound, 0)
    assert report.verdicts[Answer.UNKNOWN] == 24 * (judged > sound + 1) + len(report.unread)
    assert len(report.unread) == (25 if operation == "DescribeUserPool" else 0)
    assert {refusal.action for refusal in report.refusals} == (set() if judged else {action})
    assert status_of(report, None) is (Status.SOUND if sound > 0 else Status.NOT_JUDGED)


def test_the_worst_pool_comes_first_and_named_pools_and_names_are_enough() -> None:
    town = town_of(1)
    town.pool("us-west-2_Broken", source="shop-0.example", from_address="shop@other.example")

    every = town.audit()
    one = town.audit(Wanted(pools=("us-west-2_Broken",)))
    named = town.audit(Wanted(name="us-west-2_*"))
    searched = town.audit(Wanted(pools=("us-west-2_Broken",), regions=("us-east-1", "us-west-2")))
    gone = town.audit(Wanted(pools=("us-west-2_Nowhere",)))

    assert every.pools[0].path.pool.ref.pool_id == "us-west-2_Broken"
    assert every.pools[0].verdict.answer is Answer.NO
    assert [each.path.pool.ref.pool_id for each in one.pools] == ["us-west-2_Broken"]
    assert {each.path.pool.ref.region for each in named.pools} == {"us-west-2"}
    assert len(named.pools) == 13
    assert (len(searched.pools), searched.unread) == (1, ())
    (unread,) = gone.unread
    assert isinstance(unread.refusal, Unreadable)
    assert unread.refusal.reason == "ResourceNotFoundException"


def test_the_rates_come_from_cloudwatch_and_raise_the_rule_of_a_deployment() -> None:
    town = Town()
    town.ses.put("shop.example").members.update(VERIFIED)
    town.pool("us-east-1_Bounced", source="shop.example")
    now = town.audit().started_at
    town.cloudwatch.put("Send", (now, 10_000.0))
    town.cloudwatch.put("Bounce", (now, 900.0))
    town.cloudwatch.put("Reputation.BounceRate", (now, 0.09))

    report = town.audit()
    (explained,) = report.pools

    (days,) = report.days.values()
    assert [(each.day, each.sends) for each in days][-1] == (now.date(), 10_000)
    assert [each.sends for each in days[:-1]] == [None] * 6
    assert "MW703" in {said.finding.rule_id for said in explained.said}
    assert explained.path.ledger_facts.mail is None


def test_a_paused_account_is_found_in_its_region_only() -> None:
    town = town_of(1)
    town.ses.accounts["eu-west-1"] = SOUND | {"SendingEnabled": False}

    lost = {each.path.pool.ref.region for each in town.audit().pools if each.verdict.answer is Answer.NO}

    assert lost == {"eu-west-1"}


def test_a_fix_belongs_into_the_stack_that_owns_the_pool() -> None:
    town = Town()
    # Korea's pools may send through three regions, and Paris is none of them.
    for region in ("ap-northeast-2", "eu-west-3"):
        town.ses.put("shop.example", region=region).members.update(VERIFIED)
    town.ses.accounts["eu-west-3"] = SOUND
    arn = f"arn:aws:ses:eu-west-3:{ACCOUNT}:identity/shop.example"
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "From": "shop@shop.example"}
    town.pool("ap-northeast-2_Moved", source="shop.example", EmailConfiguration=email)
    town.cloudformation.stacks["ap-northeast-2", "ap-northeast-2_Moved"] = "shop"

    report = town.audit()

    (said,) = [said for _, said in report.said() if said.finding.rule_id == "MW201"]
    assert said.source is not None
    text = printed(report, "table")
    assert "infrastructure as code: shop" in text
    assert "Type: AWS::Cognito::UserPool" in text
    assert calls(town)["DescribeStackResources"] == 1


@pytest.mark.parametrize("operation", ["DescribeUserPool", "GetEmailIdentity", "GetAccount"])
def test_a_pool_is_read_again_after_a_throttle_that_the_sdk_could_not_wait_out(
    operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    town = town_of(1)
    attempts = range(1, 5)
    town.wire.disturb(operation, *attempts, instead=refusal("TooManyRequestsException", status=429))

    report = town.audit(Wanted(pools=("us-east-1_Shop00000",)))

    assert report.verdicts[Answer.YES] == 1
    assert calls(town)[operation] == len(attempts) + 1


def test_a_throttle_that_lasts_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    town = town_of(1)
    town.wire.disturb("GetAccount", *range(1, 100), instead=refusal("TooManyRequestsException", status=429))

    report = town.audit(Wanted(pools=("us-east-1_Shop00000",)))

    assert (report.verdicts[Answer.UNKNOWN], len(report.pools)) == (1, 1)


def _factor_of_no_form(_: str, pool: Mapping[str, object]) -> bool:
    if pool["Id"] == "us-east-1_Shop00000":
        raise KeyError("SignInPolicy")
    return False


def test_a_pool_that_cannot_be_understood_is_unknown_and_the_others_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    town = town_of(1)
    monkeypatch.setattr("mailwarden.adapters.aws.cognito.pools._first_factor", _factor_of_no_form)

    report = town.audit(Wanted(regions=("us-east-1",)))

    (unread,) = report.unread
    assert unread.ref.pool_id == "us-east-1_Shop00000"
    assert "KeyError at " in printed(report, "table")
    assert (report.verdicts[Answer.YES], report.verdicts[Answer.UNKNOWN]) == (11, 1)


def through_sets(number: int) -> Town:
    """So many sound pools in one region, each through a set of its own; only the third one sends."""
    town = Town()
    for count in range(number):
        name = f"shop-{count:03}.example"
        town.ses.put(name).members.update(VERIFIED)
        town.ses.put_set(f"set-{count:03}", DeliveryOptions={"TlsPolicy": "REQUIRE"})
        email = {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/{name}",
            "ConfigurationSet": f"set-{count:03}",
        }
        town.pool(f"us-east-1_Sets{count:05}", source=name, EmailConfiguration=email)
    at = datetime.now(tz=UTC) - timedelta(hours=1)
    town.cloudwatch.put("Send", (at, 1000.0), of_set="set-002")
    return town


def test_the_rates_of_many_sets_are_one_request_and_each_pool_has_those_of_its_own_set() -> None:
    town = through_sets(130)

    report = town.audit(Wanted(regions=("us-east-1",)))

    assert len(report.pools) == 130
    # One for the account, and one for each sixty sets.
    assert calls(town)["GetMetricData"] == 1 + 3
    sends = {
        explained.path.pool.ref.pool_id: explained.path.ses_states[0].set_rates.figures.sends
        for explained in report.pools
        if explained.path.ses_states[0].set_rates is not None
    }
    assert len(sends) == 130
    assert {pool for pool, number in sends.items() if number} == {"us-east-1_Sets00002"}


def test_a_recording_answers_about_the_set_of_any_single_pool() -> None:
    recording = Recording(at=datetime.now(tz=UTC))
    recording.partition, recording.region, recording.account = "aws", "us-east-1", ACCOUNT
    everything = through_sets(5).audit(Wanted(regions=("us-east-1",)), recording=recording)

    run = AuditRun(
        wanted=Wanted(pools=("us-east-1_Sets00002",), regions=("us-east-1",)),
        settings=OperatorSettings(),
        progress=Silent(),
    )
    (alone,) = run.report([recorded(recording)]).pools

    (among_all,) = [each for each in everything.pools if each.path.pool.ref == alone.path.pool.ref]
    assert alone.path.ses_states[0].set_rates == among_all.path.ses_states[0].set_rates
    assert alone.verdict == among_all.verdict


@pytest.mark.parametrize(
    ("output", "said"), [("table", "2 pools were deleted"), ("json", '"deleted": 2'), ("html", "2")]
)
def test_pools_that_are_deleted_between_list_and_look_are_counted(output: str, said: str) -> None:
    town = town_of(1)
    last = sorted(town.cognito.pools)[-2:]
    town.wire.on_request = lambda request: (
        request.operation == "DescribeUserPool" and [town.cognito.pools.pop(pool_id, None) for pool_id in last]
    )

    report = town.audit()

    assert (len(report.pools), report.unread, report.deleted) == (POOLS - 2, (), 2)
    assert said in printed(report, output)
    assert ("deleted meanwhile" in printed(report, output)) is (output != "json")


@pytest.mark.parametrize("name", ["shop", "n" * 128, "한" * 128])
def test_a_name_of_any_length_leaves_the_table_within_80_columns(name: str) -> None:
    town = Town()
    town.ses.put("shop.example").members.update(VERIFIED)
    for count in range(2):
        town.pool(f"us-east-1_Broken{count:03}", source="shop.example", from_address="shop@other.example", Name=name)

    report = town.audit(Wanted(regions=("us-east-1",)))

    rows = [line.plain for line in table_lines(report, width=80) if "us-east-1_Broken" in line.plain][:2]
    assert [cell_len(row) <= 80 for row in rows] == [True, True]
    assert len({cell_len(row.partition("MW104")[0]) for row in rows}) == 1
