"""Chosen calls fail in chosen ways, after IAM let them through, and the call list shows how."""

import json
import time
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import LOGS, Box, allow, eventually

THROTTLES = [
    ("cognito-idp", "cognito-idp", "list_user_pools", {"MaxResults": 1}, "TooManyRequestsException", 400),
    ("ses", "ses", "list_identities", {}, "Throttling", 400),
    ("sesv2", "ses", "list_email_identities", {}, "TooManyRequestsException", 429),
    ("iam", "iam", "list_users", {}, "Throttling", 400),
    ("dynamodb", "dynamodb", "describe_table", {"TableName": "x"}, "ProvisionedThroughputExceededException", 400),
    ("sqs", "sqs", "list_queues", {}, "RequestThrottled", 403),
    ("cloudwatch", "cloudwatch", "list_metrics", {}, "Throttling", 400),
    ("secretsmanager", "secretsmanager", "list_secrets", {}, "ThrottlingException", 400),
]


@pytest.mark.parametrize(("client", "service", "call", "parameters", "code", "status"), THROTTLES)
def test_a_throttle_is_what_that_service_says_to_callers_too_fast(
    box: Box, client: str, service: str, call: str, parameters: dict[str, object], code: str, status: int
) -> None:
    fault(box, effect="throttle", service=service, action=call.title().replace("_", ""))

    with pytest.raises(ClientError) as refusal:
        getattr(box.client(client), call)(**parameters)

    assert refusal.value.response["Error"]["Code"] == code
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert box.calls(service=service)[-1]["error"] == code


def test_ses_is_meant_by_the_prefix_of_its_actions_and_by_its_name_in_the_cli(box: Box) -> None:
    for name in ("ses", "sesv2"):
        fault(box, effect="throttle", service=name, action="ListEmailIdentities")

        with pytest.raises(ClientError):
            box.client("sesv2").list_email_identities()

        assert box.control("GET", f"calls?service={name}")[-1]["action"] == "ListEmailIdentities"


def test_a_fault_is_spent_after_its_count_and_shows_what_it_hit(box: Box) -> None:
    number = fault(box, effect="fail", service="sns", code="InternalError", status=500, message="told to", count=2)
    sns = box.client("sns")

    for _ in range(2):
        with pytest.raises(ClientError, match="told to"):
            sns.list_topics()
    sns.list_topics()

    [shown] = [shown for shown in box.control("GET", "faults") if shown["id"] == number]
    assert (shown["count"], len(shown["hits"])) == (0, 2)


def test_a_fault_can_let_the_first_calls_pass(box: Box) -> None:
    fault(box, effect="fail", service="sns", action="ListSubscriptions", message="told to", skip=2)
    sns = box.client("sns")

    sns.list_subscriptions()
    sns.list_subscriptions()
    with pytest.raises(ClientError, match="told to"):
        sns.list_subscriptions()
    sns.list_subscriptions()


def test_a_function_that_is_restarted_starts_cold(box: Box) -> None:
    source = "import os\ndef handler(event, context):\n    return os.getpid()\n"
    name, functions = box.function(source, box.role(LOGS)), box.client("lambda")
    warm = [json.load(functions.invoke(FunctionName=name)["Payload"]) for _ in range(2)]

    box.control("POST", f"functions/{name}/restart")
    cold = json.load(functions.invoke(FunctionName=name)["Payload"])

    assert warm[0] == warm[1] != cold


def test_an_invocation_with_a_text_in_its_event_starts_cold_once_and_the_warm_process_stays(box: Box) -> None:
    source = "import os\ndef handler(event, context):\n    return os.getpid()\n"
    name, functions = box.function(source, box.role(LOGS)), box.client("lambda")

    def invoked(subject: str) -> int:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"subject": subject}))
        return int(json.load(answer["Payload"]))

    warm = invoked("first")
    box.control("POST", f"functions/{name}/restart", {"containing": ["the second"]})
    processes = [invoked("first"), invoked("the second one"), invoked("the second one")]

    assert processes[0] == processes[2] == warm != processes[1]
    for wrong in ([], [""], "the second"):
        with pytest.raises(HTTPError, match="400"):
            box.control("POST", f"functions/{name}/restart", {"containing": wrong})


def test_a_death_meets_only_the_invocation_that_works_on_its_subject(box: Box) -> None:
    url, arn = box.queue("written")
    name = box.function(SENDS.replace("QUEUE", url), box.role(LOGS, allow("sqs:SendMessage", arn)))
    fault(box, effect="die", service="sqs", action="SendMessage", invocation="the second", count=None)

    answers = [
        box.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"subject": subject}))
        for subject in ("the first", "the second", "the first")
    ]

    assert ["FunctionError" in answer for answer in answers] == [False, True, False]


def test_a_fault_meets_only_the_calls_it_was_ordered_for(box: Box) -> None:
    _, arn = box.queue("hit")
    missed_url, _ = box.queue("missed")
    number = fault(box, effect="fail", service="sqs", action="Send*", resource=arn, region="ap-*", count=None)

    box.send(missed_url, "through")
    with pytest.raises(ClientError):
        box.send(arn.rsplit(":", 1)[-1], "stopped")

    assert len(box.control("DELETE", f"faults/{number}")["removed"]) == 1


def test_a_refused_call_does_not_spend_a_fault(box: Box) -> None:
    number = fault(box, effect="fail", service="sns", action="ListTopics")
    _, keys = box.user(allow("sqs:*"))

    with pytest.raises(ClientError, match=r"AuthorizationError|AccessDenied"):
        box.client("sns", keys=keys).list_topics()

    assert box.control("DELETE", f"faults/{number}")["removed"][0]["hits"] == []


def test_a_stalled_call_takes_its_time_and_then_succeeds(box: Box) -> None:
    fault(box, effect="stall", service="sns", action="ListTopics", seconds=0.4)
    started = time.monotonic()

    box.client("sns").list_topics()

    assert time.monotonic() - started >= 0.4


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_a_function_dies_around_its_call_and_a_new_process_takes_the_next_message(
    box: Box, when: str, *, written: bool
) -> None:
    url, arn = box.queue(VisibilityTimeout="60")
    topics_url, topics_arn = box.queue("written")
    role = box.role(
        LOGS,
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn),
        allow("sqs:SendMessage", topics_arn),
    )
    function = box.function(SENDS.replace("QUEUE", topics_url), role)
    box.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=arn)
    fault(box, effect="die", service="sqs", action="SendMessage", role=role.rsplit("/", 1)[-1], when=when)

    box.send(url, "one")

    assert eventually(lambda: box.calls(service="sqs", action="SendMessage", role=role.rsplit("/", 1)[-1]))
    time.sleep(0.5)
    assert ("survived" in " ".join(box.lines(function))) is False
    assert (len(box.receive(topics_url, wait=1)) == 1) is written
    box.control("POST", f"queues/{arn.rsplit(':', 1)[-1]}/release")
    assert eventually(lambda: "survived" in " ".join(box.lines(function)))


def test_an_order_that_makes_no_sense_is_refused(box: Box) -> None:
    with pytest.raises(HTTPError) as refusal:
        box.control("POST", "faults", {"effect": "explode"})

    assert refusal.value.code == 400
    assert "explode" in json.load(refusal.value)["error"]
    refusal.value.close()


# Signs by hand, as no SDK is deployed with it: SigV4 of one form-encoded request.
SENDS = """
import datetime, hashlib, hmac, os, urllib.parse, urllib.request
def sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
def handler(event, context):
    url = "QUEUE"
    host = urllib.parse.urlsplit(url).netloc
    parameters = {"Action": "SendMessage", "Version": "2012-11-05", "QueueUrl": url, "MessageBody": "x"}
    body = urllib.parse.urlencode(parameters)
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    region, day = os.environ["AWS_REGION"], now[:8]
    headers = {"content-type": "application/x-www-form-urlencoded", "host": host, "x-amz-date": now,
               "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"]}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\\n" for name in sorted(headers))
    path = urllib.parse.urlsplit(url).path
    request = "\\n".join(["POST", path, "", lines, names, hashlib.sha256(body.encode()).hexdigest()])
    scope = f"{day}/{region}/sqs/aws4_request"
    text = "\\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (day, region, "sqs", "aws4_request"):
        key = sign(key, part)
    signature = sign(key, text).hex()
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                                f"SignedHeaders={names}, Signature={signature}")
    urllib.request.urlopen(urllib.request.Request(url, data=body.encode(), headers=headers)).read()
    print("survived")
"""


def fault(box: Box, **order: object) -> int:
    return int(box.control("POST", "faults", order)["id"])


def test_a_stale_read_shows_the_state_before_a_write_for_a_while(box: Box) -> None:
    ses = box.client("sesv2")

    def names() -> set[str]:
        return {each["IdentityName"] for each in ses.list_email_identities()["EmailIdentities"]}

    number = fault(box, effect="stale", service="ses", action="ListEmailIdentities", count=None, seconds=2)
    before = names()

    ses.create_email_identity(EmailIdentity="stale.example")
    at_once = names()

    assert at_once == before
    assert "stale.example" not in before
    assert eventually(lambda: "stale.example" in names())
    box.control("DELETE", f"faults/{number}")
