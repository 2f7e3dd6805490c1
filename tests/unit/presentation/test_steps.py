"""What a reader copies out of an advice does what it is meant to do, whatever breaks its lines."""

import re
import shlex
from collections.abc import Iterator

import pytest

from mailwarden.domain.findings.changes import EMAIL_SERVICE
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.slack.message import slack_message
from mailwarden.presentation.steps import COMMAND_WIDTH, command_lines, steps_of
from tests.unit.presentation.alerts_of_rules import every_alert, every_finding, record_of_finding

WIDTH = 80
LONGEST = {
    "region": "us-isob-northwest-1",
    "service": EMAIL_SERVICE,
    "pool": "arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/us-gov-west-1_AbCdEf123",
}
COMMAND = re.compile(r"`((?:aws|make) [^`]+)`")
FIRST_LINE = re.compile(r"(?:aws [a-z0-9-]+(?: --region \S+)?|make (?:release-fight|restore|set-sender)) \\")
WITH_A_COMMAND = [each for each in every_finding() if COMMAND.search(ENGLISH.text(each.remediation))]


def commands(text: str) -> list[str]:
    return [step.command for step in steps_of(text) if step.command is not None]


def copied(lines: list[str]) -> list[str]:
    """The words that a shell gets of lines in which a backslash goes on."""
    return shlex.split("\n".join(lines).replace("\\\n", " "))


def every_command() -> Iterator[str]:
    """Every command in a text of the catalogue, with the longest values that AWS allows in it."""
    for template in ENGLISH.templates.values():
        for text in [template] if isinstance(template, str) else [template.one, template.other]:
            for found in COMMAND.finditer(text):
                yield re.sub(r"\{(\w+)\}", lambda name: LONGEST.get(name[1], "s" * 64), found[1])


@pytest.mark.parametrize("command", sorted(set(every_command())))
def test_a_command_fits_and_its_first_line_alone_does_nothing(command: str) -> None:
    lines = command_lines(command)

    assert copied(lines) == shlex.split(command)
    assert all(len(line) <= WIDTH - 2 or " " not in line.strip() for line in lines)
    if len(lines) > 1:
        # Without the name of an operation the AWS CLI refuses it, and the Makefile without a variable.
        assert re.fullmatch(
            r"(?:aws [a-z0-9-]+(?: --region \S+)?|make (?:release-fight|restore|set-sender)) \\", lines[0]
        )
        assert all(line.endswith(" \\") for line in lines[:-1])


@pytest.mark.parametrize("template", [text for text in ENGLISH.templates.values() if isinstance(text, str)])
def test_every_command_is_between_backticks(template: str) -> None:
    outside = COMMAND.sub("", template)

    assert (
        re.search(
            r"\baws [a-z0-9]+ [a-z]+-|\bmake (start|stop|undo|why|release|journal|unsuppress|set-sender)\b", outside
        )
        is None
    )


@pytest.mark.parametrize("finding", WITH_A_COMMAND, ids=lambda finding: f"{finding.rule_id}-{finding.remediation.id}")
def test_every_reader_gets_a_command_in_lines_that_nothing_breaks(finding: Finding) -> None:
    notice = notice_of(alert_of(record_of_finding(finding)), rule_pages="https://docs.example/")
    mail = alert_text(notice).splitlines()

    for command in commands(notice.remediation):
        lines = command_lines(command)
        begin = mail.index(f"  {lines[0]}")
        assert [line[2:] for line in mail[begin : begin + len(lines)]] == lines
        assert f"```\n{chr(10).join(lines)}\n```" in str(slack_message(notice)).encode().decode("unicode_escape")


def test_a_short_command_is_never_broken_in_a_mail() -> None:
    for alert in every_alert():
        text = alert_text(notice_of(alert, rule_pages="https://docs.example/"))

        assert text.count("`") % 2 == 0
        assert [found for found in re.findall(r"`[^`]*`", text) if "\n" in found] == []


def test_a_step_ends_in_what_is_to_be_pasted() -> None:
    command = f"aws sesv2 {COMMAND_WIDTH * 'x'}"
    text = f'First {{"a": {{"b": 1}}}}; then run: `{command}`; and {{not json}} use `make start`. {{"c": 2}}'

    steps = steps_of(text)

    assert [(step.sentence, step.document, step.command) for step in steps] == [
        ("First", '{"a": {"b": 1}}', None),
        ("then run:", None, command),
        ("and {not json} use `make start`.", '{"c": 2}', None),
    ]


def test_a_step_after_something_to_paste_begins_with_a_sentence_in_every_language() -> None:
    for finding in every_finding():
        steps, korean = (steps_of(catalogue.text(finding.remediation)) for catalogue in (ENGLISH, KOREAN))
        assert all(step.sentence[:1].isupper() for step in steps[1:]), [step.sentence for step in steps]
        assert [step.pasted for step in steps] == [step.pasted for step in korean], finding.rule_id
