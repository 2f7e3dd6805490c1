import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tools.screen.json_text import compact

_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=12),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def test_what_fits_stays_on_one_line() -> None:
    assert compact('{"Action":["ses:SendEmail","ses:SendRawEmail"]}', width=60) == (
        '{"Action": ["ses:SendEmail", "ses:SendRawEmail"]}'
    )


def test_what_does_not_fit_is_opened_from_the_outside() -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"]}]})

    lines = compact(text, width=54).splitlines()

    assert lines == [
        "{",
        '  "Statement": [',
        "    {",
        '      "Effect": "Allow",',
        '      "Action": ["ses:SendEmail", "ses:SendRawEmail"]',
        "    }",
        "  ]",
        "}",
    ]


def test_what_is_no_json_comes_back_as_it_is() -> None:
    assert compact("not written", width=10) == "not written"


@pytest.mark.parametrize("width", [10, 40, 100])
@given(value=_VALUES)
def test_it_still_says_the_same(width: int, value: object) -> None:
    assert json.loads(compact(json.dumps(value), width=width)) == value
