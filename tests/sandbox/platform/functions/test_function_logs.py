"""With the JSON format, Lambda sets the root logger's level and drops the lines below it, as its guide documents."""

import json

import pytest

from tests.sandbox.platform.box import LOGS, Box, eventually, unique

SOURCE = """
    import json, logging

    def say(level, timestamp):
        print(json.dumps({"level": level, "message": "ours", "timestamp": timestamp}))

    def handler(event, context):
        print(json.dumps({"message": "without a level", "timestamp": "2026-03-02T10:00:00Z"}))
        print("plain")
        say("ERROR", "2026-03-02 10:00:00,123+0000")
        say("WARNING", "2026-03-02T10:00:00.123+00:00")
        say("ERROR", "2026-03-02T10:00:00.123Z")
        logging.getLogger("library").debug("library speaks")
        return logging.getLogger().level
"""


def sent(box: Box, group: str) -> list[str]:
    """What is in the log group, as texts of messages."""
    events = box.client("logs").filter_log_events(logGroupName=group)["events"]
    lines = [event["message"].strip() for event in events if "RequestId" not in event["message"]]
    documents = [json.loads(line) if line.startswith("{") else {"message": line} for line in lines]
    return [f"{document.get('level', '')} {document['message']}".strip() for document in documents]


@pytest.mark.parametrize(
    ("level", "root", "expected"),
    [
        ("WARN", 30, ["WARNING ours", "ERROR ours"]),
        ("ERROR", 40, ["ERROR ours"]),
        ("INFO", 20, ["without a level", "plain", "ERROR ours", "WARNING ours", "ERROR ours"]),
        (
            "DEBUG",
            10,
            ["without a level", "plain", "ERROR ours", "WARNING ours", "ERROR ours", "DEBUG library speaks"],
        ),
    ],
)
def test_lines_below_the_level_are_dropped(box: Box, level: str, root: int, expected: list[str]) -> None:
    group = unique("/lambda/logs")
    name = box.function(
        SOURCE,
        box.role(LOGS),
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": level, "LogGroup": group},
    )

    answer = box.client("lambda").invoke(FunctionName=name)["Payload"].read()

    assert json.loads(answer) == root
    eventually(lambda: sent(box, group))
    assert sent(box, group) == expected
