"""People undo what Mailwarden wrote: only what the entry added goes, nothing gives it back, the journal shows it."""

import json

from tests.e2e.box import Box, Json
from tests.e2e.people import Pool, default_sender, developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON, PARIS = "ap-northeast-2", "us-west-2", "eu-west-3"
WRITES = ("Create", "Delete", "Put", "Update", "Set")


def undo(box: Box, entry_id: str, *, confirm: bool) -> Json:
    answer: Json = box.invoke("operate", {"undo": {"entry": entry_id, "by": "alice", "confirm": confirm}})
    return answer


def entry_of(stage: Stage, resource: str, place: int) -> str:
    return str(until(lambda: stage.records.writes(resource)[place:], what=f"write {place}")[0]["pk"])


def repaired(stage: Stage, pool: Pool, rule: str) -> None:
    stage.alert(pool.arn, rule, "repaired")
    stage.box.quiet()


def test_of_a_grant_that_two_pools_share_only_one_entrys_pools_go_and_stay_away(stage: Stage) -> None:
    identity = stage.people.address(OREGON)
    first = stage.people.pool(SEOUL, default_sender(identity))
    repaired(stage, first, "MW401")
    second = stage.people.pool(SEOUL, default_sender(identity))
    repaired(stage, second, "MW401")
    entries = [entry_of(stage, identity.arn, place) for place in (0, 1)]
    shared = stage.people.policies(identity)
    mark = stage.box.mark()

    dry = undo(stage.box, entries[1], confirm=False)

    assert (dry["answer"], [row["before"] for row in dry["diff"]]) == ("dry run", [second.arn])
    assert [(pool["id"], pool["now"], pool["then"]) for pool in dry["pools"]] == [(second.pool_id, "yes", "no")]
    assert stage.people.policies(identity) == shared
    assert written(stage.box, since=mark) == []

    printed = stage.box.tool("orders.undo", entries[1], "--confirm", "--reason", "the shop moves away")

    assert "The entry was undone" in printed
    (document,) = stage.people.policies(identity).values()
    assert (first.arn in str(document), second.arn in str(document)) == (True, False)
    alert = stage.alert(second.arn, "MW401", "open")
    assert "a person undid the repair" in json.dumps(alert.document)
    looks = len(stage.records.looks(second.arn))
    stage.people.touch(second)
    stage.look_after(second, looks)
    assert [pool for pool in (first, second) if stage.people.judged(pool)["accepted"]] == [first]
    assert written(stage.box, since=mark) == ["UpdateEmailIdentityPolicy"]
    assert "a person undid the repair" in " ".join(stage.box.tool("why", second.pool_id).split())

    listed = stage.box.tool("journal", "--identity", identity.name)
    undone_by = stage.box.invoke("ask", {"journal": {"id": entries[1]}})["entry"]["undone_by"]
    for line in (*entries, f"Undone by  entry {undone_by}", f"Undoes     entry {entries[1]}"):
        assert line in listed, listed
    codes = [undo(stage.box, each, confirm=True)["code"] for each in (entries[1], undone_by, "20200101T000000-0a0a")]
    assert codes == ["undo.already", "undo.is-an-undo", "undo.unknown-entry"]

    # The event of an undo is the echo of a write of ours.
    assert stage.told(identity.arn, "MW906") == []

    # Its owner changes the policies of the identity: that is another state, and it is repaired again.
    stage.people.attach(identity, {"Version": "2012-10-17", "Statement": [other_statement(identity.arn)]})
    until(lambda: len(stage.records.writes(identity.arn)) == 4 or None, what="the repair after the change")
    stage.box.quiet()
    assert stage.people.judged(second)["accepted"]


def other_statement(arn: str) -> Json:
    return {
        "Sid": "Reports",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{arn.split(':')[4]}:root"},
        "Action": "ses:SendEmail",
        "Resource": arn,
    }


def test_a_moved_pool_goes_back_exactly_unless_its_mail_is_worse_for_it(stage: Stage) -> None:
    domain = stage.people.identity(PARIS)
    pool = stage.known(stage.people.pool(PARIS, developer(domain)))
    address = f"hello@{domain.name}"
    source = domain.arn.replace(domain.name, address)
    former = {**developer(domain, ReplyToEmailAddress=f"help@{domain.name}"), "SourceArn": source}
    stage.people.legacy(pool, former)
    stage.people.touch(pool)
    repaired(stage, pool, "MW106")
    entry = entry_of(stage, pool.arn, 0)
    assert configuration(stage, pool) == {**former, "SourceArn": domain.arn}

    worse = undo(stage.box, entry, confirm=True)

    assert (worse["answer"], worse["code"]) == ("refused", "undo.worse")
    assert [row["place"] for row in worse["diff"]] == [["EmailConfiguration", "SourceArn"]]
    assert configuration(stage, pool)["SourceArn"] == domain.arn

    stage.people.identity(PARIS, name=address)
    stage.box.quiet()
    done = undo(stage.box, entry, confirm=True)

    assert done["answer"] == "undone", done
    assert configuration(stage, pool) == former
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()
    stage.people.touch(pool)
    stage.look_after(pool, looks)
    assert written(stage.box, since=mark) == []
    assert undo(stage.box, entry, confirm=False)["code"] == "undo.already"


def configuration(stage: Stage, pool: Pool) -> dict[str, str]:
    described = stage.box.client("cognito-idp", pool.region).describe_user_pool(UserPoolId=pool.pool_id)
    found: dict[str, str] = described["UserPool"]["EmailConfiguration"]
    return found


def written(box: Box, *, since: int) -> list[str]:
    """The calls with which Mailwarden wrote what it watches."""
    roles = [box.role(function) for function in ("repair", "operate")]
    return [
        call["action"]
        for role in roles
        for call in box.calls(since=since, role=role)
        if call["service"] in {"cognito-idp", "ses", "sesv2", "email", "iam"} and call["action"].startswith(WRITES)
    ]
