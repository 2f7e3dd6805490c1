from pathlib import Path
from typing import Any

from sandbox.demo.result import Result
from sandbox.demo.scene import Explained, Scene
from sandbox.demo.scenes import SCENES
from sandbox.demo.stage.stage import LANGUAGES
from sandbox.demo.story import errors_in, without_growth


def result(**members: Any) -> Result:  # noqa: ANN401 - whatever a result holds
    scene: Scene = SCENES[1]
    return Result(scene=scene, **members)


def test_a_scene_that_was_not_played_did_not_go_as_expected() -> None:
    assert not result().as_expected


def test_a_scene_went_as_expected_if_every_check_held() -> None:
    played = result()
    played.checks.equal("verdict", "no", "no")
    before = played.as_expected
    played.checks.equal("mail after", "lost", "arrived")

    assert before
    assert not played.as_expected
    assert played.checks.failures == ["mail after: expected arrived, found lost"]


def test_scenes_are_numbered_in_the_order_in_which_they_are_played() -> None:
    assert [scene.number for scene in SCENES] == list(range(1, len(SCENES) + 1))


def test_a_structured_line_is_shown_by_its_message_and_what_was_raised() -> None:
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


def test_only_the_first_message_about_what_other_scenes_use_too_is_counted() -> None:
    sent = ["HIGH: 1 of 2 pools (MW703, SES)", "LOW: an end (MW912, eu)", "HIGH, UPDATE: 2 pools (MW703, SES)"]
    outcomes = [scene.expected.outcome for scene in SCENES]

    assert without_growth(sent, outcomes) == sent[:2]
    assert without_growth([*sent, sent[1]], outcomes) == [*sent[:2], sent[1]]


def test_a_scene_is_judged_in_every_language_that_the_template_has() -> None:
    template = (Path(__file__).parents[3] / "template.yaml").read_text(encoding="utf-8")
    told = [scene.expected.outcome.says for scene in SCENES if isinstance(scene.expected.outcome, Explained)]

    assert f"AllowedValues: [{', '.join(LANGUAGES)}]" in template
    assert told
    assert all(words.keys() == set(LANGUAGES) and all(words.values()) for words in told)
