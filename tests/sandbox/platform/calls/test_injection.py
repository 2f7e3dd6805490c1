"""What tests may do to queues past their policies, and what the call list says of permissions."""

import json

from tests.sandbox.platform.box import LOGS, Box, allow, eventually, unique


def test_messages_are_put_in_past_the_queues_policy_and_come_in_one_batch(box: Box) -> None:
    url, arn = box.queue()
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    box.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    answer = box.control("POST", f"queues/{arn.rsplit(':', 1)[-1]}/inject", {"bodies": ["{", "null", "third"]})

    assert [message["Body"] for message in box.receive(url)] == ["{", "null", "third"]
    assert len(answer["injected"]) == 3


def test_only_messages_with_a_text_are_delivered_again(box: Box) -> None:
    url, arn = box.queue()
    for body in ("about A", "about B", "again about A", "about C"):
        box.send(url, body)
        for message in box.receive(url):
            box.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    box.control("POST", f"queues/{arn.rsplit(':', 1)[-1]}/redeliver", {"count": 5, "containing": "about A"})

    assert [message["Body"] for message in box.receive(url)] == ["about A", "again about A"]


def test_a_transaction_is_listed_with_the_permissions_of_its_parts(box: Box) -> None:
    dynamodb, table = box.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    put = {"Put": {"TableName": table, "Item": {"pk": {"S": "new"}}}}
    delete = {"Delete": {"TableName": table, "Key": {"pk": {"S": "old"}}}}

    dynamodb.transact_write_items(TransactItems=[put, delete])

    call = box.calls(action="TransactWriteItems")[-1]
    actions, tables = zip(*call["permissions"], strict=True)
    assert actions == ("dynamodb:PutItem", "dynamodb:DeleteItem")
    assert {arn.rsplit("/", 1)[-1] for arn in tables} == {table}


def test_a_failed_invocation_reaches_its_destination_only_with_the_roles_permission(box: Box) -> None:
    url, arn = box.queue()
    role = box.role(LOGS)
    function = box.function("def handler(event, context):\n    raise RuntimeError('told to')\n", role)
    functions = box.client("lambda")
    functions.put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    functions.invoke(FunctionName=function, InvocationType="Event")
    name = role.rsplit("/", 1)[-1]
    refused = eventually(lambda: box.calls(role=name, action="SendMessage"))
    box.client("iam").put_role_policy(
        RoleName=name,
        PolicyName="destination",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow("sqs:SendMessage", arn)]}),
    )

    functions.invoke(FunctionName=function, InvocationType="Event", Payload=b'{"number": 2}')

    assert [call["error"] for call in refused] == ["AccessDenied"]
    assert [json.loads(each["Body"])["requestPayload"] for each in box.receive(url)] == [{"number": 2}]
