"""AWS refuses, throttles and fails, functions die: nothing unsafe is written, nothing is lost or told twice."""

import json
from functools import partial

import pytest

from tests.e2e.box import WATCHED, Box
from tests.e2e.people import Identity, Pool, developer
from tests.e2e.records import Look
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON, VIRGINIA, PARIS, DUBLIN = "ap-northeast-2", "us-west-2", "us-east-1", "eu-west-3", "eu-west-1"
DENIED = {"effect": "fail", "code": "AccessDeniedException", "status": 403, "message": "told to", "count": None}
THROTTLED = {"effect": "throttle", "count": None}
ATTEMPTS = 4
ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


@pytest.mark.parametrize(
    ("service", "action", "link"),
    [
        ("ses", "GetEmailIdentity", "identity"),
        ("ses", "GetAccount", "account"),
        ("iam", "GetRole", "authorization"),
    ],
)
def test_a_read_that_fails_makes_the_verdict_unknown_and_nothing_is_written(
    stage: Stage, service: str, action: str, link: str
) -> None:
    identity = stage.people.identity(DUBLIN)
    pool = stage.known(stage.people.pool(DUBLIN, developer(identity)))
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()

    with stage.box.fault(service=service, action=action, role="mailwarden-*", **DENIED) as hits:
        stage.people.touch(pool)
        look = stage.look_after(pool, looks)
        assert hits() > 0
    stage.people.touch(pool)
    readable = stage.look_after(pool, looks + 1)

    assert (look.answer, look.deciding) == ("unknown", link)
    assert writes(stage.box, since=mark) == []
    assert readable.answer == "yes"
    assert stage.agreed(pool) == ("yes", None)


def test_a_throttled_read_is_no_news_and_the_look_comes_again(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()

    with stage.box.fault(service="ses", action="GetEmailIdentity", role="mailwarden-*", **THROTTLED) as hits:
        stage.people.detach(identity)
        until(lambda: hits() >= ATTEMPTS, what="a throttled read, tried again")
        untouched = writes(stage.box, since=mark), stage.records.looks(pool.arn)[looks:]
    until(lambda: hastened_looks(stage, pool)[looks:], what="the look that comes again")
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert untouched == ([], [])
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]
    assert stage.agreed(pool) == ("yes", None)


def test_a_broken_pool_that_cannot_be_read_whole_is_not_repaired_until_it_can(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()

    with stage.box.fault(service="ses", action="GetEmailIdentity", role="mailwarden-*", **DENIED):
        stage.people.detach(identity)
        blind = stage.look_after(pool, looks)
        untouched = writes(stage.box, since=mark)
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW401", "repaired")

    assert blind.answer == "unknown"
    assert untouched == []
    assert writes(stage.box, since=mark) == ["CreateEmailIdentityPolicy"]


def test_a_pool_that_cannot_be_described_is_looked_at_again_later(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()

    with stage.box.fault(service="cognito-idp", action="DescribeUserPool", role="mailwarden-*", **DENIED) as hits:
        stage.people.detach(identity)
        until(hits, what="a refused read")
        until(lambda: complaints(stage, "look failed", pool), what="the complaint of the look")
        blind, untouched = stage.records.looked(pool.arn, after=looks), writes(stage.box, since=mark)
    stage.box.release("HintsQueueUrl")
    stage.alert(pool.arn, "MW401", "repaired")

    assert (blind.answer, untouched) == ("unknown", [])
    assert writes(stage.box, since=mark) == ["CreateEmailIdentityPolicy"]


def test_a_write_to_a_pool_that_is_throttled_once_is_made_once(stage: Stage) -> None:
    pool, own = misplaced(stage)
    mark = stage.box.mark()

    with stage.box.fault(
        effect="throttle", service="cognito-idp", action="UpdateUserPool", role="mailwarden-*"
    ) as hits:
        stage.people.touch(pool)
        until(hits, what="a throttled write")
        until(lambda: came_again(stage, pool), what="the repair")
    stage.alert(pool.arn, "MW201", "repaired")
    stage.box.quiet()

    assert writes(stage.box, since=mark) == ["UpdateUserPool"]
    assert stage.told(pool.arn, "MW201") == [("MW201", "repaired")]
    assert [write["outcome"] for write in stage.records.writes(pool.arn)].count("written") == 1
    assert described(stage, pool)["SourceArn"] == own.arn


def test_a_write_of_a_policy_that_is_throttled_once_is_made_once(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    mark = stage.box.mark()

    with stage.box.fault(
        effect="throttle", service="ses", action="CreateEmailIdentityPolicy", role="mailwarden-*"
    ) as hits:
        stage.people.detach(identity)
        stage.alert(pool.arn, "MW401", "repaired")
        assert hits() == 1
    stage.box.quiet()

    assert writes(stage.box, since=mark) == ["CreateEmailIdentityPolicy"]
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]


def test_a_look_after_the_write_that_fails_comes_again(stage: Stage) -> None:
    pool, _ = misplaced(stage)
    refusal = DENIED | {"count": 1, "skip": 2}

    # The first look of the repair reads the accounts of both regions once, also for the sender that was lost.
    with stage.box.fault(service="ses", action="GetAccount", role=stage.box.role("repair"), **refusal) as hits:
        stage.people.touch(pool)
        stage.alert(pool.arn, "MW201", "repaired")
        until(hits, what="the refused look")
        until(lambda: hastened_looks(stage, pool)[-1].answer == "yes", what="the look that came again")
    stage.box.quiet()

    assert "unknown" in [look.answer for look in stage.records.looks(pool.arn)]
    assert stage.agreed(pool) == ("yes", None)
    assert stage.told(pool.arn, "MW201") == [("MW201", "repaired")]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_repair_that_dies_around_its_write_is_finished_and_told_once(stage: Stage, when: str) -> None:
    pool, own = misplaced(stage)
    mark = stage.box.mark()

    with stage.box.fault(
        effect="die", when=when, service="cognito-idp", action="UpdateUserPool", role="mailwarden-*"
    ) as hits:
        stage.people.touch(pool)
        until(hits, what="the death of the function")
        until(lambda: came_again(stage, pool), what="the repair")
    stage.alert(pool.arn, "MW201", "repaired")
    stage.box.quiet()

    assert writes(stage.box, since=mark) == ["UpdateUserPool"]
    assert stage.told(pool.arn, "MW201") == [("MW201", "repaired")]
    until(partial(stage.alerts.chat, pool.pool_id, "MW201"), what="the message in the chat")
    assert len(stage.alerts.chat(pool.pool_id, "MW201")) == 1
    assert described(stage, pool)["SourceArn"] == own.arn


def test_a_chat_that_asks_to_wait_gets_every_alert_once(stage: Stage) -> None:
    first, first_identity = stage.authorized(SEOUL, OREGON)
    second, second_identity = stage.authorized(SEOUL, OREGON)
    known = len(stage.box.control("GET", "chat", all="true"))

    stage.box.control("POST", "webhook/alerts/behavior", {"status": 429, "retry_after": 1, "count": 2})
    stage.people.detach(first_identity)
    stage.alert(first.arn, "MW401", "repaired")
    stage.people.detach(second_identity)
    stage.alert(second.arn, "MW401", "repaired")
    stage.box.quiet()

    received = stage.box.control("GET", "chat", all="true")[known:]
    # Alerts of two incidents do not wait for each other: each may be the one that is asked to wait.
    assert sorted(one["status"] for one in received) == [200, 200, 429, 429]
    assert [len(stage.alerts.chat(pool.pool_id, "MW401")) for pool in (first, second)] == [1, 1]


def test_a_topic_that_fails_a_few_times_is_told_in_the_end(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    refusal = {"effect": "fail", "code": "AuthorizationError", "status": 403, "message": "told to", "count": 2}

    with stage.box.fault(service="sns", action="Publish", role="mailwarden-*", **refusal) as hits:
        stage.people.detach(identity)
        stage.alert(pool.arn, "MW401", "repaired")
        assert hits() == 2
    stage.box.quiet()

    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]
    until(partial(stage.alerts.chat, pool.pool_id, "MW401"), what="the message in the chat")
    assert len(stage.alerts.chat(pool.pool_id, "MW401")) == 1


def test_an_alert_that_the_stream_gave_up_is_told_by_the_look_of_the_minute(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    refusal = {"effect": "fail", "code": "AuthorizationError", "status": 403, "message": "told to", "count": None}
    failed = stage.box.depth("FunctionFailuresUrl")

    with stage.box.fault(service="sns", action="Publish", role="mailwarden-*", **refusal):
        stage.people.detach(identity)
        until(lambda: stage.box.depth("FunctionFailuresUrl") > failed, what="the record of what failed in the stream")
        untold = stage.told(pool.arn, "MW401")
    # The minute's look leaves the stream half a minute of head start.
    until(lambda: told_by_the_minute(stage, pool), what="the alert", within=60)
    stage.box.quiet()

    assert untold == []
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]
    until(partial(stage.alerts.chat, pool.pool_id, "MW401"), what="the message in the chat")
    assert len(stage.alerts.chat(pool.pool_id, "MW401")) == 1


def test_a_sweep_that_fails_every_time_is_kept_for_the_operators(stage: Stage) -> None:
    stage.box.received("FunctionFailuresUrl")

    with stage.box.fault(service="cognito-idp", action="ListUserPools", role="mailwarden-*", **DENIED):
        answered = stage.box.invoke("sweep", {"sweep": "all"})
    with stage.box.fault(service="dynamodb", action="GetItem", role=stage.box.role("sweep"), **DENIED):
        stage.box.client("lambda").invoke(
            FunctionName="mailwarden-sweep", InvocationType="Event", Payload=json.dumps({"sweep": "all"})
        )
        until(lambda: stage.box.depth("FunctionFailuresUrl"), what="the record of the failed sweep")
    (record,) = stage.box.received("FunctionFailuresUrl")

    # A region that cannot be listed is told in the log and does not keep the others from being swept.
    assert answered is None
    missed = [line for line in stage.box.log("sweep") if line.get("message") == "not swept"]
    assert {line["region"] for line in missed if "AccessDenied" in line["reason"]} >= set(WATCHED)
    assert json.loads(record["Body"])["requestPayload"] == {"sweep": "all"}
    stage.box.quiet()


def misplaced(stage: Stage) -> tuple[Pool, Identity]:
    """A pool that is outside its regions since long ago, and the identity it should use."""
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    pool = stage.known(stage.people.pool(PARIS, developer(own)))
    stage.people.legacy(pool, developer(old))
    return pool, own


def described(stage: Stage, pool: Pool) -> dict[str, str]:
    cognito = stage.box.client("cognito-idp", pool.region)
    email: dict[str, str] = cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]["EmailConfiguration"]
    return email


def came_again(stage: Stage, pool: Pool) -> bool:
    """Let the order come again at once, as after its visibility timeout; whether the pool was written by now."""
    stage.box.end_lease(pool.arn)
    stage.box.release("RepairsQueueUrl")
    return (
        "/" + pool.region in described(stage, pool)["SourceArn"]
        or f":{pool.region}:" in described(stage, pool)["SourceArn"]
    )


def hastened_looks(stage: Stage, pool: Pool) -> list[Look]:
    """The looks at a pool by now, while one that was put off comes at once."""
    stage.box.hasten("HintsQueueUrl")
    return stage.records.looks(pool.arn)


def complaints(stage: Stage, message: str, pool: Pool) -> list[object]:
    return [
        line
        for line in stage.box.log("inspect", containing=pool.pool_id)
        if line["message"] == message and line.get("pool") == pool.arn
    ]


def told_by_the_minute(stage: Stage, pool: Pool) -> bool:
    stage.box.invoke("announce", {"announce": "waiting"})
    return bool(stage.told(pool.arn, "MW401"))


def writes(box: Box, *, since: int) -> list[str]:
    """What the repair function changed in AWS: calls that were taken."""
    return [
        call["action"]
        for call in box.calls(since=since, role=box.role("repair"))
        if call["service"] in {"cognito-idp", "ses", "iam"}
        and not call["action"].startswith(("Describe", "Get", "List"))
        and call["error"] is None
    ]
