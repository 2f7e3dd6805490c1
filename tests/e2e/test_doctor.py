"""`make doctor` against a sound deployment, and against one that is broken in one way after the other.

In a sandbox of its own: what other tests leave behind would be found, too.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.box import HOME, SETTINGS, STACK, WATCHED, Box, Json
from tests.e2e.conftest import brought_up
from tests.e2e.waiting import until

DUBLIN, SAO_PAULO = "eu-west-1", "sa-east-1"
COPIES = "copies"


@pytest.fixture(scope="module")
def sound(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A deployment in which nothing is to be done: swept, with a confirmed subscription to both topics."""
    bus = f"arn:aws:events:{HOME}:123456789012:event-bus/{COPIES}"
    folder = tmp_path_factory.getbasetemp() / "doctor"
    with brought_up(python, folder, SettingsParameterName=SETTINGS, IncidentEventBus=bus, SecurityHub="yes") as box:
        box.client("securityhub").enable_security_hub()
        box.client("events").create_event_bus(Name=COPIES)
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value="{}")
        queue = box.client("sqs").create_queue(QueueName="subscriber")["QueueUrl"]
        for topic in ("AlertsTopicArn", "OperationsTopicArn"):
            arn = f"arn:aws:sqs:{HOME}:{box.account}:{queue.rpartition('/')[2]}"
            box.client("sns").subscribe(TopicArn=box.outputs[topic], Protocol="sqs", Endpoint=arn)
        box.invoke("sweep", {"sweep": "all"})
        until(lambda: None not in swept(box).values(), what="a complete sweep of every region")
        yield box


def swept(box: Box) -> dict[str, Any]:
    state: dict[str, Any] = box.invoke("ask", {"deployment": {}})["swept_at"]
    return state


def examined(box: Box, *, status: int) -> list[Json]:
    lines: list[Json] = json.loads(box.tool("doctor", "--json", status=status))
    return lines


def stack_resource(box: Box, logical_id: str, region: str = HOME) -> str:
    name = STACK if region == HOME else f"{STACK}-watch"
    described = box.client("cloudformation", region).describe_stack_resource(
        StackName=name, LogicalResourceId=logical_id
    )
    return str(described["StackResourceDetail"]["PhysicalResourceId"])


def test_of_a_sound_deployment_every_line_is_sound(sound: Box) -> None:
    lines = examined(sound, status=0)

    assert [line for line in lines if line["status"] != "ok"] == []
    assert len(lines) >= 17
    printed = sound.tool("doctor")
    assert printed.count("\nok ") + 1 == len(lines)
    assert all(len(line) <= 100 for line in printed.splitlines()), printed


@contextmanager
def a_rule_of_another_region_is_disabled(box: Box) -> Iterator[str]:
    events, name = box.client("events", DUBLIN), stack_resource(box, "SesCalls", DUBLIN)
    events.disable_rule(Name=name)
    yield f"rule SesCalls in {DUBLIN} is disabled"
    events.enable_rule(Name=name)


@contextmanager
def a_rule_has_no_target(box: Box) -> Iterator[str]:
    events, name = box.client("events"), stack_resource(box, "UserPoolCalls")
    targets = events.list_targets_by_rule(Rule=name)["Targets"]
    events.remove_targets(Rule=name, Ids=[target["Id"] for target in targets])
    yield f"rule UserPoolCalls in {HOME} has no target"
    events.put_targets(Rule=name, Targets=targets)


@contextmanager
def the_pattern_of_a_rule_was_changed(box: Box) -> Iterator[str]:
    events, name = box.client("events", DUBLIN), stack_resource(box, "UserPoolCalls", DUBLIN)
    pattern = events.describe_rule(Name=name)["EventPattern"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.cognito-idp"]}))
    yield f"the event pattern of rule UserPoolCalls in {DUBLIN} was changed"
    events.put_rule(Name=name, EventPattern=pattern)


@contextmanager
def no_trail_delivers(box: Box) -> Iterator[str]:
    with box.without_events():
        yield "no trail delivers the calls of cognito-idp"


@contextmanager
def events_may_not_be_forwarded(box: Box) -> Iterator[str]:
    iam, role = box.client("iam"), stack_resource(box, "EventForwardingRole")
    document = iam.get_role_policy(RoleName=role, PolicyName="forward")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName="forward")
    yield f"the role {role} may not put events to the bus"
    iam.put_role_policy(RoleName=role, PolicyName="forward", PolicyDocument=json.dumps(document))


@contextmanager
def the_bus_admits_no_other_region(box: Box) -> Iterator[str]:
    events = box.client("events")
    events.remove_permission(EventBusName=STACK, RemoveAllPermissions=True)
    yield f"the policy of the event bus {STACK} admits no rule of another region"
    permission = {"StatementId": "AllowThisAccount", "Action": "events:PutEvents", "Principal": box.account}
    events.put_permission(EventBusName=STACK, **permission)


@contextmanager
def the_bus_for_copies_was_deleted(box: Box) -> Iterator[str]:
    box.client("events").delete_event_bus(Name=COPIES)
    yield f"the event bus {COPIES} was deleted: it gets no copies of alerts"
    box.client("events").create_event_bus(Name=COPIES)


@contextmanager
def security_hub_is_not_enabled(box: Box) -> Iterator[str]:
    box.client("securityhub").disable_security_hub()
    yield f"Security Hub in {HOME} is not enabled: it refuses every finding"
    box.client("securityhub").enable_security_hub()


@contextmanager
def hints_are_not_polled(box: Box) -> Iterator[str]:
    mapping = stack_resource(box, "InspectFunctionHints")
    box.change_mapping(mapping, Enabled=False)
    until(lambda: state_of(box, mapping) == "Disabled", what="the end of polling")
    yield "event source mapping InspectFunctionHints is disabled"
    box.change_mapping(mapping, Enabled=True)
    until(lambda: state_of(box, mapping) == "Enabled", what="polling")


def state_of(box: Box, mapping: str) -> str:
    return str(box.client("lambda").get_event_source_mapping(UUID=mapping)["State"])


@contextmanager
def repairs_are_stopped(box: Box) -> Iterator[str]:
    box.tool("repairs_switch", "--by", "alice", "stop")
    yield "operator:alice stopped repairs at "
    box.tool("repairs_switch", "start")


@contextmanager
def the_settings_are_not_valid(box: Box) -> Iterator[str]:
    write_settings(box, "{")
    yield f"the settings in {SETTINGS} are not in effect"
    write_settings(box, "{}")


def write_settings(box: Box, document: str) -> None:
    box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value=document, Overwrite=True)
    # The settings are at most a minute old: a new process reads them at once.
    box.control("POST", f"functions/{STACK}-ask/restart")


@contextmanager
def a_hint_failed_for_good(box: Box) -> Iterator[str]:
    box.control("POST", f"queues/{box.queue_name('HintsDeadLettersUrl')}/inject", {"bodies": ["{}"]})
    yield f"1 message failed for good: in queue {STACK}-hints-dead"
    assert box.received("HintsDeadLettersUrl")


@contextmanager
def the_webhook_was_revoked(box: Box) -> Iterator[str]:
    box.control("POST", "webhook/alerts/behavior", {"status": 404, "count": 1})
    yield "the Slack webhook refuses messages: status 404, no_service"


@contextmanager
def the_secret_is_empty(box: Box) -> Iterator[str]:
    secrets = box.client("secretsmanager")
    (secret,) = secrets.list_secrets()["SecretList"]
    address = secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
    secrets.put_secret_value(SecretId=secret["ARN"], SecretString="{}")
    yield "the secret of the webhook is a JSON object without the text url"
    secrets.put_secret_value(SecretId=secret["ARN"], SecretString=address)


@contextmanager
def a_subscription_was_not_confirmed(box: Box) -> Iterator[str]:
    sns, topic = box.client("sns"), box.outputs["AlertsTopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="jane.doe@corp.example")
    yield "j***@corp.example (email) has not confirmed its subscription to alerts about mail"


@contextmanager
def a_region_was_never_swept(box: Box) -> Iterator[str]:
    dynamodb, table = box.client("dynamodb"), box.outputs["LedgerTable"]
    key = {"pk": {"S": f"SWEEP#{DUBLIN}"}, "sk": {"S": "STATE"}}
    item = dynamodb.get_item(TableName=table, Key=key)["Item"]
    dynamodb.delete_item(TableName=table, Key=key)
    yield f"{DUBLIN} was never swept to the end"
    dynamodb.put_item(TableName=table, Item=item)


@contextmanager
def a_region_with_a_pool_is_not_watched(box: Box) -> Iterator[str]:
    cognito = box.client("cognito-idp", SAO_PAULO)
    pool = cognito.create_user_pool(PoolName="forgotten")["UserPool"]["Id"]
    assert SAO_PAULO not in WATCHED
    yield f"{SAO_PAULO} is not watched and has 1 user pool"
    cognito.delete_user_pool(UserPoolId=pool)


@contextmanager
def an_exemption_cannot_be_read(box: Box) -> Iterator[str]:
    cognito = box.client("cognito-idp", DUBLIN)
    pool = cognito.create_user_pool(PoolName="shop", UserPoolTags={"mailwarden": "off until=soon"})["UserPool"]["Id"]
    yield f"user pool shop ({pool}) in {DUBLIN} is exempt by a mistake"
    cognito.delete_user_pool(UserPoolId=pool)


type Breaking = Callable[[Box], AbstractContextManager[str]]
WAYS: tuple[Breaking, ...] = (
    no_trail_delivers,
    a_rule_of_another_region_is_disabled,
    a_rule_has_no_target,
    the_pattern_of_a_rule_was_changed,
    events_may_not_be_forwarded,
    the_bus_admits_no_other_region,
    the_bus_for_copies_was_deleted,
    security_hub_is_not_enabled,
    hints_are_not_polled,
    repairs_are_stopped,
    the_settings_are_not_valid,
    a_hint_failed_for_good,
    the_webhook_was_revoked,
    the_secret_is_empty,
    a_region_was_never_swept,
    a_region_with_a_pool_is_not_watched,
    an_exemption_cannot_be_read,
    # The subscription stays: this one comes last.
    a_subscription_was_not_confirmed,
)


@pytest.mark.parametrize("breaking", WAYS, ids=lambda breaking: breaking.__name__)
def test_what_is_broken_is_named_with_what_to_do_and_nothing_else_is(sound: Box, breaking: Breaking) -> None:
    with breaking(sound) as expected:
        lines = examined(sound, status=1)

    found = [line for line in lines if line["status"] == "to do"]
    assert found
    assert all(expected in line["what"] for line in found), found
    assert all(line["to_do"] for line in found)
    assert [line for line in lines if line["status"] == "unknown"] == []


def test_what_the_operator_may_not_read_is_a_line_of_its_own(sound: Box) -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": ["sqs:GetQueueAttributes", "cloudtrail:DescribeTrails"], "Resource": "*"}
    key, secret = sound.user(allow, deny)

    lines = json.loads(sound.tool("doctor", "--json", status=1, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret))

    unknown = [line for line in lines if line["status"] == "unknown"]
    assert {line["to_do"] for line in unknown} == {
        "allow sqs:GetQueueAttributes to your own credentials",
        "allow cloudtrail:DescribeTrails to your own credentials",
    }
    assert sum("cloudtrail" in line["to_do"] for line in unknown) == 1
    assert sum(line["status"] == "ok" for line in lines) >= 12


def test_a_stack_that_is_not_there_cannot_be_looked_at(sound: Box) -> None:
    assert sound.tool("doctor", "--stack", "elsewhere", status=2) == ""


def test_an_event_that_a_region_could_not_forward_is_named(sound: Box) -> None:
    """The last test of the file: EventBridge counts such an event for ever."""
    iam, role = sound.client("iam"), stack_resource(sound, "EventForwardingRole")
    document = iam.get_role_policy(RoleName=role, PolicyName="forward")["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName="forward")
    ses = sound.client("sesv2", DUBLIN)
    ses.create_configuration_set(ConfigurationSetName="lost")
    iam.put_role_policy(RoleName=role, PolicyName="forward", PolicyDocument=json.dumps(document))
    ses.delete_configuration_set(ConfigurationSetName="lost")

    lost = f"rule SesCalls in {DUBLIN} lost 1 event within a day"
    until(lambda: lost in [line["what"] for line in examined(sound, status=1)], what=lost, within=30)
