"""Whatever a pool's editor or the owner of a policy writes, a look at the pool can be stored, and read back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.repair.decision import plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding
from mailwarden.service.inspection.inspect import handled_by
from tests.builders import (
    ACCOUNT,
    NOON,
    OTHER_ACCOUNT,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    sending_policy,
)
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.past_calls import InMemoryEmailRecords

# The most that the service model lets a From have.
LONGEST = 131_072
SHAPES = {
    "letters": "x" * LONGEST,
    "two bytes": "é" * LONGEST,
    "four bytes": "😀" * LONGEST,
    "half a pair": "\ud800" * LONGEST,
    "addresses": "a@b.example, " * (LONGEST // 13),
    "one address": f"{'a' * LONGEST}@example.com",
    "an identity's ARN": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/{'a' * (LONGEST - 60)}@example.com",
    "a short identity's ARN": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/{'é' * 600}.example",
    "an ARN of 2,048": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/{'a' * 2000}",
    "an ARN with a region": f"arn:aws:ses:{'a' * LONGEST}:{ACCOUNT}:identity/example.com",
    "line breaks": "\n" * LONGEST,
    "null": "\0" * LONGEST,
}
MEMBERS = tuple(field.name for field in fields(EmailConfiguration) if field.name != "sending_account")
BASES = (developer(identity_ref()), developer(identity_ref("example.com")), custom_from(identity_ref()))


def record(ledger: LedgerInDynamoDB, path: MailPath) -> frozenset[str]:
    """Judge, plan and record a look, and read back what is stored; the rules that found something."""
    judgment = judge(path, ALL)
    decisions = plan(judgment.findings, path, Limits(repair_mode=RepairMode.UNSAFE), today=NOON.date())
    handlings = tuple(HandledFinding(finding=each.finding, handled=handled_by(each)) for each in decisions)
    recorder = FindingRecorder(
        findings=ledger.findings,
        looks=ledger.looks,
        known_pools=ledger.known_pools,
        shadow_cases=ledger.shadow_cases,
        email_records=InMemoryEmailRecords(),
    )

    records = recorder.record(judgment, handlings, cause=None, at=NOON)

    assert records is not None
    assert records.keys() == {handling.key for handling in handlings}
    for key, kept in records.items():
        assert ledger.findings.read(key) == kept
    look = ledger.looks.last(path.pool.ref)
    assert look is not None
    assert set(look.findings) == records.keys()
    ledger.looks.forget(path.pool.ref, at=NOON)
    return frozenset(key.rule_id for key in records)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_look_is_stored_whatever_stands_in_a_members_place(dynamo_ledger: LedgerInDynamoDB, member: str) -> None:
    for place, text in enumerate(SHAPES.values()):
        given: dict[str, Any] = {member: text}
        email = replace(BASES[place % len(BASES)], **given)
        record(dynamo_ledger, mail_path(pool(email=email), identity(), identity("example.com")))


@pytest.mark.parametrize("member", ["from_address", "reply_to"])
def test_a_sender_with_the_longest_name_costs_no_other_finding_its_place(
    dynamo_ledger: LedgerInDynamoDB, member: str
) -> None:
    """MW107 quotes the name in its evidence and, encoded, in its advice; an item holds 400 KB."""
    named: dict[str, Any] = {member: f"{'😀' * (LONGEST - 30)} <hello@example.com>"}
    email = replace(developer(identity_ref("example.com"), from_address="hello@example.com"), **named)

    found = record(dynamo_ledger, mail_path(pool(email=email), identity("example.com", verified=False)))

    assert {"MW107", "MW302"} <= found


def policies() -> Iterator[Callable[[str], str]]:
    """Policies that have a long text at each place that a sentence may quote."""
    ref = identity_ref()

    def bent(**members: Callable[[str], object]) -> Callable[[str], str]:
        def policy(text: str) -> str:
            document = json.loads(sending_policy(ref, pool().ref))
            document["Statement"][0].update({name: made(text) for name, made in members.items()})
            return json.dumps(document)

        return policy

    yield bent(Sid=str)
    yield bent(Action=str)
    yield bent(Action=lambda text: [text[place:] for place in range(40)])
    yield bent(Resource=str)
    yield bent(Principal=lambda text: {"AWS": text})
    yield bent(Principal=lambda text: {"Service": text})
    yield bent(Principal=lambda _: {"AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:role/{n}" for n in range(5000)]})
    yield bent(Condition=lambda text: {text: {"aws:SourceArn": "x"}})
    yield bent(Condition=lambda text: {"StringEquals": {text: "x"}})
    yield bent(Condition=lambda text: {"StringEquals": {"ses:FromAddress": text}})
    yield bent(Condition=lambda _: {})
    yield bent(Effect=str)
    yield lambda text: text
    yield lambda _: json.dumps({"Statement": [json.loads(sending_policy(ref, conditions={}))["Statement"][0]] * 300})


@pytest.mark.parametrize("shape", ["letters", "four bytes", "half a pair", "addresses"])
def test_a_look_is_stored_whatever_stands_in_a_policy(dynamo_ledger: LedgerInDynamoDB, shape: str) -> None:
    text = SHAPES[shape][:20_000]
    of = pool("ap-northeast-2", email=custom_from(identity_ref(region="us-west-2")))
    for made in policies():
        held = identity(region="us-west-2", policies={"theirs": made(text), text[:64]: "{}"})
        record(dynamo_ledger, mail_path(of, held))


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_look_is_stored_whatever_stands_everywhere(dynamo_ledger: LedgerInDynamoDB, data: st.DataObject) -> None:
    texts = st.one_of(st.none(), st.text(), st.sampled_from(tuple(SHAPES.values())), st.just(identity_ref().arn))
    email = EmailConfiguration(
        sending_account=data.draw(st.sampled_from([None, *SenderMode])),
        **{member: data.draw(texts) for member in MEMBERS},
    )
    record(dynamo_ledger, mail_path(pool(email=email, name=data.draw(st.text(max_size=300))), identity()))
