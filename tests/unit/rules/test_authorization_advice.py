"""The advice about a Deny and about an undecidable grant, followed to the letter, leads to a better verdict."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.domain.readings import Identity
from mailwarden.message import Argument, Message
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import custom_from, developer, identity, identity_ref, mail_path, pool, pool_ref, sending_policy
from tests.unit.rules.cases import Case, all_cases

RULES = {"MW402", "MW407"}
STEPS = {"sparing.replace", "sparing.correct", "grant.attach"}
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


def steps_of(said: Argument) -> Iterator[Message]:
    match said:
        case Message(id=id_) if id_ in STEPS:
            yield said
        case Message(args=args):
            for _, inner in args:
                yield from steps_of(inner)
        case tuple():
            for inner in said:
                yield from steps_of(inner)
        case _:
            return


def followed(path: MailPath, finding: Finding) -> MailPath:
    """The path after a person did what the finding says."""
    for step in steps_of(finding.remediation):
        args = dict(step.args)
        path = replace(
            path,
            ses_states=tuple(
                replace(state, identity=replace(state.identity, policies=_written(state.identity.policies, step)))
                if isinstance(state.identity, Identity) and state.identity_ref.region == args["region"]
                else state
                for state in path.ses_states
            ),
        )
    return path


def _written(policies: Mapping[str, str], step: Message) -> Mapping[str, str]:
    args = dict(step.args)
    if step.id == "grant.attach":
        return {**policies, "by-hand": str(args["policy"])}
    statement = args["statement"]
    assert isinstance(statement, Message)
    place = dict(statement.args)
    name = str(place["policy"])
    if "index" not in place:
        return {other: document for other, document in policies.items() if other != name}
    document = json.loads(policies[name])
    listed = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    index = int(str(place["index"]))
    changed = [json.loads(str(args["replacement"]))] if step.id == "sparing.replace" else []
    return {**policies, name: json.dumps({**document, "Statement": [*listed[:index], *changed, *listed[index + 1 :]]})}


def better(path: MailPath) -> None:
    before = judge(path, ALL)
    (finding,) = [each for each in before.findings if each.rule_id in RULES and list(steps_of(each.remediation))]

    after = judge(followed(path, finding), ALL)

    assert dict(after.verdict.links)[Link.AUTHORIZATION] in {LinkState.SOUND, LinkState.AT_RISK}
    assert before.verdict.answer in {Answer.NO, Answer.UNKNOWN}
    assert not {each.rule_id for each in after.findings} - {each.rule_id for each in before.findings}


@pytest.mark.parametrize("path", DENIED, ids=NAMES)
def test_a_deny_spares_the_pool_once_its_advice_is_followed(path: MailPath) -> None:
    found = [each for each in judge(path, ALL).findings if each.rule_id in RULES]

    if found:
        better(path)
    else:
        # The service is known to be outside of any organization, or the Deny names other callers.
        assert judge(path, ALL).verdict.answer is Answer.YES


def test_the_conditions_reach_both_rules() -> None:
    found = {each.rule_id for path in DENIED for each in judge(path, ALL).findings}

    assert found >= RULES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_advice_of_every_written_case_leads_to_a_better_verdict(case: Case) -> None:
    findings = [each for each in judge(case.path, ALL).findings if each.rule_id in RULES]

    if any(list(steps_of(each.remediation)) for each in findings):
        better(case.path)
    else:
        # What could not be read, or a principal that is not known, is no matter of a policy.
        assert all(each.unknown_reason is not None and each.effect is Effect.UNKNOWN for each in findings)


@pytest.mark.parametrize("path", DENIED, ids=NAMES)
def test_a_deny_stays_for_every_other_caller(path: MailPath) -> None:
    for finding in judge(path, ALL).findings:
        for step in steps_of(finding.remediation) if finding.rule_id in RULES else ():
            if step.id != "sparing.replace":
                continue
            statement = json.loads(str(dict(step.args)["replacement"]))
            added = statement["Condition"]["ArnNotLike"]
            assert statement["Effect"] == "Deny"
            assert all(SEOUL.arn in values or ":role/" in values[-1] for values in added.values())
