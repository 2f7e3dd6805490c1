import io

import pytest
from rich.console import Console

from sandbox.terminal import Passage, Screen, Tone
from tests.sandbox.programs.whole_words import assert_whole_words

ARN = "arn:aws:cognito-idp:ap-northeast-2:123456789012:userpool/ap-northeast-2_AbCdEfGhI"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(width: int = 60) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen.on(out, width=width), out


def colored() -> tuple[Screen, io.StringIO]:
    out = Terminal()
    return Screen(console=Console(file=out, width=60, force_terminal=True, color_system="standard")), out


def test_a_file_gets_neither_colors_nor_motion() -> None:
    screen, out = plain()

    screen.entry("verdict", Passage(lead="no:", text="lost", tone=Tone.BAD))
    with screen.waiting("sam build") as waiting:
        waiting.now("sam deploy")

    assert out.getvalue() == "  verdict       no: lost\n"


@pytest.mark.parametrize(
    ("environment", "colors"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_gets_the_colors_that_it_can_show_and_wants(
    environment: dict[str, str], colors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = Terminal()

    Screen.on(out).line("lost", Tone.BAD)

    assert ("\x1b[31m" in out.getvalue()) is colors


def test_a_dumb_terminal_gets_no_motion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()

    with Screen.on(out).waiting("sam build"):
        pass

    assert out.getvalue() == ""


def test_a_terminal_gets_a_moving_line_that_is_removed() -> None:
    screen, out = colored()

    with screen.waiting("sam build"):
        pass

    assert "sam build" in out.getvalue()
    assert out.getvalue().endswith("\x1b[2K")


def test_an_entry_is_beside_its_label() -> None:
    screen, out = plain()

    screen.entry("verdict", Passage(lead="no:", text="the first broken link is authorization, and the mail is lost"))

    assert out.getvalue().splitlines() == [
        "  verdict       no: the first broken link is authorization,",
        "                and the mail is lost",
    ]


def test_only_the_lead_of_an_entry_is_colored() -> None:
    screen, out = colored()

    screen.entry("", Passage(lead="no:", text="lost", tone=Tone.BAD))

    assert "\x1b[31mno:\x1b[0m lost" in out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_word_is_broken_and_only_a_single_word_is_wider_than_the_screen(width: int) -> None:
    screen, out = plain(width)
    texts = [
        "2/6  A deleted sending policy",
        f"It is about {ARN}. " * 3,
        f"✋ not repaired: ⚠️ wide 日本語 characters and ✔ narrow ones, and then {ARN}",
        "the identity of hello@orchard.example in us-west-2 " * 4,
    ]
    document = f'+               "aws:SourceArn": "{ARN}"'

    screen.heading(texts[0])
    screen.paragraph(texts[1])
    screen.entry("repair", Passage(lead="✋ none:", text=texts[2]))
    screen.entry("who did what", Passage(text=ARN))
    screen.block([Passage(text=document, verbatim=True), Passage(text=ARN)], gutter="│ ")
    screen.block([Passage(text=document, verbatim=True), Passage(text=texts[3])])

    assert_whole_words(out.getvalue(), [*texts, document, ARN], width=width)


def test_an_indented_line_stays_indented_when_it_is_wrapped() -> None:
    screen, out = plain(25)

    screen.block([Passage(text="  one two three")])

    assert [line[16:] for line in out.getvalue().splitlines()] == ["  one", "    two", "    three"]


def test_a_step_that_is_over_leaves_a_line_with_its_seconds() -> None:
    screen, out = plain()

    with screen.waiting("sam build") as waiting:
        waiting.done("sam build", 2.71)

    assert out.getvalue().splitlines() == [f"  {'sam build':<49}  2.7 s"]
