"""The box lists its own control routes, and docs/sandbox.md holds the same list."""

import json
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox.running import ROOT
from tests.sandbox.platform.box import Box

PAGE = ROOT / "docs" / "sandbox.md"


def test_every_route_is_listed_with_what_it_is_for(box: Box) -> None:
    listed = box.control("GET", "")["routes"]

    assert {("GET", "/_sandbox/"), ("POST", "/_sandbox/faults"), ("GET", "/_sandbox/mail")} <= {
        (route["method"], route["path"]) for route in listed
    }
    assert all(route["purpose"].endswith(".") for route in listed)
    assert len({(route["method"], route["path"]) for route in listed}) == len(listed)


def test_the_list_is_there_without_the_last_slash_and_with_a_query(box: Box) -> None:
    with urllib.request.urlopen(f"{box.running.endpoint}/_sandbox?x=1", timeout=5) as answer:  # noqa: S310 - our own
        assert answer.read().startswith(b'{"routes": ')


def test_a_route_that_is_not_listed_is_not_there(box: Box) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        box.control("GET", "nowhere")


def refusal(box: Box, method: str, path: str, body: object = None) -> str:
    """The error with which a route refuses a request."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        box.control(method, path, body)
    assert refused.value.code in {400, 404}
    return str(json.loads(refused.value.read())["error"])


def leave_as_before(box: Box) -> None:
    """Take back what the examples of all routes have changed for the tests after them."""
    box.control("POST", "quotas", {"on": False})
    box.control("DELETE", "faults")
    box.control("DELETE", "ses/recipients")
    box.control("DELETE", "chat")


def test_a_request_without_any_member_is_served_or_refused_with_a_reason(box: Box) -> None:
    failed = []
    for route in box.control("GET", "")["routes"]:
        if "body" in route:
            path = re.sub(r"\{\w+\}", "x", route["path"].removeprefix("/_sandbox/"))
            try:
                box.control(route["method"], path, {})
            except urllib.error.HTTPError as error:
                failed += [] if error.code in {400, 404} else [f"{path}: {error.code}"]
    leave_as_before(box)

    assert not failed


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "faults", {"effect": "explode"}, "'explode' is none of throttle, fail, stall, die"),
        ("POST", "judge", {}, "the member 'pool' is missing"),
        ("POST", "judge/policy", {}, "the member 'resource' is missing"),
        ("POST", "schedules/nowhere/fire", None, "nowhere; there are "),
        ("GET", "logs/nowhere", None, "no function nowhere; there are "),
    ],
)
def test_a_refusal_names_the_possible_values(box: Box, method: str, path: str, body: object, said: str) -> None:
    assert said in refusal(box, method, path, body)


def test_the_body_that_is_shown_is_one_that_the_route_reads(box: Box) -> None:
    """Those whose path needs nothing that has to be made first."""
    for route in box.control("GET", "")["routes"]:
        if "body" in route and route["path"] not in {"/_sandbox/judge", "/_sandbox/webhook/{channel}"}:
            path = route["path"].removeprefix("/_sandbox/").replace("{region}", "eu-west-1")
            path = path.replace("{channel}", "alerts").replace("{name}", "shop.example")
            if "queues/" in path or "pools/" in path:
                continue
            box.control(route["method"], path, route["body"])
    leave_as_before(box)


def test_the_page_holds_the_list(python: Path) -> None:
    ended = subprocess.run(
        [python, "tools/sandbox_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr


def test_every_route_that_the_page_speaks_of_is_there(box: Box) -> None:
    listed = [re.sub(r"\{\w+\+?\}", '[^/`" ?]+', route["path"]) for route in box.control("GET", "")["routes"]]
    spoken_of = set(re.findall(r"/_sandbox/[\w/.{}+-]*", PAGE.read_text().partition("<!-- routes")[0]))

    assert len(spoken_of) > 5
    assert [path for path in spoken_of if not any(re.fullmatch(pattern, path) for pattern in listed)] == []
