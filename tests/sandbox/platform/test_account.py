"""Small truths of the account: service-linked role, stacks, logs, metrics, the call list."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import ACCOUNT, LOGS, Box, allow, document, eventually, unique

MAIL = "email.cognito-idp.amazonaws.com"
MAIL_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{MAIL}/AWSServiceRoleForAmazonCognitoIdpEmailService"


def test_the_mail_role_is_created_once_under_its_name_by_whoever_may_for_that_service(box: Box) -> None:
    only_mail = {
        **allow("iam:CreateServiceLinkedRole", MAIL_ROLE),
        "Condition": {"StringEquals": {"iam:AWSServiceName": MAIL}},
    }
    _, keys = box.user(only_mail, allow("iam:GetRole", MAIL_ROLE))
    iam = box.client("iam", keys=keys)

    with pytest.raises(ClientError, match="AccessDenied"):
        iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    created = iam.create_service_linked_role(AWSServiceName=MAIL)["Role"]
    with pytest.raises(ClientError) as again:
        iam.create_service_linked_role(AWSServiceName=MAIL)

    assert created["Arn"] == MAIL_ROLE
    assert created["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": [MAIL]}
    assert again.value.response["Error"]["Code"] == "InvalidInput"
    assert iam.get_role(RoleName=MAIL_ROLE.rsplit("/", 1)[-1])["Role"]["Path"] == f"/aws-service-role/{MAIL}/"


def test_a_pool_belongs_to_its_stack_but_does_not_carry_its_tags(box: Box) -> None:
    cloudformation, name = box.client("cloudformation"), unique("stack")
    template = {"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": name}}}}
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Tags=[{"Key": "team", "Value": "mail"}]
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    [pool] = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    pool_id = pool["PhysicalResourceId"]

    owner = cloudformation.describe_stack_resources(PhysicalResourceId=pool_id)["StackResources"]

    assert [resource["StackName"] for resource in owner] == [name]
    cognito = box.client("cognito-idp")
    assert cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"].get("UserPoolTags", {}) == {}
    cloudformation.delete_stack(StackName=name)
    message = f"Stack for {pool_id} does not exist"
    assert eventually(lambda: refusal_of_lookup(box, pool_id)) == message


def test_a_pool_made_by_hand_belongs_to_no_stack(box: Box) -> None:
    pool = box.client("cognito-idp").create_user_pool(PoolName="alone")["UserPool"]["Id"]

    assert refusal_of_lookup(box, pool) == f"Stack for {pool} does not exist"


def test_a_tables_policy_from_its_stack_binds_those_whose_own_policies_allow_everything(box: Box) -> None:
    cloudformation, name = box.client("cloudformation"), unique("stack")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:DeleteItem", "Resource": "*"}
    properties = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "ResourcePolicy": {"PolicyDocument": json.loads(document(deny))},
    }
    template = {"Resources": {"Journal": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    [table] = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    _, keys = box.user(allow("*"))
    dynamodb, place = box.client("dynamodb", keys=keys), {"TableName": table["PhysicalResourceId"]}

    dynamodb.put_item(**place, Item={"pk": {"S": "kept"}})
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.delete_item(**place, Key={"pk": {"S": "kept"}})


def test_embedded_metrics_are_metrics(box: Box) -> None:
    function = box.function(EMBEDDED, box.role(LOGS))
    box.client("lambda").invoke(FunctionName=function)
    now = datetime.now(UTC)

    answer = box.client("cloudwatch").get_metric_data(
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=5),
        MetricDataQueries=[
            {
                "Id": "looks",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "Trial",
                        "MetricName": "Looks",
                        "Dimensions": [{"Name": "service", "Value": "inspect"}],
                    },
                    "Period": 3600,
                    "Stat": "Sum",
                },
            }
        ],
    )

    assert sum(answer["MetricDataResults"][0]["Values"]) == 5.0


def test_without_permission_to_log_nothing_reaches_the_log_group(box: Box) -> None:
    source = "def handler(event, context):\n    print('heard')\n"
    mute, loud = box.function(source, box.role(allow("sqs:*"))), box.function(source, box.role(LOGS))
    for function in (mute, loud):
        box.client("lambda").invoke(FunctionName=function)

    groups = box.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]

    names = {group["logGroupName"] for group in groups}
    assert f"/aws/lambda/{loud}" in names
    assert f"/aws/lambda/{mute}" not in names
    assert box.lines(mute) == ["heard"]


def test_the_call_list_says_who_did_what_where_and_how_it_ended(box: Box) -> None:
    _, keys = box.user(allow("sqs:CreateQueue"))
    sqs = box.client("sqs", "eu-west-1", keys=keys)
    name = unique("listed")
    sqs.create_queue(QueueName=name)
    with pytest.raises(ClientError):
        sqs.get_queue_url(QueueName=name)

    made = box.calls(service="sqs", action="CreateQueue", region="eu-west-1")[-1]
    refused = box.calls(since=str(made["sequence"]), service="sqs", action="GetQueueUrl", region="eu-west-1")[-1]

    assert (made["status"], made["error"], made["source"]) == (200, None, "client")
    assert made["resource"] == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}"
    assert ":user/" in made["caller"]
    assert (refused["status"], refused["error"], refused["caller"]) == (403, "AccessDenied", made["caller"])


def test_who_owns_a_resource_may_be_asked_by_whoever_may_see_every_stack(box: Box) -> None:
    pool = box.client("cognito-idp").create_user_pool(PoolName="asked-about")["UserPool"]["Id"]
    everything = f"arn:aws:cloudformation:*:{ACCOUNT}:stack/*"
    _, allowed = box.user(allow("cloudformation:DescribeStackResources", everything))
    _, refused = box.user(allow("cloudformation:DescribeStackResources", everything + "/only-this"))

    with pytest.raises(ClientError, match="does not exist"):
        box.client("cloudformation", keys=allowed).describe_stack_resources(PhysicalResourceId=pool)
    with pytest.raises(ClientError, match="AccessDenied"):
        box.client("cloudformation", keys=refused).describe_stack_resources(PhysicalResourceId=pool)


def refusal_of_lookup(box: Box, physical_id: str) -> str:
    try:
        box.client("cloudformation").describe_stack_resources(PhysicalResourceId=physical_id)
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    return ""


EMBEDDED = """
import json
def handler(event, context):
    metrics = [{"Name": "Looks", "Unit": "Count"}]
    directive = {"Namespace": "Trial", "Dimensions": [["service"]], "Metrics": metrics}
    document = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, "service": "inspect", "Looks": [2.0, 3.0]}
    print(json.dumps(document))
"""


def test_a_new_account_lets_in_those_of_its_parent_who_may_and_never_the_root_user(box: Box) -> None:
    organizations = box.client("organizations")
    begun = organizations.create_account(AccountName="shop", Email="shop@corp.example")["CreateAccountStatus"]
    assert (begun["State"], "AccountId" in begun) == ("IN_PROGRESS", False)
    created = organizations.describe_create_account_status(CreateAccountRequestId=begun["Id"])
    member = created["CreateAccountStatus"]["AccountId"]
    role = f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole"
    _, allowed = box.user(allow("sts:AssumeRole", role))
    _, other = box.user(allow("sts:AssumeRole", f"{role}2"))

    for keys in (None, other):
        with pytest.raises(ClientError, match="AccessDenied"):
            box.client("sts", keys=keys).assume_role(RoleArn=role, RoleSessionName="test")
    entered = box.client("sts", keys=allowed).assume_role(RoleArn=role, RoleSessionName="test")

    assert entered["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{member}:assumed-role/{role.rpartition('/')[2]}/test"
