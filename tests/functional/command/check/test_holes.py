"""A value that is not known is never guessed: nothing is found of which some value of it would be innocent."""

from itertools import product
from pathlib import Path

import pytest

from mailwarden.domain.findings.finding import Effect
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
