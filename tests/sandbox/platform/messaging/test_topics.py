"""A topic reaches the queues and functions whose policies admit it, and no others."""

import pytest

from tests.infrastructure.templates import HOME, template
from tests.sandbox.platform.box import ACCOUNT, LOGS, SEOUL, Box, document, eventually, unique


def test_a_topic_reaches_only_the_functions_that_admit_it(box: Box) -> None:
    sns = box.client("sns")
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    source = "def handler(event, context):\n    print(event['Records'][0]['Sns']['Message'])\n"
    admitting, other, silent = (box.function(source, box.role(LOGS)) for _ in range(3))
    for function, arn in ((admitting, topic), (other, f"{topic}-other")):
        box.client("lambda").add_permission(
            FunctionName=function,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=arn,
        )
    for function in (silent, other, admitting):
        endpoint = f"arn:aws:lambda:{SEOUL}:{ACCOUNT}:function:{function}"
        sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=endpoint)

    # The second time functions are warm, so a call that should not come would come at once.
    for number in (1, 2):
        sns.publish(TopicArn=topic, Message="hello")
        assert eventually(lambda number=number: len(box.lines(admitting)) == number)  # type: ignore[misc]

    assert box.lines(other) == box.lines(silent) == []


def test_a_topic_reaches_only_the_queues_that_admit_it(box: Box) -> None:
    sns = box.client("sns")
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    (admitting, admitting_arn), (silent, silent_arn) = box.queue("admitting"), box.queue("silent")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": admitting_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    box.client("sqs").set_queue_attributes(QueueUrl=admitting, Attributes={"Policy": document(statement)})
    for arn in (silent_arn, admitting_arn):
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})

    sns.publish(TopicArn=topic, Message="hello")

    assert [message["Body"] for message in box.receive(admitting)] == ["hello"]
    assert box.receive(silent, wait=1) == []


DEFAULT, OPT_IN, ANOTHER_OPT_IN = "eu-west-1", "me-south-1", "eu-south-2"
PAIRS = [
    (DEFAULT, SEOUL, "sns.amazonaws.com"),
    (OPT_IN, OPT_IN, "sns.amazonaws.com"),
    (DEFAULT, OPT_IN, f"sns.{OPT_IN}.amazonaws.com"),
    (OPT_IN, SEOUL, f"sns.{OPT_IN}.amazonaws.com"),
    (OPT_IN, ANOTHER_OPT_IN, f"sns.{ANOTHER_OPT_IN}.amazonaws.com"),
]


def arrives(box: Box, topic_region: str, queue_region: str, *policy: dict[str, object]) -> bool:
    """Whether a message of a topic in one region comes to a queue in another, with these statements in its policy."""
    sns, sqs = box.client("sns", topic_region), box.client("sqs", queue_region)
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    url = sqs.create_queue(QueueName=unique("queue"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statements = [
        {**statement, "Resource": arn, "Condition": {**statement["Condition"], "ArnEquals": {"aws:SourceArn": topic}}}  # type: ignore[dict-item]
        for statement in policy
    ]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(*statements)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="hello")
    return "Messages" in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)


def admitting(principal: str) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sqs:SendMessage", "Condition": {}}


@pytest.mark.parametrize(("topic_region", "queue_region", "principal"), PAIRS)
def test_a_topic_delivers_to_another_region_as_the_principal_that_the_two_regions_have(
    box: Box, topic_region: str, queue_region: str, principal: str
) -> None:
    others = {each for _, _, each in PAIRS} - {principal}

    assert arrives(box, topic_region, queue_region, admitting(principal))
    assert not arrives(box, topic_region, queue_region, *map(admitting, sorted(others)))


@pytest.mark.parametrize(("topic_region", "queue_region", "principal"), PAIRS)
def test_the_queue_of_the_template_admits_a_listed_topic_of_any_region(
    box: Box, topic_region: str, queue_region: str, principal: str
) -> None:
    written = template(HOME).properties("FeedbackQueuePolicy")["PolicyDocument"]["Statement"]
    listed = [each for each in written if each["Sid"].startswith("AllowListedTopics")]

    assert arrives(box, topic_region, queue_region, *listed), principal


def test_a_subscription_by_mail_is_pending_until_its_owner_confirms_it(box: Box) -> None:
    sns = box.client("sns")
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    _, queue = box.queue("subscriber")

    asked = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="jane@corp.example")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

    assert asked["SubscriptionArn"] == "pending confirmation"
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    arns = {each["Protocol"]: each["SubscriptionArn"] for each in listed}
    assert arns["email"] == "PendingConfirmation"
    assert arns["sqs"].startswith(f"{topic}:")
