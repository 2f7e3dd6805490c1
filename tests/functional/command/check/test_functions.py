"""The functions of CloudFormation, as its user guide defines them; holes are shown as ``${label}``."""

import pytest

from mailwarden_command.checking.source.declared import ResourceKind, plain
from mailwarden_command.checking.source.deployment import Deployment
from mailwarden_command.checking.source.holes import Holes, labeled
from mailwarden_command.checking.source.nodes import Members
from mailwarden_command.checking.source.yaml_nodes import yaml_tree
from mailwarden_command.checking.template.stack import Stack

TEMPLATE = """
Parameters:
  Known: {{Type: String, Default: known}}
  Empty: {{Type: String, Default: ""}}
  List: {{Type: CommaDelimitedList, Default: "a, b"}}
  Number: {{Type: Number, Default: 012}}
  Open: {{Type: String}}
  Few: {{Type: String, AllowedValues: [x, y]}}
  Secret: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}}
Mappings:
  Map: {{eu-west-1: {{Name: mapped}}, known: {{Name: [c, d]}}}}
Conditions:
  IsKnown: !Equals [!Ref Known, known]
  IsNot: !Not [!Condition IsKnown]
  IsProd: !Equals [!Ref Open, prod]
  IsTest: !Equals [test, !Ref Open]
  Either: !Or [!Condition IsProd, !Condition IsTest]
  Neither: !Not [!Condition Either]
  Imported: !Equals [!ImportValue a, b]
  Never: !And [!Condition Imported, !Condition IsNot]
  Always: !Or [!Condition Imported, !Condition IsKnown]
  InRegion: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Other: {{Type: AWS::Cognito::UserPool}}
  Identity: {{Type: AWS::SES::EmailIdentity, Properties: {{EmailIdentity: !Sub "${{Known}}.example.com"}}}}
  Set: {{Type: AWS::SES::ConfigurationSet}}
  Named: {{Type: AWS::SES::ConfigurationSet, Properties: {{Name: named}}}}
  Function: {{Type: AWS::Lambda::Function}}
  Bucket: {{Type: AWS::S3::Bucket}}
  Itself: {{Type: AWS::SES::EmailIdentity, Properties: {{EmailIdentity: !Ref Itself}}}}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: {expression}
"""
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:Function"


def values_of(expression: str, **given: str) -> dict[tuple[str, ...], object]:
    """The value of an expression by the choices of its case; None where there is none."""
    root = yaml_tree(TEMPLATE.format(expression=expression))
    assert isinstance(root, Members)
    holes = Holes()
    where = Deployment(region="eu-west-1", account="111122223333")
    cases = Stack(root=root, given=given, where=where, holes=holes).cases()
    found: dict[tuple[str, ...], object] = {}
    for case in cases:
        (pool,) = [each for each in case.of_kind(ResourceKind.POOL) if each.name == "Pool"]
        written = pool.members.get("UserPoolName")
        value = None if written is None else plain(written)
        found[tuple(case.choices.values())] = labeled(value, holes.labels) if isinstance(value, str) else value
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("text", "text"),
        ("012345678901", "012345678901"),
        ("!Ref Known", "known"),
        ("{Ref: Known}", "known"),
        ("!Ref Empty", ""),
        ("!Ref Number", "012"),
        ("!Ref List", ["a", "b"]),
        ("!Ref Open", "${Open}"),
        ("!Ref Secret", "${Secret}"),
        ("!Ref AWS::Region", "eu-west-1"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Ref AWS::StackName", "${AWS::StackName}"),
        ("!Ref AWS::NoValue", None),
        ("!Ref Other", "eu-west-1_Other"),
        ("!GetAtt Other.Arn", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Other"),
        ("{Fn::GetAtt: [Other, ProviderName]}", "${Other.ProviderName}"),
        ("!Ref Identity", "known.example.com"),
        ("!Ref Set", "Set"),
        ("!Ref Named", "named"),
        ("!Ref Function", "Function"),
        ("!GetAtt Function.Arn", ARN),
        ("!GetAtt Bucket.Arn", "${Bucket.Arn}"),
        ("!Ref Itself", "${Itself}"),
        ("!Ref Nothing", "${Nothing}"),
        ('!Sub "${Known}-${AWS::Region}-${Function.Arn}"', f"known-eu-west-1-{ARN}"),
        ('!Sub "${!Known}"', "${Known}"),
        ('!Sub ["${Own}-${Known}", {Own: !Ref Identity}]', "known.example.com-known"),
        ('!Sub "a${Open}b"', "a${Open}b"),
        ('!Join ["-", [a, !Ref Known, !Ref Open]]', "a-known-${Open}"),
        ('!Join ["", !Ref List]', "ab"),
        ('!Join ["", !ImportValue a]', "${Fn::Join in line 34}"),
        ("!Select [1, !Ref List]", "b"),
        ('!Select ["0", !Split ["@", "a@b"]]', "a"),
        ("!Select [2, !Ref List]", "${Fn::Select in line 34}"),
        ('!Split ["@", !Ref Open]', "${Fn::Split in line 34}"),
        ("!FindInMap [Map, !Ref AWS::Region, Name]", "mapped"),
        ("!FindInMap [Map, !Ref Known, Name]", ["c", "d"]),
        ("!FindInMap [Map, elsewhere, Name]", "${Fn::FindInMap Map elsewhere Name}"),
        ("!ImportValue a", "${Fn::ImportValue a}"),
        ("!ImportValue {Fn::Sub: a}", "${Fn::ImportValue in line 34}"),
        ("!GetAZs ''", "${Fn::GetAZs}"),
        ("!If [IsKnown, a, b]", "a"),
        ("!If [IsNot, a, !Ref AWS::NoValue]", None),
        ("!If [InRegion, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!If [Always, a, b]", "a"),
        ("'{{resolve:ssm:/a/b}}@example.com'", "${resolve:ssm:/a/b}@example.com"),
    ],
)
def test_a_function_has_the_value_of_the_user_guide(expression: str, expected: object) -> None:
    assert values_of(expression) == {(): expected}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Few", {("x",): "x", ("y",): "y"}),
        ("!If [IsProd, a, !Ref Open]", {("prod",): "a", ("test",): "test", ("any other value",): "${Open}"}),
        ("!If [Neither, a, b]", {("prod",): "b", ("test",): "b", ("any other value",): "a"}),
        ("!If [Imported, a, !If [Imported, b, c]]", {("true",): "a", ("false",): "c"}),
        ("!If [NotDeclared, a, b]", {("true",): "a", ("false",): "b"}),
    ],
)
def test_a_value_that_is_one_of_a_few_makes_a_case_of_each(
    expression: str, expected: dict[tuple[str, ...], object]
) -> None:
    assert values_of(expression) == expected


def test_a_given_value_comes_before_a_default_and_before_cases() -> None:
    assert values_of("!Ref Known", Known="given") == {(): "given"}
    assert values_of("!Ref Few", Few="z") == {(): "z"}
    assert values_of("!If [IsProd, a, !Ref Open]", Open="b") == {(): "b"}
    assert values_of("!Ref Secret", Secret="mail") == {(): "mail"}
