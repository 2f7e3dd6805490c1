"""The live check in an account without Mailwarden: what it says, what it refuses, and what it leaves."""

import re
import signal
from dataclasses import dataclass

import pytest

from sandbox.running import RunningSandbox
from tests.sandbox.live_check.scratch_account import QUICK, ScratchAccount
from tests.sandbox.platform.box import ACCOUNT, SEOUL, Box, eventually

SOUND = 0
DIFFERS = 1
REFUSED = 2
INTERRUPTED = 130


def calls_of(account: ScratchAccount, *, since: int) -> set[tuple[str, str]]:
    made = account.box.running.control("GET", f"calls?since={since}")
    return {(call["service"], call["action"]) for call in made}


def mark(account: ScratchAccount) -> int:
    made = account.box.running.control("GET", "calls?since=0")
    return max((int(call["sequence"]) for call in made), default=0)


def results(report: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in report.splitlines():
        if (row := re.fullmatch(r"\| ([a-z-]+) \| .+ \| (agrees|DIFFERS|not observed) \| .*\|", line)) is not None:
            found.setdefault(row[1], set()).add(row[2])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRun:
    """A run in which nothing is wrong, after a dry run with the same options."""

    listed: str
    calls_of_the_dry_run: set[tuple[str, str]]
    calls: set[tuple[str, str]]
    status: int
    report: str


@pytest.fixture(scope="module")
def sound(running: RunningSandbox) -> SoundRun:
    account = ScratchAccount(box=Box(running=running))
    before = mark(account)
    _, listed, _ = account.run(*QUICK, "--dry-run")
    none = calls_of(account, since=before)
    status, report, _ = account.run(*QUICK, "--yes")
    calls = calls_of(account, since=before)
    assert account.left() == {}
    return SoundRun(listed=listed, calls_of_the_dry_run=none, calls=calls, status=status, report=report)


def test_every_fact_that_can_be_observed_agrees_and_nothing_is_left(sound: SoundRun) -> None:
    assert sound.status == SOUND
    seen = results(sound.report)
    unseen = {fact for fact, verdicts in seen.items() if verdicts != {"agrees"}}
    # Without a verified identity, and without a deployment.
    assert unseen == {"grant-written", "grant-undone", "update-absent", "developer-accepted", "looked-at"}
    heard = set(re.findall(r"\| `(\w+)` \|", sound.report))
    assert {"CreateServiceLinkedRole", "DeleteUserPool", "DeleteIdentity"} <= heard
    assert "not delivered" not in sound.report
    assert sound.report.rstrip().endswith("## Left behind\n\nNothing.")


def test_the_report_names_no_account_address_token_or_actor(sound: SoundRun, running: RunningSandbox) -> None:
    for secret in (ACCOUNT, running.access_key_id, running.secret_access_key, "arn:aws", "127.0.0.1", "Boto3/"):
        assert secret not in sound.report, secret
    assert not re.search(r"[\w.+-]+@[\w-]+\.[\w.]+", sound.report)
    assert not re.search(r"[a-z]+-[a-z]+-\d_[A-Za-z0-9]{9}", sound.report)


def test_a_dry_run_makes_no_call_and_lists_every_call_of_a_run(sound: SoundRun) -> None:
    listed = set(re.findall(r"^  ([a-z0-9-]+):(\w+)$", sound.listed, re.MULTILINE))

    assert sound.calls_of_the_dry_run == set()
    assert len(sound.calls) > 30
    assert sound.calls <= {("ses" if service == "sesv2" else service, operation) for service, operation in listed}


def test_without_a_trail_the_bodies_come_from_the_history(account: ScratchAccount) -> None:
    trail = account.box.client("cloudtrail")
    name = trail.describe_trails()["trailList"][0]["Name"]
    trail.stop_logging(Name=name)
    try:
        status, report, _ = account.run(*QUICK, "--wait", "2", "--yes", "--although-pools")
    finally:
        trail.start_logging(Name=name)

    assert status == DIFFERS
    seen = results(report)
    assert seen["trail-delivers"] == {"DIFFERS"}
    assert seen["event-delivered"] == {"not observed"}
    assert seen["event-read"] == {"agrees"}
    assert "CreateUserPool, as CloudTrail records it" in report


def test_it_asks_before_it_makes_anything(account: ScratchAccount) -> None:
    before = mark(account)

    status, report, said = account.run(*QUICK, "--although-pools")

    assert (status, report.count("#")) == (REFUSED, 0)
    assert "nothing was made" in said
    assert {call for call in calls_of(account, since=before) if not call[1].startswith(("List", "Get"))} == set()


def test_an_account_with_a_pool_is_refused_and_with_permission_the_pool_stays(account: ScratchAccount) -> None:
    client = account.box.client("cognito-idp")
    pool = client.create_user_pool(PoolName="shop")["UserPool"]["Id"]
    before = client.describe_user_pool(UserPoolId=pool)["UserPool"]
    account.box.running.control("POST", "cognito/updates", {"also_reset": ["UserPoolTags"]})
    try:
        refused, _, said = account.run(*QUICK, "--yes")
        status, report, _ = account.run(*QUICK, "--yes", "--although-pools")
        assert client.describe_user_pool(UserPoolId=pool)["UserPool"] == before
    finally:
        account.box.running.control("POST", "cognito/updates", {"also_reset": []})
        client.delete_user_pool(UserPoolId=pool)

    assert (refused, status) == (REFUSED, DIFFERS)
    assert f"has user pools in {SEOUL}" in said
    # The fact that was made to differ, and no other.
    (line,) = (line for line in report.splitlines() if "| DIFFERS |" in line)
    assert line.startswith("| round-trip |")
    assert line.endswith("LITE: changed: UserPoolTags |")


def test_an_account_that_may_have_pools_is_refused(account: ScratchAccount) -> None:
    fault = {
        "effect": "fail",
        "service": "cognito-idp",
        "action": "ListUserPools",
        "region": "eu-west-3",
        "count": None,
    }
    number = account.box.running.control("POST", "faults", fault)["id"]
    try:
        status, _, said = account.run(*QUICK, "--yes")
    finally:
        account.box.running.control("DELETE", f"faults/{number}")

    assert status == REFUSED
    assert "has user pools in eu-west-3 is not known" in said


def test_nothing_is_left_after_an_interruption(account: ScratchAccount) -> None:
    with account.begin(*QUICK, "--yes", "--although-pools") as program:
        eventually(lambda: [each for each in account.pools() if each["Name"].endswith("lite")], within=30)
        program.send_signal(signal.SIGINT)
        output, said = program.communicate(timeout=60)

    assert program.returncode == INTERRUPTED, said
    assert "## Left behind\n\nNothing." in output


def test_a_failed_step_is_named_and_what_cannot_be_removed_is_removed_later(account: ScratchAccount) -> None:
    fault = {"effect": "fail", "service": "cognito-idp", "code": "AccessDeniedException", "status": 400, "count": None}
    faults = [
        account.box.running.control("POST", "faults", {**fault, "action": action})["id"]
        for action in ("UpdateUserPool", "DeleteUserPool")
    ]
    try:
        status, report, said = account.run(*QUICK, "--wait", "1", "--yes", "--although-pools")
    finally:
        for number in faults:
            account.box.running.control("DELETE", f"faults/{number}")
    (pool,) = account.pools()

    assert status == DIFFERS
    assert "- a pool with tier LITE: UpdateUserPool ended with AccessDeniedException" in report
    assert results(report)["round-trip"] == {"not observed"}
    assert f"aws cognito-idp delete-user-pool --region {SEOUL} --user-pool-id {pool['Id']}" in said
    assert report.rstrip().endswith("1 resource, listed on the terminal.")

    assert account.run(*QUICK, "--yes", "--remove")[0] == SOUND
