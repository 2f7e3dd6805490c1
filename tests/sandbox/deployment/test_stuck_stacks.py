"""Home stacks in states that only a person ends: which command goes on, and what it calls."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.deployment.home import Home
from tools.deployment.stacks import StackFailed


class Stuck:
    """A CloudFormation with one stack in a state, and the state that each call leads to."""

    def __init__(self, status: str, **after: str) -> None:
        self.status, self.after = status, after
        self.called: list[str] = []

    def describe_stacks(self, *, StackName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's name
        stack = {"StackName": StackName, "StackId": f"id of {StackName}", "StackStatus": self.status}
        return {"Stacks": [stack]}

    def describe_stack_events(self, *, StackName: str) -> Mapping[str, Any]:  # noqa: N803
        failed = {"ResourceStatus": "DELETE_FAILED", "LogicalResourceId": "Set", "ResourceStatusReason": "in use"}
        return {"StackEvents": [{**failed, "StackId": f"id of {StackName}"}]}

    def continue_update_rollback(self, *, StackName: str) -> None:  # noqa: N803
        self._goes_on("continue_update_rollback", StackName)

    def rollback_stack(self, *, StackName: str) -> None:  # noqa: N803
        self._goes_on("rollback_stack", StackName)

    def delete_stack(self, *, StackName: str) -> None:  # noqa: N803
        self._goes_on("delete_stack", StackName)

    def _goes_on(self, call: str, stack: str) -> None:
        assert stack == "mailwarden"
        self.called.append(call)
        self.status = self.after[call]


def home(client: Stuck) -> Home:
    def connect(service: str, region: str) -> Any:  # noqa: ANN401 - a boto3 client
        assert (service, region) == ("cloudformation", "eu-west-1")
        return client

    return Home(
        name="mailwarden",
        region="eu-west-1",
        connect=connect,
        poll_seconds=0,
        template=Path("template.yaml"),
        bucket=None,
        run=lambda _command: 1,
    )


@pytest.mark.parametrize(
    ("status", "call", "after"),
    [
        ("UPDATE_ROLLBACK_FAILED", "continue_update_rollback", "UPDATE_ROLLBACK_COMPLETE"),
        ("UPDATE_FAILED", "rollback_stack", "UPDATE_ROLLBACK_COMPLETE"),
        ("CREATE_FAILED", "rollback_stack", "ROLLBACK_COMPLETE"),
    ],
)
def test_a_rollback_that_stopped_goes_on(status: str, call: str, after: str) -> None:
    client = Stuck(status, **{call: after})

    assert home(client).roll_back() == after
    assert client.called == [call]


def test_a_rollback_that_fails_again_gives_the_first_reason() -> None:
    client = Stuck("UPDATE_ROLLBACK_FAILED", continue_update_rollback="UPDATE_ROLLBACK_FAILED")

    with pytest.raises(StackFailed, match="mailwarden is UPDATE_ROLLBACK_FAILED: Set: in use"):
        home(client).roll_back()


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("UPDATE_ROLLBACK_FAILED", "make rollback"),
        ("UPDATE_FAILED", "make rollback"),
        ("UPDATE_IN_PROGRESS", "wait until that has ended"),
        ("DELETE_FAILED", "make delete"),
    ],
)
def test_a_deployment_does_not_touch_a_stack_that_is_not_at_rest(status: str, remedy: str) -> None:
    client = Stuck(status)

    with pytest.raises(StackFailed, match=remedy):
        list(home(client).prepare())

    assert client.called == []


def test_a_deletion_that_fails_gives_the_resource_and_the_reason() -> None:
    client = Stuck("DELETE_FAILED", delete_stack="DELETE_FAILED")

    with pytest.raises(StackFailed, match="DELETE_FAILED: Set: in use"):
        home(client).stacks.remove("mailwarden")
