"""A value that is not known is never guessed: nothing is found of which some value of it would be innocent."""

from itertools import product
from pathlib import Path

import pytest

from mailwarden.domain.findings.finding import Effect
from mailwarden_command.checking.output.documents import finding_document
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.source.deployment import Deployment

TEMPLATE = """
Parameters:
  Hole: {{Type: String}}
Resources:
  Identity:
    Type: AWS::SES::EmailIdentity
    Properties: {{EmailIdentity: example.com}}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      EmailConfiguration:
        EmailSendingAccount: {mode}
        SourceArn: {source}
        From: {sender}
        ReplyToEmailAddress: {reply_to}
"""
KNOWN = {
    "mode": ("DEVELOPER", "COGNITO_DEFAULT"),
    "source": (
        "arn:aws:ses:eu-west-3:111122223333:identity/example.com",
        "arn:aws:ses:us-east-1:111122223333:identity/example.com",
        "arn:aws:ses:eu-west-3:111122223333:identity/info@example.org",
    ),
    "sender": ("no-reply@example.com", "info@example.org", "no address", '""'),
    "reply_to": ("help@example.com",),
}
# Ways to write a hole in a member, and the values that it may turn out to have.
HOLES: dict[str, dict[str, tuple[str, ...]]] = {
    "mode": {"!Ref Hole": KNOWN["mode"]},
    "source": {
        "!Ref Hole": KNOWN["source"],
        '!Sub "arn:aws:ses:${{Hole}}:111122223333:identity/example.com"': ("eu-west-3", "us-east-1"),
        '!Sub "arn:aws:ses:eu-west-3:${{Hole}}:identity/example.com"': ("111122223333",),
        '!Sub "arn:aws:ses:eu-west-3:111122223333:identity/${{Hole}}"': (
            "example.com",
            "info@example.org",
            "a.example",
        ),
    },
    "sender": {
        "!Ref Hole": ("no-reply@example.com", "info@example.org", "no address"),
        '!Sub "no-reply@${{Hole}}"': ("example.com", "example.org"),
        '!Sub "${{Hole}}@example.com"': ("info", "a b"),
        '!Sub "${{Hole}} <no-reply@example.com>"': ("Shop", "Shop, Inc."),
    },
    "reply_to": {"!Ref Hole": ("help@example.com", "no address")},
}


def certain(folder: Path, members: dict[str, str], **given: str) -> set[str]:
    path = folder / "template.yaml"
    path.write_text(TEMPLATE.format(**members).replace("${{", "${").replace("}}", "}"), encoding="utf-8")
    where = Deployment(region="eu-west-3", account="111122223333")
    report = CheckRun(given=given, where=where, version="0.0.0").report([path])
    assert not [file.refusal for file in report.files if file.refusal]
    return {each.finding.rule_id for _, _, each in report.found() if each.finding.effect is not Effect.UNKNOWN}


@pytest.mark.parametrize("member", HOLES)
def test_a_finding_about_a_hole_holds_for_every_value_of_it(member: str, tmp_path: Path) -> None:
    others = {name: values for name, values in KNOWN.items() if name != member}
    found_something = False
    for written, values in HOLES[member].items():
        for combination in product(*others.values()):
            members = dict(zip(others, combination, strict=True)) | {member: written}
            guessed = certain(tmp_path, members)
            found_something = found_something or bool(guessed)
            for value in values:
                assert guessed <= certain(tmp_path, members, Hole=value), (members, value)
    assert found_something


FUNCTIONS = (
    "!ImportValue {}",
    "!ImportValue {{Fn::Sub: '${{AWS::StackName}}-{}'}}",
    "!Select [0, !Split [',', !ImportValue {}]]",
    "!Join ['', !ImportValue {}]",
    "!FindInMap [Map, !ImportValue {}, Name]",
    "!GetAtt [Bucket, !ImportValue {}]",
    "{{Fn::Transform: {{Name: {}}} }}",
    "!Sub ['${{Own}}', {{Own: !Split [',', !ImportValue {}]}}]",
)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_two_values_of_one_function_are_not_taken_for_one(function: str, tmp_path: Path) -> None:
    members = {"mode": "DEVELOPER"} | {name: function.format(name) for name in ("source", "sender", "reply_to")}

    assert certain(tmp_path, members) == set()
    # The same function has the same value: an ARN is no address.
    assert certain(tmp_path, members | {"sender": members["source"]}) == {"MW107"}


RESOURCES = """
Parameters:
  Hole: {Type: String}
Resources:
  Domain:
    Type: AWS::SES::EmailIdentity
    Properties:
      EmailIdentity: example.com
      DkimAttributes: {SigningEnabled: true}
      FeedbackAttributes: {EmailForwardingEnabled: true}
  Set:
    Type: AWS::SES::ConfigurationSet
    Properties:
      Name: mail
      DeliveryOptions: {TlsPolicy: REQUIRE}
      SendingOptions: {SendingEnabled: true}
      SuppressionOptions: {SuppressedReasons: [BOUNCE]}
  Events:
    Type: AWS::SES::ConfigurationSetEventDestination
    Properties:
      ConfigurationSetName: mail
      EventDestination: {Name: events, Enabled: true, MatchingEventTypes: [bounce, complaint]}
  Mailer:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: mailer, Code: {ZipFile: a}, Role: b}
  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: mailer
      Principal: cognito-idp.amazonaws.com
      SourceArn: !GetAtt ByFunction.Arn
  ByFunction:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        KMSKeyID: arn:aws:kms:eu-west-3:111122223333:key/a
        CustomEmailSender: {LambdaArn: !GetAtt Mailer.Arn}
  Risk:
    Type: AWS::Cognito::UserPoolRiskConfigurationAttachment
    Properties:
      UserPoolId: !Ref Pool
      ClientId: ALL
      AccountTakeoverRiskConfiguration:
        Actions: {HighAction: {EventAction: BLOCK, Notify: true}}
        NotifyConfiguration:
          SourceArn: arn:aws:ses:eu-west-3:111122223333:identity/example.com
          From: security@example.com
  SignIn:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {UserPoolId: !Ref Pool, Domain: sign-in}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AutoVerifiedAttributes: [email]
      MfaConfiguration: "ON"
      EnabledMfas: [SOFTWARE_TOKEN_MFA]
      UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}
      VerificationMessageTemplate: {DefaultEmailOption: CONFIRM_WITH_LINK}
      EmailConfiguration:
        EmailSendingAccount: DEVELOPER
        SourceArn: arn:aws:ses:eu-west-3:111122223333:identity/example.com
        From: no-reply@example.com
        ConfigurationSet: mail
"""
# Values of the template, each of which is replaced by a hole; the other value of each shows that it matters.
VALUES = {
    "EmailIdentity: example.com": "EmailIdentity: example.org",
    "SigningEnabled: true": "SigningEnabled: false",
    "EmailForwardingEnabled: true": "EmailForwardingEnabled: false",
    "Name: mail\n      Delivery": "Name: other\n      Delivery",
    "TlsPolicy: REQUIRE": "TlsPolicy: OPTIONAL",
    "SendingEnabled: true": "SendingEnabled: false",
    "SuppressedReasons: [BOUNCE]": "SuppressedReasons: []",
    "ConfigurationSetName: mail": "ConfigurationSetName: other",
    ", Enabled: true": ", Enabled: false",
    "MatchingEventTypes: [bounce, complaint]": "MatchingEventTypes: [send]",
    "Action: lambda:InvokeFunction": "Action: lambda:GetFunction",
    "FunctionName: mailer\n      Principal": "FunctionName: other\n      Principal",
    "Principal: cognito-idp.amazonaws.com": "Principal: s3.amazonaws.com",
    "SourceArn: !GetAtt ByFunction.Arn": "SourceArn: arn:aws:s3:::bucket",
    "From: security@example.com": "From: security@example.org",
    "Notify: true": "Notify: false",
    "EnabledMfas: [SOFTWARE_TOKEN_MFA]": "EnabledMfas: [EMAIL_OTP]",
    "AdvancedSecurityMode: ENFORCED": "AdvancedSecurityMode: AUDIT",
    "DefaultEmailOption: CONFIRM_WITH_LINK": "DefaultEmailOption: CONFIRM_WITH_CODE",
    "ConfigurationSet: mail": "ConfigurationSet: other",
    "UserPoolId: !Ref Pool, Domain": "UserPoolId: other, Domain",
}


def found_in(folder: Path, template: str) -> set[str]:
    path = folder / "template.yaml"
    path.write_text(template, encoding="utf-8")
    where = Deployment(region="eu-west-3", account="111122223333")
    report = CheckRun(given={}, where=where, version="0.0.0").report([path])
    assert not [file.refusal for file in report.files if file.refusal]
    return {each.finding.rule_id for _, _, each in report.found() if each.finding.rule_id != "MW110"}


def test_a_template_with_every_resource_of_mail_is_sound(tmp_path: Path) -> None:
    assert found_in(tmp_path, RESOURCES) == set()


@pytest.mark.parametrize("written", VALUES)
def test_a_value_that_is_not_known_in_any_resource_raises_no_alarm(written: str, tmp_path: Path) -> None:
    assert RESOURCES.count(written) == 1
    name, _, _ = written.partition(": ")
    rest = written[len(written.partition("\n")[0]) :]

    assert (
        found_in(tmp_path, RESOURCES.replace(written, f"{name}: !Ref Hole{', Domain' * ('Domain' in written)}{rest}"))
        == set()
    )


def test_the_same_values_decide_when_they_are_known(tmp_path: Path) -> None:
    found = {written: found_in(tmp_path, RESOURCES.replace(written, other)) for written, other in VALUES.items()}

    assert set().union(*found.values()) >= {"MW112", "MW113", "MW303", "MW602", "MW604", "MW605", "MW702"}
    assert found["SendingEnabled: true"] == {"MW602"}
    assert found["From: security@example.com"] == {"MW112"}
    assert found["UserPoolId: !Ref Pool, Domain"] <= {"MW111"}


def test_a_merged_object_has_the_members_of_its_anchor(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        """
Mail: &mail {EmailSendingAccount: DEVELOPER, From: a@example.org}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      EmailConfiguration:
        <<: *mail
        SourceArn: arn:aws:ses:eu-west-3:111122223333:identity/example.com
""",
        encoding="utf-8",
    )
    report = CheckRun(given={}, where=Deployment(region="eu-west-3"), version="0.0.0").report([path])

    assert [(each.finding.rule_id, each.place.line) for _, _, each in report.found()] == [("MW104", 2)]


@pytest.mark.parametrize(
    ("written", "expected"), [("OFF", set()), ('"OFF"', set()), ("ON", {"MW109"}), ('"ON"', {"MW109"})]
)
def test_a_switch_without_quotes_is_one_with_them(written: str, expected: set[str], tmp_path: Path) -> None:
    template = f"""
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {{MfaConfiguration: {written}, EnabledMfas: [EMAIL_OTP]}}
"""
    assert found_in(tmp_path, template) - {"MW101"} == expected


@pytest.mark.parametrize(
    "name",
    [
        "'{{resolve:ssm:/shop/domain}}'",
        "!Sub '{{resolve:ssm:/${AWS::StackName}/domain}}'",
        "!Join ['', ['{{resolve:ssm:/', !Ref 'AWS::StackName', '/domain}}']]",
        "!Ref Name",
    ],
)
def test_advice_about_a_value_that_is_not_known_shows_the_value_as_it_is_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        f"""
Parameters: {{Name: {{Type: String}}}}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      EmailConfiguration:
        EmailSendingAccount: DEVELOPER
        SourceArn: !Sub ["arn:aws:ses:ap-south-1:111122223333:identity/${{Identity}}", {{Identity: {name}}}]
""",
        encoding="utf-8",
    )

    report = CheckRun(given={}, where=Deployment(region="eu-west-3"), version="0.0.0").report([path])

    ((file, _, each),) = report.found()
    found = finding_document(each, in_plan=file.is_plan)
    advice = found["to_do"]
    assert found["rule"]["id"] == "MW201"
    assert ":identity/${" in advice
    assert "@" not in advice
