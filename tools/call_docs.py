"""Writes docs/calls.md: every call that can change something in the four services, and what Mailwarden makes of it.

The calls that are received come from the code, the others with their reasons from ``calls_left_out.toml``. With
``--check`` it only compares; tests/infrastructure/test_calls.py holds both to the pinned SDK.
"""

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.session import get_session

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from mailwarden.inbound.cloudtrail import named_resources as readers  # noqa: E402 - the package is found only now
from mailwarden.inbound.cloudtrail.calls import CALLS  # noqa: E402 - as above
from mailwarden.inbound.cloudtrail.delivery_failures import FAILING_CALLS  # noqa: E402 - as above
from tools.documents.generated import keep  # noqa: E402 - as above

PAGE = ROOT / "docs" / "calls.md"
LEFT_OUT = ROOT / "tools" / "calls_left_out.toml"
# By botocore's name of a service: the title, and the EventBridge rule in both templates that asks for its calls.
SERVICES: Mapping[str, tuple[str, str]] = {
    "cognito-idp": ("Amazon Cognito user pools", "UserPoolCalls"),
    "ses": ("Amazon SES, API version 1", "SesCalls"),
    "sesv2": ("Amazon SES, API version 2", "SesCalls"),
    "iam": ("AWS Identity and Access Management", "ServiceLinkedRoleCalls"),
}
_SOURCES = {"cognito-idp": "aws.cognito-idp", "ses": "aws.ses", "sesv2": "aws.ses", "iam": "aws.iam"}
_READ_THAT_SENDS = "GetUserAttributeVerificationCode"
_LOOKS_AT: Mapping[Callable[[readers.Call], readers.Found], str] = {
    readers.new_pool: "the new pool",
    readers.named_pool: "the pool",
    readers.pool_and_replica: "the pool and its replica",
    readers.tagged_pool: "the pool, if one was tagged",
    readers.named_identity: "the pools that use the identity",
    readers.tagged_in_ses: "the pools that use what was tagged",
    readers.named_configuration_set: "the pools that use the configuration set",
    readers.whole_ses_account: "the pools that use the SES account of the region",
    readers.imported_suppressions: "the pools that use the SES account; nothing if contacts were imported",
    readers.reputation_entity: "the pools that use the identity or the configuration set; nothing for a tenant",
    readers.email_role: "every pool, if it is Cognito's e-mail role",
    readers.new_email_role: "every pool, if it is Cognito's e-mail role",
}
_COUNTED = "nothing at once: calls that fail because Cognito could not send are counted (MW801)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCall:
    """A call that is received: the EventBridge rule that asks for it, and what the look is at."""

    rule: str
    looks_at: str


def left_out() -> dict[str, dict[str, str]]:
    """The reason by call, by service; raises ValueError for a call with two reasons."""
    groups = tomllib.loads(LEFT_OUT.read_text(encoding="utf-8"))
    reasons: dict[str, dict[str, str]] = {}
    for service, its_groups in groups.items():
        by_call = reasons.setdefault(service, {})
        for group in its_groups:
            for call in group["calls"]:
                if call in by_call:
                    raise ValueError(f"{service} {call} is left out for two reasons")
                by_call[call] = group["reason"]
    return reasons


def received(service: str) -> dict[str, ReceivedCall]:
    """Each call that is received, by its name; the calls of both versions of SES for either."""
    _, rule = SERVICES[service]
    found = {
        call: ReceivedCall(rule=rule, looks_at=_LOOKS_AT[reader]) for call, reader in CALLS[_SOURCES[service]].items()
    }
    return found | _failing() if service == "cognito-idp" else found


def _failing() -> dict[str, ReceivedCall]:
    rules = {call: "FailedCodeRequests" if call == _READ_THAT_SENDS else "FailedDeliveries" for call in FAILING_CALLS}
    return {call: ReceivedCall(rule=rule, looks_at=_COUNTED) for call, rule in rules.items()}


def page() -> str:
    """The page as it should be."""
    return "\n".join(["# Calls", "", *_introduction(), *_sections()])


def _introduction() -> Iterator[str]:
    yield "Mailwarden receives calls through CloudTrail and EventBridge. A call that can break or repair a pool's mail"
    yield "leads to a look at the pools that it could concern; a call that failed leads to none. If the parameters of a"
    yield "call cannot be read, the look is at everything that it could concern."
    yield ""
    yield "Listed are all operations of the pinned SDK that are no plain read (`Get`, `List`, `Describe`), and the one"
    yield "read that sends mail. EventBridge passes a read on only to a rule with the state"
    yield "`ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`."
    yield ""
    yield "Written by `python tools/call_docs.py` from the code and from `tools/calls_left_out.toml`."
    yield ""


def _sections() -> Iterator[str]:
    reasons, operations = left_out(), operations_of_the_sdk()
    for service, (title, _) in SERVICES.items():
        known = {call: of for call, of in received(service).items() if call in operations[service]}
        yield from (f"## {title}", "", "| received | by the rule | a look at |", "|---|---|---|")
        yield from _rows({call: f"{of.rule} | {of.looks_at}" for call, of in known.items()})
        yield from ("", "| not received | because |", "|---|---|")
        yield from _rows(reasons[service])
        yield ""


def _rows(by_call: Mapping[str, str]) -> Iterator[str]:
    """One row for each text, in the order of the texts' first calls."""
    together: dict[str, list[str]] = {}
    for call in sorted(by_call):
        together.setdefault(by_call[call], []).append(f"`{call}`")
    return (f"| {', '.join(calls)} | {text} |" for text, calls in together.items())


def operations_of_the_sdk() -> dict[str, frozenset[str]]:
    """All operations of each service in the installed SDK."""
    session = get_session()
    return {service: frozenset(session.get_service_model(service).operation_names) for service in SERVICES}


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(), description=__doc__))
