import io

import pytest
from rich.cells import cell_len

from sandbox.demo.result import Result
from sandbox.demo.scenes import SCENES
from sandbox.demo.screen.summary import summary
from sandbox.terminal import Screen
from tests.sandbox.programs.whole_words import assert_whole_words

_MOST_LINES = 4


def results() -> list[Result]:
    return [
        Result(
            scene=scene,
            pool="shop-kr ap-northeast-2",
            verdict="no",
            link="authorization",
            done="repaired MW401",
            repaired_after=12.34,
            announced_after=13.0,
            mail=["arrived", "lost", "arrived"],
        )
        for scene in SCENES
    ]


def printed(shown: list[Result], width: int) -> str:
    out = io.StringIO()
    Screen.on(out, width=width).table(summary(shown))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_words_stay_whole_and_a_row_has_few_lines(width: int) -> None:
    shown = results()

    text = printed(shown, width)

    # The cells of a row are beside each other, so that only words can be looked for.
    assert_whole_words(text, ["ap-northeast-2", "authorization", "MW401", "arrived"], width=width)
    assert text.count("ap-northeast-2") == len(shown)
    assert len(text.splitlines()) - 1 <= _MOST_LINES * len(shown)


def test_the_table_never_grows_wider_than_the_screen() -> None:
    assert max(map(cell_len, printed(results(), 60).splitlines())) <= 60


def test_what_never_happened_is_a_dash() -> None:
    lines = printed([Result(scene=SCENES[0])], 80).splitlines()

    assert lines[1].split() == ["✘", "1", *SCENES[0].title.split(), "-", "-", "-"]


def test_times_of_the_repair_and_the_alert_are_shown_as_far_as_they_are_known() -> None:
    both = Result(scene=SCENES[0], repaired_after=1.26, announced_after=1.44)
    one = Result(scene=SCENES[0], announced_after=0.12)

    assert both.times == ["repair 1.3 s", "alert 1.4 s"]
    assert one.times == ["alert 0.1 s"]
