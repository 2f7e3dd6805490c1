from typing import Any

from sandbox.demo.result import TITLES, Result
from sandbox.demo.scene import Scene
from sandbox.demo.scenes import SCENES
from sandbox.demo.story import errors_in


def result(**members: Any) -> Result:  # noqa: ANN401 - whatever a result holds
    scene: Scene = SCENES[1]
    return Result(scene=scene, **members)


def test_a_scene_that_was_not_played_did_not_go_as_told() -> None:
    assert not result().as_told
    assert result().row()[1:] == ("-", "-", "-", "-", "-", "-", "✘")


def test_a_scene_went_as_told_if_every_check_held() -> None:
    played = result()
    played.checks.equal("verdict", "no", "no")
    before = played.as_told
    played.checks.equal("mail after", "lost", "arrived")

    assert before
    assert not played.as_told
    assert played.checks.failures == ["mail after: expected arrived, found lost"]


def test_a_row_has_a_cell_for_every_title() -> None:
    row = result(pool="shop", repaired_after=1.26, announced_after=1.44, mail=["lost", "arrived"]).row()

    assert len(row) == len(TITLES)
    assert "1.3, 1.4" in row
    assert "lost → arrived" in row


def test_a_report_has_only_the_second_figure() -> None:
    assert result(announced_after=0.12).seconds == "-, 0.1"


def test_scenes_are_numbered_in_the_order_in_which_they_are_told() -> None:
    assert [scene.number for scene in SCENES] == list(range(1, len(SCENES) + 1))


def test_a_structured_line_is_told_by_its_message_and_what_was_raised() -> None:
    lines = ['{"level":"ERROR","message":"announcement failed","exception":"Traceback\\n  File\\nClientError: no"}']

    assert list(errors_in(lines)) == ["announcement failed: ClientError: no"]


def test_the_last_line_of_a_traceback_says_what_went_wrong() -> None:
    lines = [
        "fine",
        "Traceback (most recent call last):",
        '  File "a.py"',
        "ValueError: no",
        '{"level":"ERROR"}',
        "fine",
    ]

    assert list(errors_in(lines)) == ["ValueError: no", '{"level":"ERROR"}']
