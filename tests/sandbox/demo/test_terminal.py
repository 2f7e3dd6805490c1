import io

import pytest

from sandbox.demo.terminal import Screen, Text, Tone, broken, wrapped


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def plain(width: int = 60) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen(out=out, width=width, colors=False, moves=False), out


def test_a_file_gets_neither_colors_nor_motion() -> None:
    screen = Screen.of(io.StringIO(), {"TERM": "xterm"})

    assert (screen.colors, screen.moves) == (False, False)


@pytest.mark.parametrize(
    ("environment", "colors", "moves"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_a_terminal_gets_what_it_can_and_wants(environment: dict[str, str], colors: bool, moves: bool) -> None:
    screen = Screen.of(Terminal(), environment)

    assert (screen.colors, screen.moves) == (colors, moves)


def test_an_entry_stands_beside_its_label() -> None:
    screen, out = plain()

    screen.entry("verdict", Text(lead="no:", text="the first broken link is authorization, and the mail is lost"))

    assert out.getvalue().splitlines() == [
        "  verdict       no: the first broken link is authorization,",
        "                and the mail is lost",
    ]


def test_only_the_lead_of_an_entry_is_colored() -> None:
    out = io.StringIO()
    screen = Screen(out=out, width=60, colors=True, moves=False)

    screen.entry("", Text(lead="no:", text="lost", tone=Tone.BAD))

    assert "\x1b[31mno:\x1b[0m lost" in out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    screen, out = plain(width)
    arn = "arn:aws:cognito-idp:ap-northeast-2:123456789012:userpool/ap-northeast-2_AbCdEfGhI"

    screen.heading("2/6  The policy that somebody deleted")
    screen.paragraph(f"It is about {arn}. " * 3)
    screen.entry("done", Text(lead="repaired:", text=arn * 2))
    screen.block([Text(text=f'+       "aws:SourceArn": "{arn}"', verbatim=True), Text(text=arn)], gutter="│ ")

    assert max(map(len, out.getvalue().splitlines())) <= width


def test_a_verbatim_line_is_broken_anywhere_and_loses_nothing() -> None:
    line = '+   "Resource": "arn:aws:ses:us-west-2:123456789012:identity/hello@orchard.example"'

    parts = broken(line, 40)

    assert "".join([parts[0], *(part.lstrip() for part in parts[1:])]) == line
    assert max(map(len, parts)) <= 40


def test_an_indented_line_stays_indented_when_it_is_wrapped() -> None:
    assert wrapped("  one two three", 9) == ["  one two", "    three"]


def test_waiting_leaves_nothing_in_a_file_but_what_is_done() -> None:
    screen, out = plain()

    with screen.waiting("sam build") as waiting:
        waiting.done("sam build", 2.71)

    assert out.getvalue().splitlines() == [f"  {'sam build':<49}  2.7 s"]
