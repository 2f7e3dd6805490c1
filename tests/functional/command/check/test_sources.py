"""Templates and plans as teams write them: every fault at its line, and no alarm about a sound one."""

from pathlib import Path

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden_command.audit.status import Status
from mailwarden_command.checking.report import CheckReport, status_of_check
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.source.deployment import UNKNOWN_REGION, Deployment

SOURCES = Path(__file__).parent / "sources"

# By source: the region of --region, and the rule and the line of each finding that is no note.
FAULTY: dict[str, tuple[str | None, list[tuple[str, int]]]] = {
    "region-elsewhere.yaml": ("eu-west-3", [("MW201", 20)]),
    "from-outside.yaml": ("eu-west-1", [("MW104", 44)]),
    "developer-without-identity.json": (None, [("MW102", 11)]),
    "comma-in-the-name.yaml": ("us-east-2", [("MW107", 14)]),
    "domain-without-from.yaml": ("eu-west-1", [("MW105", 25)]),
    "email-mfa.yaml": (None, [("MW109", 9)]),
    "one-time-passwords.json": (None, [("MW109", 10)]),
    "custom-sender.yaml": (None, [("MW113", 18)]),
    "custom-sender-without-key.yaml": (None, [("MW113", 21)]),
    "message-without-code.yaml": ("ap-south-1", [("MW116", 12)]),
    "link-without-domain.yaml": ("us-east-1", [("MW111", 10)]),
    "configuration-set.yaml": ("ca-central-1", [("MW602", 3), ("MW604", 3), ("MW702", 3)]),
    "only-in-production.yaml": ("eu-north-1", [("MW201", 20)]),
    "missing-grant.yaml": ("ap-northeast-2", [("MW401", 13)]),
    "cdk-alternate-region": (None, [("MW107", 22), ("MW201", 23)]),
    "cdk-other-account": (None, [("MW103", 10), ("MW107", 9)]),
    "plan-from-outside.json": (None, [("MW104", 72)]),
    "plan-missing-grant.json": (None, [("MW401", 74)]),
    "plan-wrong-principal.json": (None, [("MW403", 234)]),
    "plan-deleted-identity.json": (None, [("MW301", 103)]),
    "plan-deleted-configuration-set.json": (None, [("MW601", 99)]),
    "plan-region-of-a-provider.json": (None, [("MW201", 55)]),
    "merged-anchors.yaml": ("eu-west-1", [("MW104", 25)]),
    "mapped-region.yaml": ("eu-west-3", [("MW201", 11)]),
    "shared-identity.json": (
        "eu-west-1",
        [("MW104", 29), ("MW602", 8), ("MW602", 8), ("MW604", 8), ("MW604", 8)],
    ),
    "dynamic-references.yaml": ("eu-west-1", [("MW201", 28)]),
    "nested-conditions.yaml": ("us-east-1", [("MW105", 14)]),
    "custom-sender-of-sam.yaml": (None, [("MW113", 24)]),
    "plan-nested-modules.json": (None, [("MW201", 83)]),
    "plan-region-argument.json": (None, [("MW201", 101)]),
    "plan-replaced-pool.json": (None, [("MW201", 46)]),
}
# The region of --region, and the exit status: 2 where something is open that the source does not have.
SOUND: dict[str, tuple[str | None, Status]] = {
    "own-region.yaml": ("eu-west-3", Status.SOUND),
    "identity-and-set.yaml": ("eu-west-1", Status.SOUND),
    "name.yaml": ("us-east-2", Status.SOUND),
    "serverless.yaml": ("eu-west-1", Status.SOUND),
    "email-mfa.yaml": ("sa-east-1", Status.SOUND),
    "custom-sender.yaml": (None, Status.SOUND),
    "link-with-domain.yaml": ("us-east-1", Status.SOUND),
    "messages.yaml": (None, Status.NOT_JUDGED),
    "stages.yaml": ("eu-north-1", Status.SOUND),
    "parameters-without-values.yaml": ("us-east-1", Status.NOT_JUDGED),
    "domain-parameter.json": ("us-west-2", Status.SOUND),
    "grant-by-custom-resource.yaml": ("us-east-1", Status.SOUND),
    "no-mail-of-its-own.yaml": (None, Status.SOUND),
    "cdk-alternate-region": (None, Status.SOUND),
    "plan-grant.json": (None, Status.SOUND),
    "plan-developer.json": (None, Status.SOUND),
    "plan-known-identity.json": (None, Status.SOUND),
    "plan-modules.json": (None, Status.SOUND),
    "plan-unknown-sender.json": (None, Status.NOT_JUDGED),
    "plan-default-sender.json": (None, Status.SOUND),
    "plan-replaced-identity.json": (None, Status.SOUND),
    "mapped-region.yaml": ("eu-west-1", Status.SOUND),
    "dynamic-reference.json": ("ap-south-1", Status.SOUND),
    "plan-each-key.json": (None, Status.NOT_JUDGED),
    "plan-dynamic-block.json": (None, Status.NOT_JUDGED),
}


def checked(name: str, region: str | None, **given: str) -> CheckReport:
    run = CheckRun(given=given, where=Deployment(region=region or UNKNOWN_REGION), version="0.0.0")
    return run.report([SOURCES / name])


def found_in(report: CheckReport) -> list[tuple[str, int]]:
    found = [(each.finding, each.place.line) for _, _, each in report.found()]
    return sorted((finding.rule_id, line) for finding, line in found if not finding.is_note)


def test_every_source_is_in_a_table() -> None:
    assert {path.name for path in (SOURCES / "faulty").iterdir()} == FAULTY.keys()
    assert {path.name for path in (SOURCES / "sound").iterdir()} == SOUND.keys()
    assert len(FAULTY) > 20 <= len(SOUND)


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_found_at_its_line(name: str) -> None:
    region, expected = FAULTY[name]

    report = checked(f"faulty/{name}", region)

    assert not [file.refusal for file in report.files if file.refusal]
    assert found_in(report) == expected
    assert status_of_check(report, Severity.LOW, allow_unknown=False) in {Status.FOUND, Status.NOT_JUDGED}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_source_raises_no_alarm(name: str) -> None:
    region, status = SOUND[name]

    report = checked(f"sound/{name}", region)

    assert not [file.refusal for file in report.files if file.refusal]
    assert found_in(report) == []
    assert status_of_check(report, Severity.HIGH, allow_unknown=False) is status
    assert status_of_check(report, Severity.HIGH, allow_unknown=True) is Status.SOUND


@pytest.mark.parametrize("name", [name for name, (region, _) in FAULTY.items() if region is not None])
def test_without_a_region_nothing_is_found_that_depends_on_it(name: str) -> None:
    report = checked(f"faulty/{name}", None)

    expected = {rule for rule, _ in FAULTY[name][1] if rule not in {"MW201", "MW401"}}
    assert {rule for rule, _ in found_in(report)} == expected
    assert status_of_check(report, None, allow_unknown=False) is Status.NOT_JUDGED


def test_a_finding_of_one_case_names_the_case() -> None:
    report = checked("faulty/only-in-production.yaml", "eu-north-1")

    ((_, _, found),) = [each for each in report.found() if each[2].finding.rule_id == "MW201"]
    assert found.choices == {"Stage": "prod"}
    assert found_in(checked("faulty/only-in-production.yaml", "eu-north-1", Stage="test")) == []


def test_a_value_of_the_caller_decides_what_was_open() -> None:
    name = "sound/parameters-without-values.yaml"
    arn = "arn:aws:ses:us-east-1:111122223333:identity/example.com"

    fitting = checked(name, "us-east-1", IdentityArn=arn, FromAddress="a@example.com", SetName="mail")
    outside = checked(name, "us-east-1", IdentityArn=arn, FromAddress="a@example.org", SetName="mail")

    assert status_of_check(fitting, Severity.HIGH, allow_unknown=False) is Status.SOUND
    assert found_in(outside) == [("MW104", 16)]
    assert [found.finding.effect for _, _, found in outside.found()] == [Effect.LOST]


@pytest.mark.parametrize(
    ("custom", "expected"),
    [
        ("Type: Custom::LogRetention\n    Properties: {ServiceToken: a, RetentionInDays: 7}", [("MW401", 13)]),
        ('Type: Custom::AWS\n    Properties: {ServiceToken: a, Create: \'{"service": "SES"}\'}', []),
        ("Type: AWS::CloudFormation::CustomResource\n    Properties: {ServiceToken: a, For: !Ref SupportPool}", []),
        ("Type: Custom::Grant\n    Properties: {ServiceToken: a, Mailbox: support@example.com}", []),
    ],
)
def test_only_a_custom_resource_that_may_write_a_policy_leaves_the_grant_open(
    custom: str, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    path = tmp_path / "template.yaml"
    text = (SOURCES / "faulty" / "missing-grant.yaml").read_text(encoding="utf-8")
    path.write_text(f"{text}  Custom:\n    {custom}\n", encoding="utf-8")
    report = CheckRun(given={}, where=Deployment(region="eu-west-1"), version="0.0.0").report([path])

    assert found_in(report) == expected


@pytest.mark.parametrize(
    ("environment", "region", "expected"),
    [
        ("aws://111122223333/eu-central-2", "us-east-1", [("MW107", 22), ("MW201", 23)]),
        ("aws://unknown-account/unknown-region", None, [("MW107", 22)]),
        ("aws://unknown-account/unknown-region", "us-east-1", [("MW107", 22)]),
        ("elsewhere", "eu-west-3", [("MW107", 22), ("MW201", 23)]),
    ],
)
def test_the_environment_of_a_stack_comes_before_the_option(
    environment: str, region: str | None, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    folder = SOURCES / "faulty" / "cdk-alternate-region"
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    template = (folder / "IdentityStack.template.json").read_text(encoding="utf-8")
    written = manifest.replace("aws://111122223333/eu-central-2", environment)
    (tmp_path / "manifest.json").write_text(written, encoding="utf-8")
    (tmp_path / "IdentityStackAuth1B2C3.nested.template.json").write_text(template, encoding="utf-8")
    where = Deployment(region=region or UNKNOWN_REGION)
    report = CheckRun(given={}, where=where, version="0.0.0").report([tmp_path])

    assert found_in(report) == expected


@pytest.mark.parametrize(
    ("name", "region", "is_certain"),
    [
        ("missing-grant.yaml", "eu-west-1", False),
        ("link-without-domain.yaml", "us-east-1", False),
        ("plan-missing-grant.json", None, True),
    ],
)
def test_a_template_that_lacks_something_is_not_certain(name: str, region: str | None, *, is_certain: bool) -> None:
    report = checked(f"faulty/{name}", region)

    ((finding, elsewhere),) = [
        (each.finding, each.may_be_elsewhere) for _, _, each in report.found() if not each.finding.is_note
    ]
    assert (finding.effect is Effect.LOST, finding.severity is Severity.CRITICAL, elsewhere) == (
        is_certain,
        is_certain,
        not is_certain,
    )
    expected = Status.FOUND if is_certain else Status.NOT_JUDGED
    assert status_of_check(report, Severity.HIGH, allow_unknown=False) is expected


@pytest.mark.parametrize(
    ("arn", "region", "account", "expected"),
    [
        ("arn:aws-us-gov:ses:us-gov-west-1:111122223333:identity/a@example.com", None, None, []),
        ("arn:aws-us-gov:ses:us-gov-west-1:111122223333:identity/a@example.com", "us-east-1", None, [("MW103", 7)]),
        ("arn:aws:ses:us-east-1:111122223333:identity/a@example.com", "us-east-1", "111122223333", []),
        ("arn:aws:ses:us-east-1:111122223333:identity/a@example.com", "us-east-1", "444455556666", [("MW103", 7)]),
    ],
)
def test_an_identity_is_of_another_account_only_where_the_account_is_known(
    arn: str, region: str | None, account: str | None, expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      EmailConfiguration:\n"
        f"        EmailSendingAccount: DEVELOPER\n        SourceArn: {arn}\n",
        encoding="utf-8",
    )
    where = Deployment(region=region or UNKNOWN_REGION).or_else(region=None, account=account)
    report = CheckRun(given={}, where=where, version="0.0.0").report([path])

    assert [each for each in found_in(report) if each[0] == "MW103"] == expected
