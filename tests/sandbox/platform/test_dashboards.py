"""A stack brings its dashboard, which can be read back, and takes it away again."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import SEOUL, Box, unique


def test_a_dashboard_of_a_stack_is_read_as_it_was_written(box: Box) -> None:
    stack = unique("dashboard")
    body = {"widgets": [{"type": "metric", "properties": {"region": SEOUL, "metrics": [["AWS/SES", "Send"]]}}]}
    text = json.dumps(body).replace(f'"{SEOUL}"', '"${AWS::Region}"')
    properties = {"DashboardName": stack, "DashboardBody": {"Fn::Sub": text}}
    template = {"Resources": {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}}}
    cloudformation, cloudwatch = box.client("cloudformation"), box.client("cloudwatch")

    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})

    found = cloudwatch.get_dashboard(DashboardName=stack)
    assert json.loads(found["DashboardBody"]) == body
    assert [
        each["DashboardName"] for each in cloudwatch.list_dashboards(DashboardNamePrefix=stack)["DashboardEntries"]
    ] == [stack]
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    with pytest.raises(ClientError) as error:
        cloudwatch.get_dashboard(DashboardName=stack)
    assert error.value.response["Error"]["Code"] in {"ResourceNotFound", "DashboardNotFoundError"}
