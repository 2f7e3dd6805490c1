"""The sender of threat protection's notices is lost to a partial call, and the command of the alert restores it."""

import json
import re

from tests.e2e.box import Json
from tests.e2e.people import Identity, Pool
from tests.e2e.stage import Stage
from tests.e2e.test_sender_reset import guarded
from tests.e2e.test_set_sender import described
from tests.e2e.test_undo import undo, written

PARIS = "eu-west-3"
BLOCKED = {"BlockedIPRangeList": ["192.0.2.0/24"]}
CREDENTIALS = {"Actions": {"EventAction": "BLOCK"}, "EventFilter": ["SIGN_IN"]}


def notifying(identity: Identity, name: str = "security") -> Json:
    """Responses of which one notifies, and the sender with its mails."""
    mail = {"Subject": "Was it you?", "HtmlBody": "<p>A sign-in was blocked.</p>", "TextBody": "A sign-in was blocked."}
    return {
        "NotifyConfiguration": {"SourceArn": identity.arn, "From": f"{name}@{identity.name}", "BlockEmail": mail},
        "Actions": {
            "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
            "HighAction": {"Notify": True, "EventAction": "BLOCK"},
        },
    }


def risks(stage: Stage, pool: Pool, **client: str) -> Json:
    """What is set for all app clients, or for one."""
    cognito = stage.box.client("cognito-idp", pool.region)
    found = cognito.describe_risk_configuration(UserPoolId=pool.pool_id, **client)["RiskConfiguration"]
    return {name: part for name, part in found.items() if name.endswith("Configuration")}


def restore(stage: Stage, pool: Pool, *words: str) -> Json:
    document: Json = json.loads(stage.box.tool("orders.restore", pool.pool_id, *words, "--json"))
    return document


def refused(stage: Stage, pool: Pool, *words: str) -> Json:
    """The answer to an order that writes nothing."""
    document: Json = json.loads(stage.box.tool("orders.restore", pool.pool_id, *words, "--apply", "--json", status=1))
    return document


def test_the_command_of_the_alert_restores_the_sender_of_notices_and_nothing_else(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    pool, set_risks = guarded(stage, identity)
    cognito = stage.box.client("cognito-idp", PARIS)
    client = cognito.create_user_pool_client(UserPoolId=pool.pool_id, ClientName="app")["UserPoolClient"]["ClientId"]
    of_client = notifying(identity, "app")
    set_risks(AccountTakeoverRiskConfiguration=of_client, ClientId=client)
    set_risks(AccountTakeoverRiskConfiguration=notifying(identity), RiskExceptionConfiguration=BLOCKED)
    stage.known(pool)
    stage.box.quiet()
    others = described(stage, pool)

    partial = {"CompromisedCredentialsRiskConfiguration": CREDENTIALS}
    set_risks(**partial)

    alert = stage.alert(pool.arn, "MW117", "open").document
    command = re.search(r"`make restore POOL=(\S+) NOTICES=yes`", json.dumps(alert))
    assert command is not None, alert
    assert command[1] == pool.pool_id
    stage.box.quiet()
    mark = stage.box.mark()
    dry = restore(stage, pool, "--notices")
    rows = {tuple(row["place"][1:]): (row["before"], row["after"]) for row in dry["diff"]}
    assert (dry["answer"], dry["pool"]["now"], dry["pool"]["then"]) == ("dry run", "at risk", "yes")
    assert rows["NotifyConfiguration", "SourceArn"] == (None, identity.arn)
    assert rows["NotifyConfiguration", "From"] == (None, f"security@{identity.name}")
    assert {row["place"][0] for row in dry["diff"]} == {"AccountTakeoverRiskConfiguration"}
    assert (risks(stage, pool), written(stage.box, since=mark)) == (partial, [])
    # Without the word for the notices it is the pool's own sender that is asked for.
    assert refused(stage, pool)["code"] == "restore.only-notices-lost"

    done = restore(stage, pool, "--notices", "--reason", "by accident", "--apply")

    assert (done["answer"], done["pool"]["then"]) == ("written", "yes"), done
    assert risks(stage, pool) == {"AccountTakeoverRiskConfiguration": notifying(identity), **partial}
    assert risks(stage, pool, ClientId=client) == {"AccountTakeoverRiskConfiguration": of_client}
    assert described(stage, pool) == others
    assert written(stage.box, since=mark) == ["SetRiskConfiguration"]
    stage.alert(pool.arn, "MW117", "repaired")
    stage.box.quiet()

    undone = undo(stage.box, done["entry_id"], confirm=True)

    assert undone["answer"] == "undone", undone
    assert risks(stage, pool) == partial
    stage.box.quiet()
    assert stage.told(pool.arn, "MW117") == [("MW117", "open"), ("MW117", "repaired")]
    assert refused(stage, pool, "--notices")["code"] == "restore.no-notices-lost"
    assert stage.agreed(pool) == ("yes", None)


def test_a_call_that_wants_no_notices_is_left_alone_and_a_refused_restore_is_told(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    pool, set_risks = guarded(stage, identity)
    set_risks(AccountTakeoverRiskConfiguration=notifying(identity))
    stage.known(pool)
    quiet = {"HighAction": {"Notify": False, "EventAction": "BLOCK"}}
    set_risks(AccountTakeoverRiskConfiguration={"Actions": quiet})
    stage.box.quiet()
    assert stage.told(pool.arn, "MW117") == []
    assert refused(stage, pool, "--notices")["code"] == "restore.no-notices-lost"

    set_risks(AccountTakeoverRiskConfiguration=notifying(identity))
    stage.box.quiet()
    set_risks(RiskExceptionConfiguration=BLOCKED)
    stage.alert(pool.arn, "MW117", "open")
    # Cognito refuses a sender that it may not use any more, and nothing changes.
    stage.box.client("sesv2", PARIS).delete_email_identity_policy(
        EmailIdentity=identity.name, PolicyName=policy_of(stage, identity)
    )
    answer = refused(stage, pool, "--notices")
    assert answer["answer"] == "not written", answer
    assert any("MW112" in warning for warning in answer["warnings"]), answer
    assert risks(stage, pool) == {"RiskExceptionConfiguration": BLOCKED}
    assert restore(stage, pool, "--accept")["answer"] == "accepted"
    stage.box.quiet()
    # That the write was refused is news of the open finding.
    assert stage.told(pool.arn, "MW117") == [("MW117", "open"), ("MW117", "open"), ("MW117", "resolved")]


def policy_of(stage: Stage, identity: Identity) -> str:
    """The one sending policy of an identity."""
    found = stage.box.client("sesv2", PARIS).get_email_identity_policies(EmailIdentity=identity.name)["Policies"]
    (name,) = found
    return str(name)
