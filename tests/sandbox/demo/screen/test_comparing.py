import json

from sandbox.demo.screen.comparing import Difference, differences, leaves, line_by_line
from sandbox.terminal import Tone


def test_every_value_has_a_path() -> None:
    document = {"Policies": {"PasswordPolicy": {"MinimumLength": 12}}, "Schema": [{"Name": "sub"}], "Tags": {}}

    found = leaves(document)

    assert found == {"Policies.PasswordPolicy.MinimumLength": "12", "Schema[0].Name": '"sub"', "Tags": "{}"}


def test_nothing_is_in_an_empty_document() -> None:
    assert leaves({}) == {}


def test_what_comes_goes_and_changes_is_a_difference_and_nothing_else_is() -> None:
    before = {"same": 1, "changed": [1, 2], "gone": True}
    after = {"same": 1, "changed": [1, 3], "new": "x"}

    found = differences(before, after)

    assert found == (
        Difference(path="changed[1]", before="2", after="3"),
        Difference(path="gone", before="true", after=None),
        Difference(path="new", before=None, after='"x"'),
    )


def test_lines_that_go_and_come_are_marked_with_one_line_around_them() -> None:
    before = json.dumps({"A": "1" * 30, "B": "2" * 30, "C": "old", "D": "4" * 30})
    after = before.replace("old", "new")

    lines = line_by_line(before, after, width=60)

    assert [(line.text[:1], line.tone) for line in lines] == [
        (" ", Tone.DIM),
        ("-", Tone.BAD),
        ("+", Tone.GOOD),
        (" ", Tone.DIM),
    ]
    assert '"new"' in lines[2].text


def test_equal_texts_have_no_lines() -> None:
    assert line_by_line('{"a": 1}', '{"a":1}', width=60) == []
