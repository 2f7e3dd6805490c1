"""Files that are no templates, or that want to hurt: each is refused with a sentence and a place, and quickly."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden_command.audit.status import Status
from mailwarden_command.checking.report import CheckedFile, OpenReason, OpenRules, status_of_check
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.sentences import open_sentence, undecided_lines
from mailwarden_command.checking.source.deployment import Deployment

POOL = "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n"
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
BIG = json.dumps("x" * 400_000)
DEEP_CONDITIONS = "".join(f'  C{n}: !Not [!Condition "C{n + 1}"]\n' for n in range(2_000))

NESTING = {
    "parent.yaml": """\
Resources:
  Mail: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./mail.yaml}}
  Remote: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/b/t.yaml}}
  App: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a, SemanticVersion: 1.0.0}}}
  OfCdk:
    Type: AWS::CloudFormation::Stack
    Metadata: {"aws:asset:path": x.nested.template.json}
    Properties: {TemplateURL: {"Fn::Join": ["", [https://s3., /x.json]]}}
""",
    "mail.yaml": "Resources: {Topic: {Type: AWS::SNS::Topic}}",
    "x.nested.template.json": '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}',
}

# The content, a part of the sentence, and the line of the place.
REFUSED: dict[str, tuple[bytes, str, int | None]] = {
    "empty": (b"", "it is empty", None),
    "only a comment": (b"# nothing\n", "it is empty", None),
    "not UTF-8": (b"Resources:\n  \xff\xfe", "it is no text in UTF-8", None),
    "half a sign of UTF-16": (b"\xff\xfeR\x00e", "it is no text in UTF-16", None),
    "a control character": (b"Resources: \x00", "it is no YAML", None),
    "another YAML": (b"on: push\njobs: {}\n", "neither a template", 1),
    "a list": (b"[1, 2]", "neither a template", 1),
    "Resources that are a list": (b"Resources: [a]\n", "neither a template", 1),
    "broken YAML": (b"Resources:\n  Pool: [\n", "it is no YAML", 3),
    "tabs": (b"Resources:\n\tPool: {}\n", "it is no YAML", 2),
    "two documents": (b"Resources: {}\n---\nResources: {}\n", "more than one document", 2),
    "broken JSON": (b'{"Resources": {,}}', "it is no JSON: expected a key", 1),
    "JSON that ends early": (b'{"Resources":\n {"Pool": ', "it is no JSON: expected a value", 2),
    "JSON with more behind it": (b'{"Resources": {}}\n}', "the end of the file", 2),
    "a key twice in YAML": (POOL.encode() + b"    Type: AWS::SNS::Topic\n", "the key 'Type' is there twice", 4),
    "a key twice in JSON": (b'{"Resources": {"A": 1,\n"A": 2}}', "the key 'A' is there twice, first in line 1", 2),
    "a key that is a list": (b"? [a]\n: b\n", "a key is no text", 1),
    "nested YAML": (b"Resources: " + b"[" * 5_000, "more than 100 levels", 1),
    "nested JSON": (b'{"Resources": ' + b"[" * 100_000, "more than 100 levels", 1),
    "a billion laughs": (LAUGHS.encode() + POOL.encode(), "once its aliases are expanded", 6),
    "an alias to itself": (b"Resources: &a [*a]\n", "has no anchor before it", 1),
    "a condition that needs itself": (
        POOL.encode() + b"    Condition: A\nConditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n",
        "depends on itself",
        6,
    ),
    "conditions in a long row": (
        f"{POOL}    Condition: C0\nConditions:\n{DEEP_CONDITIONS}  C2000: !Equals [a, a]\n".encode(),
        "too deeply",
        None,
    ),
    "a text that grows": (
        f"Parameters:\n  P: {{Type: String, Default: {BIG}}}\n{POOL}"
        f"    Properties: {{UserPoolName: !Sub '{'${P}' * 9}'}}\n".encode(),
        "a text would have more than 1,000,000 characters",
        6,
    ),
    "too many cases": (
        (
            f"Conditions: {{{', '.join(f'C{n}: !Equals [!ImportValue a, b]' for n in range(9))}}}\nResources:\n"
            + "".join(f"  P{n}: {{Type: AWS::Cognito::UserPool, Condition: C{n}}}\n" for n in range(9))
        ).encode(),
        "more than 64 cases",
        None,
    ),
    "a state of Terraform": (b'{"format_version": "1.0", "values": {}}', "it has no resource_changes", 1),
    "changes that are no list": (
        b'{"format_version": "1.2", "resource_changes": {}}',
        "resource_changes is no list",
        1,
    ),
    "an entry that is no object": (b'{"format_version": "1.2", "resource_changes": [1]}', "is no object", 1),
}


@pytest.fixture
def check(tmp_path: Path) -> Callable[[bytes], CheckedFile]:
    def checked(content: bytes) -> CheckedFile:
        path = tmp_path / "source"
        path.write_bytes(content)
        report = CheckRun(given={}, where=Deployment(), version="0.0.0").report([path])
        refused = any(file.refusal for file in report.files)
        if refused:
            assert status_of_check(report, Severity.LOW, allow_unknown=True) is Status.NOT_JUDGED
        (file,) = report.files
        return file

    return checked


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_judged_is_refused_with_a_reason(
    name: str, check: Callable[[bytes], CheckedFile]
) -> None:
    content, sentence, line = REFUSED[name]
    started = time.process_time()

    file = check(content)

    assert sentence in file.refusal
    assert (None if file.place is None else file.place.line) == line
    assert time.process_time() - started < 2


# Forms that CloudFormation or Terraform refuses, in a place that mail depends on.
NOT_KNOWN = [
    "EmailConfiguration: [a]",
    "EmailConfiguration: !Transform {Name: Mail}",
    "EmailConfiguration: {SourceArn: {a: b}}",
    "LambdaConfig: !FindInMap [A, B, C]",
    "LambdaConfig: {CustomEmailSender: mailer}",
    "Policies: {SignInPolicy: {AllowedFirstAuthFactors: [{a: b}]}}",
    "EnabledMfas: [[EMAIL_OTP]]",
    "VerificationMessageTemplate: text",
    "AutoVerifiedAttributes: {a: b}",
    "Fn::Transform: {Name: AWS::Include}",
]


@pytest.mark.parametrize("written", NOT_KNOWN)
def test_a_pool_with_a_part_that_is_not_known_is_not_judged(
    written: str, check: Callable[[bytes], CheckedFile]
) -> None:
    file = check(f"{POOL}    Properties:\n      {written}\n".encode())

    (pool,) = file.pools
    assert pool.not_known
    assert not pool.found


def test_a_loop_that_makes_pools_is_not_judged(check: Callable[[bytes], CheckedFile]) -> None:
    loop = "[Name, [A, B], {{'Pool${{Name}}': {{Type: AWS::{}}}}}]"
    resources = "\n".join(
        f"  Fn::ForEach::{kind.partition(':')[0]}: {loop.format(kind)}" for kind in ("Cognito::UserPool", "S3::Bucket")
    )

    file = check(f"Resources:\n{resources}\n".encode())

    (pool,) = file.pools
    assert (pool.name, pool.place.line) == ("Fn::ForEach::Cognito", 2)
    assert pool.not_known


@pytest.mark.parametrize(
    "written",
    [
        "Type: [a]",
        "Type: AWS::Cognito::UserPool\n    Properties: null",
        "Type: AWS::Cognito::UserPool\n    Properties: !Ref AWS::NoValue",
        "Type: AWS::Cognito::UserPool\n    Condition: [a]",
        "Type: AWS::Cognito::UserPool\n    Condition: NotDeclared",
        "Type: AWS::SES::EmailIdentity\n    Properties: {EmailIdentity: !Ref Pool}",
        "Type: AWS::SES::EmailIdentity\n    Properties: {EmailIdentity: [a]}",
        "Type: AWS::SES::ConfigurationSet\n    Properties: {Name: {Ref: [a]}}",
        "Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !GetAtt [A]}",
        "Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: !Select [99, !Split [',', 'a,b']]}",
        "Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: !Join [',', a]}",
        "Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: !Sub [a]}",
        "Type: AWS::Serverless::Function\n    Properties: {Events: [a]}",
    ],
)
def test_odd_resources_beside_a_pool_are_survived(written: str, check: Callable[[bytes], CheckedFile]) -> None:
    mail = (
        "      EmailConfiguration: {EmailSendingAccount: DEVELOPER, SourceArn: 'arn:aws:ses:us-east-1:1:identity/a.b'}"
    )

    file = check(f"{POOL}    Properties:\n{mail}\n  Other:\n    {written}\n".encode())

    assert not file.refusal
    assert "Pool" in {pool.name for pool in file.pools}


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    (file,) = CheckRun(given={}, where=Deployment(), version="0.0.0").report([tmp_path]).files

    assert "no *.template.json" in file.refusal


def test_a_nested_stack_is_open_until_its_template_is_a_file_of_the_check(tmp_path: Path) -> None:
    for name, text in NESTING.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = CheckRun(given={}, where=Deployment(region="eu-west-1"), version="mailwarden/0")

    alone = run.report([tmp_path / "parent.yaml"])
    together = run.report([tmp_path / name for name in NESTING])

    assert [stack.name for stack in alone.files[0].nested] == ["Mail", "Remote", "App", "OfCdk"]
    assert [stack.name for stack in together.files[0].nested] == ["Remote", "App"]
    for report in (alone, together):
        assert status_of_check(report, Severity.HIGH, allow_unknown=False) is Status.NOT_JUDGED
        assert status_of_check(report, Severity.HIGH, allow_unknown=True) is Status.SOUND
    assert sum("nested stack" in text for _, _, _, text in undecided_lines(together)) == 2


@pytest.mark.parametrize(("is_plan", "hint"), [(True, False), (False, True)])
def test_only_a_template_takes_values_of_parameters(is_plan: bool, hint: bool) -> None:
    rules = OpenRules(reason=OpenReason.VALUES, rules=("MW201",), about=("Arn",))

    assert ("--parameter" in open_sentence(rules, in_plan=is_plan)) is hint
