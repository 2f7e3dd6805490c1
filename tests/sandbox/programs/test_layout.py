"""How a text is broken into lines: between words only, and a number stays with its unit."""

import pytest

from tools.screen.terminal import as_sentence, laid_out


@pytest.mark.parametrize("width", range(12, 60))
def test_a_number_and_its_unit_are_never_on_two_lines(width: int) -> None:
    text = "AWS reviews an account from 5 % on and may pause it at 10 % (repaired after 2.1 s; 340 KB), not 5 hours"

    lines = [line.plain for line in laid_out(text, width)]

    assert " ".join(lines) == text
    assert not [line for line in lines if line.startswith(("%", "s;", "KB)"))]


def test_a_korean_clause_begins_with_no_capital() -> None:
    assert as_sentence("the undo is written") == "The undo is written."
    assert as_sentence("shop 사용자 풀이 삭제되었습니다") == "shop 사용자 풀이 삭제되었습니다."
