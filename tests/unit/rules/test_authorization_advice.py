"""The advice about a Deny and about an undecidable grant, followed to the letter, leads to a better verdict."""

import json
from collections.abc import Iterator, Mapping
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import LONGEST_ADVICE, Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.message import Argument, Message
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import custom_from, developer, identity, identity_ref, mail_path, pool, pool_ref, sending_policy
from tests.texts import english
from tests.unit.presentation.shown_advice import followed, readers, steps_shown
from tests.unit.rules.cases import Case, all_cases

RULES = {"MW402", "MW407"}
REF = identity_ref(region="us-west-2")
SEOUL = pool_ref("ap-northeast-2")
GRANT = sending_policy(REF, SEOUL)
SENDERS = {"default sender": custom_from(REF), "DEVELOPER": developer(REF)}
# Conditions of public Denies: an organization, a network, an endpoint, a clock, a named role, and this very pool.
CONDITIONS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "none": {},
    "organization": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
    "address": {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}},
    "endpoint": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    "clock": {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
    "unknown operator": {"StringResembles": {"aws:SourceIp": "192.0.2.1"}},
    "role": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/mailer"}},
    "spared others": {"ArnNotLike": {"AWS:sourceArn": pool_ref(pool_id="us-east-1_Other0001").arn}},
    "operator spelled otherwise": {"arnnotlike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/mailer"}},
    "this pool": {"ArnLike": {"aws:SourceArn": SEOUL.arn}},
}
DENIED = [
    mail_path(
        pool("ap-northeast-2", email=email),
        identity(
            region="us-west-2",
            policies={
                "cognito": GRANT,
                "lockdown": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "ses:*",
                            "Resource": REF.arn,
                            **({"Condition": conditions} if conditions else {}),
                        },
                    }
                ),
            },
        ),
    )
    for email in SENDERS.values()
    for conditions in CONDITIONS.values()
]
NAMES = [f"{sender}, {name}" for sender in SENDERS for name in CONDITIONS]
CASES = [case for case in all_cases() if case.rule_id in RULES]


# Of every reader, the one whose text is worst: each has its own limits and its own form.
READERS = ("topic", "diagnosis", "mail", "slack")
# Each look tells the steps for which there is room.
MOST_LOOKS = 12


def advised(path: MailPath) -> list[Finding]:
    """The findings of the path that tell a person to write something."""
    found = [each for each in judge(path, ALL).findings if each.rule_id in RULES]
    return [each for each in found if steps_shown(readers(path, each)["topic"])]


def cut(said: Message) -> bool:
    return "advice.further" in {each.id for each in within(said)}


def within(said: Argument) -> Iterator[Message]:
    match said:
        case Message(args=args):
            yield said
            for _, inner in args:
                yield from within(inner)
        case tuple():
            for inner in said:
                yield from within(inner)
        case _:
            return


def better(path: MailPath, reader: str) -> None:
    """After a person did what the text of one reader says, look after look, the pool can send."""
    before = judge(path, ALL)
    assert before.verdict.answer in {Answer.NO, Answer.UNKNOWN}
    for _ in range(MOST_LOOKS):
        found = advised(path)
        if not found:
            break
        (finding,) = found
        steps = steps_shown(readers(path, finding)[reader])
        assert steps
        path = followed(path, steps)
        if not cut(finding.remediation):
            break

    after = judge(path, ALL)

    assert dict(after.verdict.links)[Link.AUTHORIZATION] in {LinkState.SOUND, LinkState.AT_RISK}
    assert not {each.rule_id for each in after.findings} - {each.rule_id for each in before.findings}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("path", DENIED, ids=NAMES)
def test_a_deny_spares_the_pool_once_its_advice_is_followed(path: MailPath, reader: str) -> None:
    found = [each for each in judge(path, ALL).findings if each.rule_id in RULES]

    if found:
        better(path, reader)
    else:
        # The service is known to be outside of any organization, or the Deny names other callers.
        assert judge(path, ALL).verdict.answer is Answer.YES


def test_the_conditions_reach_both_rules() -> None:
    found = {each.rule_id for path in DENIED for each in judge(path, ALL).findings}

    assert found >= RULES


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_advice_of_every_written_case_leads_to_a_better_verdict(case: Case, reader: str) -> None:
    findings = [each for each in judge(case.path, ALL).findings if each.rule_id in RULES]

    if advised(case.path):
        better(case.path, reader)
    else:
        # What could not be read, or a principal that is not known, is no matter of a policy.
        assert all(each.unknown_reason is not None and each.effect is Effect.UNKNOWN for each in findings)


@pytest.mark.parametrize("path", DENIED, ids=NAMES)
def test_a_deny_stays_for_every_other_caller(path: MailPath) -> None:
    for finding in advised(path):
        for step in steps_shown(readers(path, finding)["topic"]):
            if step.kind != "replace":
                continue
            condition = step.pasted["Condition"]
            assert step.pasted["Effect"] == "Deny"
            assert isinstance(condition, dict)
            assert all(SEOUL.arn in values or ":role/" in values[-1] for values in condition["ArnNotLike"].values())


# What a reader does not get letter by letter: addresses, hidden characters, spaces in a row, and what is too long.
UNSHOWN: Mapping[str, Mapping[str, object]] = {
    "a session named by an address": {
        "Condition": {
            "ArnNotEquals": {
                "aws:PrincipalArn": f"arn:aws:sts::{REF.account}:assumed-role/mailer/jane.doe@corp.example"
            }
        }
    },
    "recipients": {
        "Condition": {"StringNotLike": {"aws:PrincipalTag/owner": ["jane@corp.example", "joe@corp.example"]}}
    },
    "spaces": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "mail  team"}}},
    "a space": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "mail team " * 12 + "of the company"}}},
    "a hidden character": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "mail\u202eteam"}}},
    "half a surrogate pair": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "mail\ud800team"}}},
    "an ellipsis": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "mail…"}}},
    "entities": {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "<mail> & ```team```"}}},
    "many roles": {
        "Condition": {
            "ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{REF.account}:role/mailer-{n}" for n in range(70)]}
        }
    },
    "a key spelled otherwise": {
        "Condition": {"ArnNotLike": {"AWS:SOURCEARN": [f"{pool_ref().arn}{n}" for n in range(40)]}}
    },
}


def locked_down(sender: str, *statements: Mapping[str, object]) -> MailPath:
    """A pool behind Denies, each in a policy of its own."""
    base = {"Effect": "Deny", "Principal": "*", "Action": "ses:*", "Resource": REF.arn}
    policies = {
        f"lockdown-{number}": json.dumps({"Version": "2012-10-17", "Statement": [{**base, **statement}]})
        for number, statement in enumerate(statements)
    }
    return mail_path(
        pool("ap-northeast-2", email=SENDERS[sender]),
        identity(region="us-west-2", policies={"cognito": GRANT, **policies}),
    )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("name", UNSHOWN)
def test_what_is_not_shown_letter_by_letter_is_not_to_be_pasted(name: str, sender: str, reader: str) -> None:
    path = locked_down(sender, UNSHOWN[name])
    (finding,) = advised(path)

    for step in steps_shown(readers(path, finding)[reader]):
        if step.kind == "replace":
            assert without_last_values(step.pasted) == statement_of(path)
    better(path, reader)


def statement_of(path: MailPath) -> dict[str, object]:
    (state,) = path.ses_states
    assert state.live_identity is not None
    (statement,) = json.loads(state.live_identity.policies["lockdown-0"])["Statement"]
    assert isinstance(statement, dict)
    return statement


def without_last_values(statement: dict[str, object]) -> dict[str, object]:
    """The statement without what was added: the last value of each key of the operator."""
    condition = dict(cast("dict[str, dict[str, list[str]]]", statement["Condition"]))
    left = {key: values[:-1] for key, values in condition.pop("ArnNotLike").items() if values[:-1]}
    return {**statement, "Condition": {**condition, **({"ArnNotLike": left} if left else {})}}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("number", [2, 3, 8, 19])
def test_several_denies_spare_the_pool_though_there_is_no_room_for_all(number: int, sender: str, reader: str) -> None:
    roles = [f"arn:aws:iam::{REF.account}:role/mailer-{n}" for n in range(8)]

    better(
        locked_down(sender, *[{"Condition": {"ArnNotEquals": {"aws:PrincipalArn": roles}}} for _ in range(number)]),
        reader,
    )


TEXTS = st.text(st.characters(max_codepoint=0x2FFF), max_size=40) | st.sampled_from(
    ["jane@corp.example", "a b", "{", "}"]
)


@given(
    values=st.lists(st.lists(TEXTS, min_size=1, max_size=30), min_size=1, max_size=5),
    sid=st.text("aZ9", max_size=8),
    sender=st.sampled_from(sorted(SENDERS)),
    reader=st.sampled_from(READERS),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_deny_holds_its_advice_as_shown_spares_the_pool(
    values: list[list[str]], sid: str, sender: str, reader: str
) -> None:
    statements = [
        {"Sid": f"{sid}{number}", "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": each}}}
        for number, each in enumerate(values)
    ]

    better(locked_down(sender, *statements), reader)


@given(values=st.lists(st.lists(TEXTS, min_size=1, max_size=60), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_an_advice_is_never_cut(values: list[list[str]]) -> None:
    path = locked_down(
        "DEVELOPER", *[{"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": each}}} for each in values]
    )

    for finding in advised(path):
        shown = readers(path, finding)

        assert finding.recorded().remediation == finding.remediation
        assert len(shown["topic"]) <= LONGEST_ADVICE
        assert shown["topic"] == shown["diagnosis"] == english(finding.remediation)
