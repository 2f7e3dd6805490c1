"""Actors whose masked names are equal are two causes; no address is stored to tell them apart."""

from dataclasses import replace

import pytest

from mailwarden.documents.reader import Members
from mailwarden.domain.incidents.grouping import calls_of
from mailwarden.domain.incidents.share import root_cause_of
from mailwarden.domain.refs.causes import Cause, call_document, cause_from, folded
from mailwarden.domain.refs.root_causes import SameCalls, key_of_cause
from mailwarden.inbound.cloudtrail.actors import cause_of
from tests.builders import NOON, pool_ref
from tests.fakes.records import changed
from tests.unit.decisions.records import record

USER = "arn:aws:iam::111122223333:user"
SESSION = "arn:aws:sts::111122223333:assumed-role"
PAIRS = {
    "users": (f"{USER}/jane.doe@corp.example", f"{USER}/john@corp.example"),
    "users with a path": (f"{USER}/ops/jane@corp.example", f"{USER}/ops/june@corp.example"),
    "federated users": (
        "arn:aws:sts::111122223333:federated-user/jane@corp.example",
        "arn:aws:sts::111122223333:federated-user/john@corp.example",
    ),
    "principal ids": ("AIDAEXAMPLE:jane@corp.example", "AIDAEXAMPLE:john@corp.example"),
    "names": ("jane@corp.example", "john@corp.example"),
}
ALIKE = {
    "one user": (f"{USER}/jane@corp.example", f"{USER}/jane@corp.example"),
    "two sessions of a role": (f"{SESSION}/Admin/jane@corp.example", f"{SESSION}/Admin/john@corp.example"),
    "one tool": ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
}


def called_by(actor: str) -> Cause:
    """The cause of an event, as another function reads it from a message."""
    identity = {"arn": actor} if actor.startswith("arn:") else {"principalId": actor}
    detail = {"eventName": "UpdateUserPool", "eventID": actor, "eventTime": NOON.isoformat(), "userIdentity": identity}
    cause = cause_of({}, detail, region="us-east-1")
    assert cause is not None
    return cause_from(Members.of(call_document(cause), where="cause"))


def same_calls(actor: str) -> SameCalls:
    known = record({"record": "open", "did": "withheld", "pools": "this"})
    found = changed(known, subject=pool_ref(), cause=called_by(actor))
    calls = calls_of(found, root_cause_of(found.finding))
    assert calls is not None
    return calls


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_two_actors_are_two_causes(pair: tuple[str, str]) -> None:
    one, other = map(called_by, pair)

    assert one.actor == other.actor
    assert same_calls(pair[0]) != same_calls(pair[1])
    both = folded(one, replace(other, event_id="other"))
    assert both is not None
    assert len(both.calls) == 2


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_one_principal_is_one_cause(pair: tuple[str, str]) -> None:
    assert same_calls(pair[0]) == same_calls(pair[1])


@pytest.mark.parametrize("actor", [actor for pair in PAIRS.values() for actor in pair])
def test_neither_the_call_nor_the_key_has_the_address(actor: str) -> None:
    name = actor.rpartition("@")[0].rpartition("/")[2].rpartition(":")[2]

    stored = call_document(replace(called_by(actor), event_id="e-1"))

    assert name not in str(stored)
    assert name not in key_of_cause(same_calls(actor))
