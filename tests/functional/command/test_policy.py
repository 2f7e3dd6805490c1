"""The policy that an audit asks for is what its rules and adapters declare, on the resources of the template."""

import json

import pytest

from mailwarden_command.audit.policy import policy_document
from mailwarden_command.auditing import needed_actions, print_policy
from tests.permissions import LIST_POOLS, LOOKING, READ_FIGURES, READ_STACKS


def granted(document: object) -> set[tuple[str, str]]:
    read = json.loads(json.dumps(document))
    return {
        (action, resource)
        for statement in read["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def test_it_grants_what_the_functions_may_read_and_nothing_else() -> None:
    declared = {
        (each.action, each.resource.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "*"))
        for each in (*LOOKING, *LIST_POOLS, *READ_FIGURES, *READ_STACKS)
    }

    assert granted(policy_document(needed_actions())) == declared
    assert {action for action, _ in declared} == needed_actions()


def test_it_is_one_document_that_iam_takes(capsys: pytest.CaptureFixture[str]) -> None:
    print_policy()

    document = json.loads(capsys.readouterr().out)
    assert document["Version"] == "2012-10-17"
    assert len(json.dumps(document)) < 6144
    assert len({statement["Sid"] for statement in document["Statement"]}) == len(document["Statement"])
