"""What people ask and order: why a pool's mail arrives or not, and one address off a suppression list."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import fastjsonschema
import pytest
from botocore.exceptions import ClientError

from sandbox.running import ROOT
from tests.e2e.box import HOME, STACK, Box, Json, unique
from tests.e2e.people import Identity, Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.stage import Stage

SEOUL, OREGON, VIRGINIA = "ap-northeast-2", "us-west-2", "us-east-1"
ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"
READS = ("Describe", "Get", "List", "Query", "BatchGet")
# What Lambda itself does on behalf of every function that logs.
LOGGING = {"CreateLogStream", "PutLogEvents"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Asks, and holds every answer to its schema and the function to reading."""

    box: Box
    validate: Any

    def why(self, pool: str, **members: str) -> Json:
        mark = self.box.mark()
        answer: Json = self.box.invoke("ask", {"why": pool, **members})
        self.validate(answer)
        calls = [call["action"] for call in self.box.calls(since=mark, role=self.box.role("ask"))]
        assert [call for call in calls if call not in LOGGING and not call.startswith(READS)] == []
        return answer


@pytest.fixture(scope="module")
def asker(box: Box) -> Diagnosis:
    schema = json.loads((ROOT / "docs" / "why.schema.json").read_text("utf-8"))
    return Diagnosis(box=box, validate=fastjsonschema.compile(schema))


@pytest.fixture
def address(box: Box) -> Iterator[str]:
    """A customer's address, of which nothing may be left anywhere but at SES."""
    address = f"{unique('minji')}@customer.example"
    yield address
    for region in (OREGON, VIRGINIA):
        box.control("DELETE", "ses/suppression", region=region)
    assert box.lines_with(address) == []


def suppress(box: Box, region: str, address: str, reason: str = "BOUNCE") -> None:
    box.control("POST", f"ses/{region}/suppression", {"addresses": [address], "reason": reason, "age_days": 30})


def is_suppressed(box: Box, region: str, address: str) -> bool:
    ses = box.client("sesv2", region)
    try:
        ses.get_suppressed_destination(EmailAddress=address)
    except ses.exceptions.NotFoundException:
        return False
    return True


def own_ses(stage: Stage, **members: str) -> tuple[Pool, Identity]:
    """A sound pool in Virginia that mails through the account's own SES."""
    identity = stage.people.identity(VIRGINIA)
    return stage.known(stage.people.pool(VIRGINIA, developer(identity, **members))), identity


# Why?


def test_a_broken_pool_is_explained_link_by_link_with_what_would_be_done(stage: Stage, asker: Diagnosis) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    # Nobody hears of it and nothing is repaired: the answer is of now, and not what was known.
    with stage.box.without_events():
        stage.people.detach(identity)
        answer = asker.why(pool.arn)
        judged = stage.people.judged(pool)
        stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)))

    assert answer["answer"] == "explained"
    assert answer["verdict"] == {"can_send": "no", "deciding_link": judged["stage"]}
    (broken,) = (link for link in answer["links"] if link["decides"])
    (found,) = (finding for finding in broken["findings"] if finding["rule"]["id"] == "MW401")
    assert (broken["link"], broken["state"]) == ("authorization", "broken")
    assert (found["effect"], found["fix"]["applicability"], found["fix"]["resource"]) == ("lost", "safe", identity.arn)
    assert found["mailwarden"]["will"] == "repair"
    assert answer["last_look"]["can_send"] == "yes"
    assert stage.records.finding_now(pool.arn, "MW401") is None


def test_a_pool_whose_service_linked_role_is_gone_is_explained(stage: Stage, asker: Diagnosis) -> None:
    pool, _ = own_ses(stage)
    iam = stage.box.client("iam", VIRGINIA)

    with stage.box.without_events():
        iam.delete_service_linked_role(RoleName=ROLE)
        answer = asker.why(pool.pool_id)
        iam.create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")

    rules = {finding["rule"]["id"] for link in answer["links"] for finding in link["findings"]}
    assert answer["verdict"] == {"can_send": "no", "deciding_link": "authorization"}
    assert "MW409" in rules


def test_a_statement_for_a_pool_that_is_gone_is_told_and_not_even_that_is_remembered(
    stage: Stage, asker: Diagnosis
) -> None:
    pool, identity = own_ses(stage)
    gone = f"arn:aws:cognito-idp:{VIRGINIA}:{stage.box.account}:userpool/{VIRGINIA}_Gone12345"
    with stage.box.without_events():
        stage.people.attach(identity, sending_policy(identity, {"ArnLike": {"aws:SourceArn": gone}}))
        answer = asker.why(pool.pool_id)
        stage.people.detach(identity)

    rules = {finding["rule"]["id"] for link in answer["links"] for finding in link["findings"]}
    assert "MW406" in rules
    assert answer["verdict"]["can_send"] == "yes"
    assert stage.records.holding("_Gone12345") == []


def test_a_suppressed_address_gets_no_mail_unless_the_configuration_set_overrides_it(
    stage: Stage, asker: Diagnosis, address: str
) -> None:
    name = stage.people.configuration_set(VIRGINIA)
    pool, _ = own_ses(stage, ConfigurationSet=name)
    suppress(stage.box, VIRGINIA, address)

    by_account = asker.why(pool.pool_id, address=address)["address"]
    stage.box.client("sesv2", VIRGINIA).put_configuration_set_suppression_options(
        ConfigurationSetName=name, SuppressedReasons=["COMPLAINT"]
    )
    by_set = asker.why(pool.pool_id, address=address)["address"]
    unknown = asker.why(pool.pool_id, address=f"other-{address}")["address"]

    (held,), (sent,), (absent,) = by_account["sides"], by_set["sides"], unknown["sides"]
    assert (held["fate"], held["on_the_list"], held["entry"]["reason"]) == ("not sent", True, "BOUNCE")
    assert held["in_force"]["by"] == f"the SES account in {VIRGINIA}"
    assert "does not send it" in held["sentence"]
    assert (sent["fate"], sent["on_the_list"], sent["in_force"]["reasons"]) == ("sent", True, ["COMPLAINT"])
    assert name in sent["in_force"]["by"]
    assert (absent["fate"], absent["on_the_list"], absent["entry"]) == ("sent", False, None)
    assert by_account["address"] == "m***@customer.example"
    assert stage.records.holding(address) == []


def test_the_list_of_the_default_sender_can_neither_be_seen_nor_cleared(
    stage: Stage, asker: Diagnosis, address: str
) -> None:
    identity = stage.people.address(VIRGINIA)
    pools = stage.people.pool(VIRGINIA), stage.people.pool(VIRGINIA, default_sender(identity))
    # Whether mail is a factor is asked where there are factors and the default sender, which sends none.
    members = {"region": VIRGINIA, "members": {"MfaConfiguration": "OPTIONAL"}}
    stage.box.control("POST", f"cognito/pools/{pools[0].pool_id}", members)
    mark = stage.box.mark()
    suppress(stage.box, VIRGINIA, address)

    for pool in map(stage.known, pools):
        told = asker.why(pool.pool_id, address=address)["address"]
        assert told["decided_by"] == "cognito-list"
        assert "cannot be read or cleared" in told["sentence"]
        assert told["sides"] == []
    assert stage.box.calls(since=mark, role=stage.box.role("ask"), action="GetUserPoolMfaConfig")


def test_a_pool_that_nobody_has_is_not_found_and_a_question_that_is_none_is_said_to_be(asker: Diagnosis) -> None:
    unknown = asker.why(f"{VIRGINIA}_Nowhere00")
    nonsense = asker.why("my pool")

    assert (unknown["answer"], unknown["refused"]) == ("not found", [])
    assert VIRGINIA in unknown["not_in"]
    assert nonsense["answer"] == "not understood"
    assert "neither the id nor the ARN" in nonsense["problem"]


# Orders


def test_an_address_is_removed_once_it_is_confirmed_and_at_most_once_in_seven_days(stage: Stage, address: str) -> None:
    box, mark = stage.box, stage.box.mark()
    suppress(box, OREGON, address)

    asked = unsuppress(box, address)
    still, written = is_suppressed(box, OREGON, address), writes(box, since=mark)
    removed = unsuppress(box, address, confirm=True)
    gone = not is_suppressed(box, OREGON, address)
    suppress(box, OREGON, address)
    again = unsuppress(box, address, confirm=True)

    assert (asked["answer"], asked["lacks"], asked["entry"]["reason"]) == ("needs consent", ["confirm"], "BOUNCE")
    assert (still, written) == (True, [])
    assert (removed["answer"], gone) == ("removed", True)
    assert (again["answer"], again["entry_id"]) == ("too soon", removed["entry_id"])
    assert is_suppressed(box, OREGON, address)
    assert writes(box, since=mark).count("DeleteSuppressedDestination") == 1
    (entry,) = (entry for entry in journal(stage) if entry["pk"].endswith(removed["entry_id"]))
    assert entry["outcome"] == "written"
    assert "alice" in str(entry["cause"])
    assert "the mailbox of m***@customer.example was full" in str(entry)
    assert address not in json.dumps([asked, removed, again])
    assert stage.records.holding(address) == []


def test_who_complained_is_not_taken_off_the_list_without_a_second_word(stage: Stage, address: str) -> None:
    suppress(stage.box, OREGON, address, "COMPLAINT")

    refused = unsuppress(stage.box, address, confirm=True)
    kept = is_suppressed(stage.box, OREGON, address)
    removed = unsuppress(stage.box, address, confirm=True, although_complaint=True)

    assert (refused["answer"], refused["lacks"], kept) == ("needs consent", ["although_complaint"], True)
    assert "marked a mail as spam" in refused["text"]
    assert removed["answer"] == "removed"
    assert not is_suppressed(stage.box, OREGON, address)


def test_who_may_only_ask_cannot_order(stage: Stage, address: str) -> None:
    functions = f"arn:aws:lambda:{HOME}:{stage.box.account}:function:{STACK}"
    may_ask = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": f"{functions}-ask"}
    somebody = stage.box.client("lambda", HOME, stage.box.user(may_ask))
    suppress(stage.box, OREGON, address)

    answer = somebody.invoke(FunctionName=f"{STACK}-ask", Payload=json.dumps({"why": f"{VIRGINIA}_Nowhere00"}))
    with pytest.raises(ClientError, match="AccessDenied"):
        somebody.invoke(FunctionName=f"{STACK}-operate", Payload=json.dumps(order(address, confirm=True)))

    assert json.load(answer["Payload"])["answer"] == "not found"
    assert is_suppressed(stage.box, OREGON, address)


def order(address: str, **words: bool) -> Json:
    reason = f"the mailbox of {address} was full"
    return {"unsuppress": {"region": OREGON, "address": address, "reason": reason, "by": "alice", **words}}


def unsuppress(box: Box, address: str, **words: bool) -> Json:
    answer: Json = box.invoke("operate", order(address, **words))
    return answer


def writes(box: Box, *, since: int) -> list[str]:
    """What the function did beyond reading, in the order of its calls."""
    calls = [call["action"] for call in box.calls(since=since, role=box.role("operate"))]
    return [call for call in calls if call not in LOGGING and not call.startswith(READS)]


def journal(stage: Stage) -> list[Any]:
    return list(stage.records.writes(f"arn:aws:ses:{OREGON}:{stage.box.account}:account/{stage.box.account}"))
