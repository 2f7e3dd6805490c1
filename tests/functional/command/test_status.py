"""The exit status, and what the command does where nothing can be audited."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL
from mailwarden_command import __version__, application, interruption, usage
from mailwarden_command.audit.status import Status, status_of
from tests.functional.command.town import ROOT, VERIFIED, Town, a_street


@pytest.mark.parametrize(
    ("kept", "fail_on", "expected"),
    [
        ("no unknown yes", "critical", Status.FOUND),
        ("no unknown yes", "never", Status.NOT_JUDGED),
        ("unknown yes", "critical", Status.NOT_JUDGED),
        ("unknown yes", "high", Status.NOT_JUDGED),
        ("unknown yes", "low", Status.FOUND),
        ("no", "critical", Status.FOUND),
        ("no", "never", Status.SOUND),
        ("yes", "medium", Status.SOUND),
        ("yes", "low", Status.FOUND),
    ],
)
def test_a_finding_outweighs_what_could_not_be_judged(kept: str, fail_on: str, expected: Status) -> None:
    report = a_street()
    only = replace(
        report,
        pools=tuple(each for each in report.pools if each.verdict.answer.value in kept.split()),
        accounts=(),
    )

    assert status_of(only, SEVERITY_BY_LABEL.get(fail_on)) is expected


def test_a_region_that_is_closed_leaves_the_audit_undecided() -> None:
    town = Town()
    town.ses.put("shop.example").members.update(VERIFIED)
    town.pool("us-east-1_Sound", source="shop.example")
    town.refuse("ListUserPools", "eu-west-1")

    assert status_of(town.audit(), SEVERITY_BY_LABEL["high"]) is Status.NOT_JUDGED


@pytest.mark.parametrize(
    "words",
    [["audit", "--no-such-option"], ["audit", "--output", "xml"], ["no-such-command"], ["why", "x", "--nowhere"]],
)
def test_a_misspelt_word_is_a_fault_of_usage(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["mailwarden", *words])

    with pytest.raises(SystemExit) as ended:
        application.main()

    assert ended.value.code == Status.USAGE
    assert words[-1].lstrip("-") in capsys.readouterr().err


def test_the_numbers_of_the_command_line_are_those_of_the_report() -> None:
    assert (usage.USAGE, interruption.INTERRUPTED, application.CLOSED_PIPE) == (
        Status.USAGE,
        Status.INTERRUPTED,
        Status.CLOSED_PIPE,
    )


def test_the_version_is_that_of_the_project() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
