"""A topic reaches the queues and functions whose policies admit it, and no others."""

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
