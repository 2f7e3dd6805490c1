"""Plans of Terraform: where a value comes from, which policies count, and what deletion and replacement mean."""

import json
from pathlib import Path
from typing import Any

import pytest

from mailwarden_command.checking.report import CheckReport
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.source.deployment import Deployment

type Json = dict[str, Any]

POOL, IDENTITY, POLICY = "aws_cognito_user_pool.a", "aws_ses_email_identity.a", "aws_ses_identity_policy.a"
ARN = "arn:aws:ses:eu-west-1:111122223333:identity/a@example.com"
POOL_ARN = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Aa1"
BY_POOL = {"StringEquals": {"aws:SourceAccount": "111122223333"}, "ArnLike": {"aws:SourceArn": POOL_ARN}}


def change(address: str, after: Json | None, unknown: Json | None = None, *, actions: str = "create") -> Json:
    kind = next(part for part in address.split(".") if part.startswith("aws_"))
    before = after if actions in {"no-op", "delete"} else None
    planned = None if actions == "delete" else after
    return {
        "address": address,
        "type": kind,
        "change": {"actions": [actions], "before": before, "after": planned, "after_unknown": unknown or {}},
    }


def pool(email: Json, unknown: Json | None = None, *, address: str = POOL, actions: str = "create") -> Json:
    after = {"name": "a", "email_configuration": [email], "id": "eu-west-1_Aa1", "arn": POOL_ARN}
    return change(address, after, {"email_configuration": [unknown or {}]}, actions=actions)


def identity(*, address: str = IDENTITY, actions: str = "create") -> Json:
    return change(address, {"email": "a@example.com", "arn": ARN}, actions=actions)


def policy(document: Json | None, *, unknown: bool = False) -> Json:
    after: Json = {"identity": ARN, "name": "cognito"}
    return change(POLICY, after | ({} if unknown else {"policy": json.dumps(document)}), {"policy": unknown})


def allow(condition: Json | None = BY_POOL, principal: Json | str | None = None) -> Json:
    statement: Json = {
        "Effect": "Allow",
        "Principal": principal or {"Service": "email.cognito-idp.amazonaws.com"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": ARN,
    }
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


def checked(folder: Path, *changes: Json, configuration: Json | None = None, **more: Json) -> CheckReport:
    provider = {"aws": {"expressions": {"region": {"constant_value": "eu-west-1"}}}}
    document: Json = {
        "format_version": "1.2",
        "resource_changes": list(changes),
        "configuration": {"provider_config": provider, "root_module": {"resources": []}, **(configuration or {})},
    } | more
    path = folder / "plan.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    report = CheckRun(given={}, where=Deployment(), version="0.0.0").report([path])
    assert not report.files[0].refusal
    return report


def rules(report: CheckReport) -> set[str]:
    return {each.finding.rule_id for _, _, each in report.found() if not each.finding.is_note}


def open_rules(report: CheckReport) -> set[str]:
    return {rule for _, pool in report.pools() for each in pool.open_rules for rule in each.rules}


BY_DEFAULT = {"email_sending_account": "COGNITO_DEFAULT", "source_arn": ARN}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (allow(), set()),
        (allow(None), {"MW404"}),
        (allow(principal="*"), set()),
        (allow(None, "*"), {"MW404", "MW405"}),
        (allow(BY_POOL, {"Service": "cognito-idp.eu-west-1.amazonaws.com"}), {"MW403"}),
        (allow({"ArnLike": {"aws:SourceArn": f"{POOL_ARN}x"}}), {"MW401"}),
        ({"Version": "2012-10-17", "Statement": []}, {"MW407"}),
        (allow() | {"Statement": [*allow()["Statement"], allow()["Statement"][0] | {"Effect": "Deny"}]}, {"MW402"}),
    ],
)
def test_the_policies_of_a_plan_are_judged_as_live_ones(document: Json, expected: set[str], tmp_path: Path) -> None:
    report = checked(tmp_path, pool(BY_DEFAULT), identity(), policy(document))

    assert rules(report) == expected
    text = (tmp_path / "plan.json").read_text(encoding="utf-8").splitlines()
    for _, _, each in report.found():
        if each.finding.rule_id in expected - {"MW401"}:
            assert POLICY in text[each.place.line - 1]


def test_a_policy_that_is_not_known_leaves_the_grant_open(tmp_path: Path) -> None:
    report = checked(tmp_path, pool(BY_DEFAULT), identity(), policy(None, unknown=True))

    assert rules(report) == set()
    assert "MW401" in open_rules(report)


@pytest.mark.parametrize(("actions", "expected"), [("create", {"MW401"}), ("no-op", set()), ("delete", {"MW301"})])
def test_only_a_new_identity_has_no_policy_that_the_plan_does_not_have(
    actions: str, expected: set[str], tmp_path: Path
) -> None:
    assert rules(checked(tmp_path, pool(BY_DEFAULT), identity(actions=actions))) == expected


BY_REFERENCE = {"email_sending_account": "DEVELOPER", "from_email_address": "b@example.com"}


def configured(references: list[str], *others: Json) -> Json:
    expression = {"source_arn": {"references": references}}
    own = {"address": POOL, "provider_config_key": "aws", "expressions": {"email_configuration": [expression]}}
    return {"root_module": {"resources": [own, *others]}}


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ([f"{IDENTITY}.arn", IDENTITY], {"MW104"}),
        # Two values make an expression that a plan does not have.
        ([f"{IDENTITY}.arn", IDENTITY, "var.region"], set()),
        (["local.arn"], set()),
        (["var.arn"], {"MW104"}),
        (["var.absent"], set()),
        (["each.value"], set()),
        ([], set()),
    ],
)
def test_a_single_reference_leads_to_its_value(references: list[str], expected: set[str], tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        pool(BY_REFERENCE, {"source_arn": True}),
        identity(),
        configuration=configured(references),
        variables={"arn": {"value": ARN}, "region": {"value": "eu-west-1"}},
    )

    assert rules(report) == expected


def test_one_of_several_instances_is_not_guessed(tmp_path: Path) -> None:
    several = (identity(address=f'{IDENTITY}["x"]'), identity(address=f'{IDENTITY}["y"]'))
    configuration = configured([f"{IDENTITY}.arn", IDENTITY])

    report = checked(tmp_path, pool(BY_REFERENCE, {"source_arn": True}), *several, configuration=configuration)

    assert rules(report) == set()


def test_references_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    call: Json = {"expressions": {"arn": {"references": ["module.m.arn", "module.m"]}}, "module": {"outputs": {}}}
    call["module"]["outputs"]["arn"] = {"expression": {"references": ["var.arn"]}}
    configuration = configured(["module.m.arn", "module.m"])
    configuration["root_module"]["module_calls"] = {"m": call}

    report = checked(tmp_path, pool(BY_REFERENCE, {"source_arn": True}), configuration=configuration)

    assert rules(report) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"module.{'x' * 40}.a.{POOL}", f"module.{'x' * 40}.b.{POOL}"),
        (
            "module.prod.module.identity_platform.aws_cognito_user_pool.a",
            "module.test.module.identity_platform.aws_cognito_user_pool.a",
        ),
        (f'{POOL}["a-b"]', f'{POOL}["ab"]'),
        (f'{POOL}["a.b"]', f'{POOL}["a_b"]'),
    ],
)
def test_pools_with_similar_addresses_are_two(one: str, other: str, tmp_path: Path) -> None:
    sound, broken = (
        {"email_sending_account": "DEVELOPER", "source_arn": ARN, "from_email_address": f"{name}@example.com"}
        for name in "ab"
    )
    report = checked(
        tmp_path,
        *(
            change(address, {"name": "a", "email_configuration": [email]})
            for address, email in ((one, sound), (other, broken))
        ),
    )

    assert [(pool.name, {each.finding.rule_id for each in pool.found}) for _, pool in report.pools()] == [
        (one, set()),
        (other, {"MW104"}),
    ]


def test_a_forgotten_pool_stays_as_it_is(tmp_path: Path) -> None:
    email = {"email_sending_account": "DEVELOPER", "source_arn": ARN}
    forgotten = pool(email)
    forgotten["change"] |= {"actions": ["forget"], "before": forgotten["change"]["after"], "after": None}

    assert [each.finding.rule_id for _, _, each in checked(tmp_path, forgotten).found()] == []


@pytest.mark.parametrize("region", ["eu-west-3", "eu-north-1"])
def test_the_region_of_a_resource_comes_before_that_of_its_provider(region: str, tmp_path: Path) -> None:
    email = {"email_sending_account": "DEVELOPER", "source_arn": ARN}
    after = {"name": "a", "region": region, "email_configuration": [email]}

    assert rules(checked(tmp_path, change(POOL, after))) == {"MW201"}


@pytest.mark.parametrize(
    "broken",
    [
        {"type": 1, "address": [], "change": {}},
        {"type": "aws_cognito_user_pool", "address": POOL, "change": {"actions": 1, "after": [], "after_unknown": []}},
        {"type": "aws_cognito_user_pool", "address": POOL, "change": {"actions": ["create"], "after": None}},
        {"type": "aws_iam_policy_document", "address": "data.aws_iam_policy_document.a", "change": {"after": {"a": 1}}},
    ],
)
def test_odd_changes_are_survived(broken: Json, tmp_path: Path) -> None:
    report = checked(tmp_path, pool(BY_DEFAULT, address="aws_cognito_user_pool.b"), broken)

    assert "aws_cognito_user_pool.b" in {pool.name for _, pool in report.pools()}
