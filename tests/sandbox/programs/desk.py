"""CloudFormation and Lambda as boto3 shows them to the operator's programs, with prepared answers."""

import io
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

OUTPUTS = {
    "AskFunction": "mailwarden-ask",
    "OperateFunction": "mailwarden-operate",
    "SweepFunction": "mailwarden-sweep",
    "RepairsMapping": "mapping-1",
}


@dataclass(slots=True, kw_only=True)
class Deployed:
    """A deployed stack; what a function answers is prepared by its name, and a ClientError is raised."""

    answers: dict[str, object] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=lambda: dict(OUTPUTS))
    state: str = "Enabled"
    sent: list[tuple[str, Any]] = field(default_factory=list)
    meta: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(region_name="eu-west-1"))

    def connect(self, _: str) -> "Deployed":
        """A client of every service."""
        return self

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert StackName == "mailwarden"
        return {
            "Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()]}]
        }

    def invoke(self, *, FunctionName: str, Payload: str, InvocationType: str = "RequestResponse") -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.sent.append((FunctionName, json.loads(Payload)))
        answer = self.answers.get(FunctionName)
        if isinstance(answer, ClientError):
            raise answer
        return {"Payload": io.BytesIO(b"" if InvocationType == "Event" else json.dumps(answer).encode())}

    def get_event_source_mapping(self, *, UUID: str) -> dict[str, str]:  # noqa: N803 - boto3's name
        assert UUID == "mapping-1"
        return {"State": self.state}

    def update_event_source_mapping(self, *, UUID: str, Enabled: bool) -> None:  # noqa: N803 - boto3's names
        assert UUID == "mapping-1"
        self.state = "Enabled" if Enabled else "Disabled"


def refused(action: str) -> ClientError:
    """AWS does not allow a call."""
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, action)
