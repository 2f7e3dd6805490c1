"""EventBridge delivers where policies and roles allow it, to other regions too, and dead-letters the rest."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import ACCOUNT, LOGS, SEOUL, Box, allow, document, eventually, unique

EVENTS = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
PATTERN = json.dumps({"source": ["aws.cognito-idp"]})


def test_an_event_of_another_region_reaches_home_and_says_where_it_came_from(box: Box) -> None:
    bus = home_bus(box)
    url = queue_behind(box, bus)
    role = box.role(allow("events:PutEvents", bus_arn(bus)), trust={**EVENTS, "Action": "sts:AssumeRole"})
    forward(box, "eu-west-3", bus, role)

    box.client("cognito-idp", "eu-west-3").create_user_pool(PoolName="far")

    [message] = box.receive(url)
    assert json.loads(message["Body"])["region"] == "eu-west-3"


@pytest.mark.parametrize("resource", ["arn:aws:events:ap-northeast-2:123456789012:event-bus/other", "nothing"])
def test_a_role_that_may_not_put_events_forwards_nothing(box: Box, resource: str) -> None:
    bus = home_bus(box)
    url = queue_behind(box, bus)
    role = box.role(allow("events:PutEvents", resource), trust={**EVENTS, "Action": "sts:AssumeRole"})
    forward(box, "eu-west-1", bus, role)

    box.client("cognito-idp", "eu-west-1").create_user_pool(PoolName="far")

    assert box.receive(url, wait=1) == []
    [refused] = box.calls(source="events", action="PutEvents", role=role.rsplit("/", 1)[-1])
    assert (refused["error"], refused["resource"]) == ("AccessDenied", bus_arn(bus))


def test_a_queue_that_does_not_admit_the_rule_gets_nothing_and_its_dead_letters_say_why(box: Box) -> None:
    url, arn = box.queue("closed")
    dead_url, dead_arn = box.queue("dead")
    events, name = box.client("events"), unique("rule")
    rule = events.put_rule(Name=name, EventPattern=PATTERN)["RuleArn"]
    admit(box, dead_url, dead_arn, rule)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn, "DeadLetterConfig": {"Arn": dead_arn}}])

    box.client("cognito-idp").create_user_pool(PoolName="lost")

    [message] = box.receive(dead_url)
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert message["MessageAttributes"]["RULE_ARN"]["StringValue"] == rule
    assert box.receive(url, wait=1) == []


def test_a_policy_that_admits_another_rule_does_not_admit_this_one(box: Box) -> None:
    url, arn = box.queue("narrow")
    events, name = box.client("events"), unique("rule")
    rule = events.put_rule(Name=name, EventPattern=PATTERN)["RuleArn"]
    admit(box, url, arn, rule + "-other")
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])

    box.client("cognito-idp").create_user_pool(PoolName="lost")

    assert box.receive(url, wait=1) == []


def test_a_queue_that_admits_only_a_role_refuses_every_other_principal_of_the_account(box: Box) -> None:
    url, arn = box.queue("guarded")
    anybody = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    friend = box.role(allow("sqs:SendMessage", arn), trust=anybody)
    only_friend = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": friend}, "Bool": {"aws:PrincipalIsAWSService": "false"}},
    }
    events, name = box.client("events"), unique("rule")
    rule = events.put_rule(Name=name, EventPattern=PATTERN)["RuleArn"]
    admit(box, url, arn, rule, only_friend)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    _, keys = box.user(allow("*"))

    with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
        box.client("sqs", keys=keys).send_message(QueueUrl=url, MessageBody="forged")
    box.session_of(friend, "sqs").send_message(QueueUrl=url, MessageBody="friendly")
    box.client("cognito-idp").create_user_pool(PoolName="heard")

    bodies = [message["Body"] for _ in range(2) for message in box.receive(url, wait=1)]
    assert bodies[0] == "friendly"
    assert "CreateUserPool" in bodies[1]


def test_a_queue_that_denies_plain_http_takes_the_loopback_for_tls(box: Box) -> None:
    url, arn = box.queue("tls")
    only_tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    events, name = box.client("events"), unique("rule")
    rule = events.put_rule(Name=name, EventPattern=PATTERN)["RuleArn"]
    admit(box, url, arn, rule, only_tls)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])

    box.client("cognito-idp").create_user_pool(PoolName="heard")

    assert len(box.receive(url)) == 1


def test_a_schedule_fires_on_demand_where_the_function_admits_it(box: Box) -> None:
    function = box.function("def handler(event, context):\n    print(event['source'])\n", box.role(allow("logs:*")))
    arn = f"arn:aws:lambda:{SEOUL}:{ACCOUNT}:function:{function}"
    events, name = box.client("events"), unique("each")
    rule = events.put_rule(Name=name, ScheduleExpression="rate(1 day)")["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])

    box.control("POST", f"schedules/{name}/fire")
    refused = box.lines(function)
    box.client("lambda").add_permission(
        FunctionName=function,
        StatementId="schedule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    box.control("POST", f"schedules/{name}/fire")

    assert refused == []
    assert eventually(lambda: box.lines(function)) == ["aws.events"]


@pytest.mark.parametrize("allowed", [True, False])
def test_what_a_scheduled_function_never_handles_goes_to_its_destination_if_its_role_may(
    box: Box, *, allowed: bool
) -> None:
    url, arn = box.queue("failed")
    role = box.role(LOGS, allow("sqs:SendMessage", arn if allowed else "arn:aws:sqs:*:*:other"))
    function = box.function("def handler(event, context):\n    raise RuntimeError('told to')\n", role)
    client, name = box.client("lambda"), unique("each")
    events = box.client("events")
    rule = events.put_rule(Name=name, ScheduleExpression="rate(1 day)")["RuleArn"]
    target = f"arn:aws:lambda:{SEOUL}:{ACCOUNT}:function:{function}"
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": target}])
    client.add_permission(
        FunctionName=function,
        StatementId="schedule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    client.put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
    )

    box.control("POST", f"schedules/{name}/fire")

    assert eventually(lambda: box.calls(source="lambda", action="SendMessage", role=role.rsplit("/", 1)[-1]))
    assert (len(box.receive(url, wait=1)) == 1) is allowed


def test_a_bus_of_another_region_is_no_target_until_its_policy_admits_the_account(box: Box) -> None:
    bus = home_bus(box, open_to_account=False)
    role = box.role(allow("events:PutEvents", bus_arn(bus)), trust={**EVENTS, "Action": "sts:AssumeRole"})

    with pytest.raises(ClientError, match=r"AccessDeniedException.*no resource-based policy"):
        forward(box, "eu-west-2", bus, role)
    box.client("events").put_permission(
        EventBusName=bus, StatementId="own", Action="events:PutEvents", Principal=ACCOUNT
    )
    forward(box, "eu-west-2", bus, role)
    box.client("events").remove_permission(EventBusName=bus, StatementId="own")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        forward(box, "eu-west-2", bus, role)


def home_bus(box: Box, *, open_to_account: bool = True) -> str:
    name, events = unique("bus"), box.client("events")
    events.create_event_bus(Name=name)
    if open_to_account:
        events.put_permission(EventBusName=name, StatementId="own", Action="events:PutEvents", Principal=ACCOUNT)
    return name


def bus_arn(name: str) -> str:
    return f"arn:aws:events:{SEOUL}:{ACCOUNT}:event-bus/{name}"


def queue_behind(box: Box, bus: str) -> str:
    url, arn = box.queue("home")
    events, name = box.client("events"), unique("rule")
    rule = events.put_rule(Name=name, EventBusName=bus, EventPattern=json.dumps({"account": [ACCOUNT]}))["RuleArn"]
    admit(box, url, arn, rule)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "1", "Arn": arn}])
    return url


def admit(box: Box, url: str, arn: str, rule: str, *more: object) -> None:
    statement = {
        **EVENTS,
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    box.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(statement, *more)})


def forward(box: Box, region: str, bus: str, role: str) -> None:
    events, name = box.client("events", region), unique("forward")
    events.put_rule(Name=name, EventPattern=PATTERN)
    events.put_targets(Rule=name, Targets=[{"Id": "home", "Arn": bus_arn(bus), "RoleArn": role}])
