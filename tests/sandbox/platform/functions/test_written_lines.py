"""What a function writes is in the log of the invocation that wrote it, to the last line."""

import json

import pytest

from tests.sandbox.platform.box import LOGS, Box

SOURCE = """
    import logging, os, sys, time
    print("imported")

    def handler(event, context):
        for number in range(event["lines"]):
            print(f"line {number} of {event['name']}")
        os.write(2, f"written past all of {event['name']}\\n".encode())
        match event["end"]:
            case "raise":
                raise LookupError("meant")
            case "exit":
                os._exit(1)
            case "sleep":
                time.sleep(30)
"""


@pytest.mark.parametrize("end", ["return", "raise", "exit", "sleep"])
def test_every_line_is_logged_whatever_the_end(box: Box, end: str) -> None:
    function = box.function(SOURCE, box.role(LOGS), timeout=2)

    for name, lines in (("first", 3), ("second", 500)):
        payload = json.dumps({"name": name, "lines": lines, "end": end if name == "second" else "return"})
        box.client("lambda").invoke(FunctionName=function, Payload=payload)

    entries = box.control("GET", f"logs/{function}?lines=1000")
    requests = list(dict.fromkeys(entry["requestId"] for entry in entries))
    by_request = [[entry["line"] for entry in entries if entry["requestId"] == request] for request in requests]
    assert by_request[0] == ["imported", *_lines("first", 3)]
    assert by_request[1][:501] == _lines("second", 500)
    assert box.control("GET", f"logs/{function}?since={entries[-3]['number']}") == entries[-2:]


def test_a_function_that_writes_nothing_has_nothing_logged(box: Box) -> None:
    function = box.function("def handler(event, context):\n    return 'silent'\n", box.role(LOGS))

    answers = [box.client("lambda").invoke(FunctionName=function)["Payload"].read() for _ in range(3)]

    assert answers == [b'"silent"'] * 3
    assert box.control("GET", f"logs/{function}") == []


def _lines(name: str, number: int) -> list[str]:
    return [*(f"line {each} of {name}" for each in range(number)), f"written past all of {name}"]
