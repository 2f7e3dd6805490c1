"""People set the sender of a pool: a dry run, the write, its undo; nothing else of the pool changes."""

import json

from tests.e2e.box import Json
from tests.e2e.people import Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.test_undo import undo, written

PARIS = "eu-west-3"
# What a partial UpdateUserPool resets.
SETTINGS: Json = {
    "AutoVerifiedAttributes": ["email"],
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
    "DeletionProtection": "ACTIVE",
    "EmailVerificationSubject": "Your code of the shop",
    "EmailVerificationMessage": "It is {####}",
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    "UserPoolTags": {"team": "shop"},
}


def described(stage: Stage, pool: Pool) -> tuple[Json, Json]:
    """The pool without the times, and its EmailConfiguration."""
    cognito = stage.box.client("cognito-idp", pool.region)
    members = dict(cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"])
    del members["LastModifiedDate"]
    return members, members.pop("EmailConfiguration")


def test_a_dry_run_the_write_and_its_undo_change_the_sender_and_nothing_else(stage: Stage) -> None:
    old, new = stage.people.identity(PARIS), stage.people.identity(PARIS)
    before = developer(old, ReplyToEmailAddress=f"help@{old.name}")
    pool = stage.known(stage.people.pool(PARIS, before, **SETTINGS))
    others, configuration = described(stage, pool)
    name = str(others["Name"])
    named = (name, "--identity", new.name, "--from", f"Shop <hello@{new.name}>", "--reply-to", "none")
    mark = stage.box.mark()

    dry = stage.box.tool("orders.set_sender", *named)

    for line in (f"- {old.arn}", f"+ {new.arn}", f"+ Shop <hello@{new.name}>", f"- help@{old.name}"):
        assert line in dry, dry
    assert described(stage, pool) == (others, configuration)
    assert written(stage.box, since=mark) == []

    document = json.loads(stage.box.tool("orders.set_sender", *named, "--reason", "new domain", "--apply", "--json"))

    assert (document["answer"], document["pool"]["now"], document["pool"]["then"]) == ("written", "yes", "yes")
    after = {"EmailSendingAccount": "DEVELOPER", "SourceArn": new.arn, "From": f"Shop <hello@{new.name}>"}
    assert described(stage, pool) == (others, after)
    assert written(stage.box, since=mark) == ["UpdateUserPool"]
    assert stage.people.judged(pool)["accepted"]
    stage.box.quiet()
    assert stage.told(pool.arn) == []
    entry = stage.box.invoke("ask", {"journal": {"id": document["entry_id"]}})["entry"]
    assert (entry["by_a_person"], entry["no_undo"], entry["pools_count"]) == (True, None, 1)
    assert "new domain" in entry["title"]

    assert undo(stage.box, document["entry_id"], confirm=True)["answer"] == "undone"

    assert described(stage, pool) == (others, configuration)
    past = json.loads(stage.box.tool("questions.history", name, "--output", "json"))
    writes = [event["entry"] for event in past["events"] if event["kind"] == "write"]
    assert [(each["undoes"], each["undone_by"]) for each in writes] == [
        (document["entry_id"], None),
        (None, writes[0]["id"]),
    ]


def test_an_incident_is_listed_while_it_is_open_and_when_it_is_over(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    pool = stage.known(stage.people.pool(PARIS, developer(identity)))
    stage.people.verify(PARIS, identity.name, "FAILED")
    stage.people.touch(pool)
    stage.seen_broken(pool)
    stage.box.quiet()

    def mine(*words: str) -> list[Json]:
        listed = json.loads(stage.box.tool("questions.incidents", "--output", "json", *words))
        return [row for row in listed["incidents"] if row["cause"]["subject"] == identity.arn]

    (row,) = mine()
    assert (row["state"], row["rule"], row["pools"]["found"]) == ("open", "MW302", 1)
    assert row["last_message"]["occasion"] == "opened"

    stage.people.verify(PARIS, identity.name)
    looks = len(stage.records.looks(pool.arn))
    stage.people.touch(pool)
    stage.look_after(pool, looks)

    assert mine() == []
    (over,) = mine("--all")
    assert (over["state"], over["last_message"]["occasion"]) == ("resolved", "ended")
    assert "✔ MW302 resolved" in stage.box.tool("questions.history", pool.pool_id)


def test_a_sender_that_would_not_send_and_an_illegal_default_are_refused(stage: Stage) -> None:
    identity, pending = stage.people.identity(PARIS), stage.people.identity(PARIS, verified=False)
    otp = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    pool = stage.known(stage.people.pool(PARIS, developer(identity), Policies=otp))
    whole, mark = described(stage, pool), stage.box.mark()

    words = ("--identity", pending.name, "--from", f"a@{pending.name}", "--apply")
    lost = stage.box.tool("orders.set_sender", pool.pool_id, *words, status=1)
    illegal = stage.box.tool("orders.set_sender", pool.pool_id, "--default", "--apply", status=1)

    assert "MW302" in lost
    assert "its sign-in needs one-time passwords by email" in " ".join(illegal.split())
    assert (described(stage, pool), written(stage.box, since=mark)) == (whole, [])
