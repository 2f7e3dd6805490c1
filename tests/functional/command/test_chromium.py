"""Finding a browser for the tests of the page: what is left out is said in one line, and is a failure in CI."""

from collections.abc import Callable

import pytest

from tools.browser.chromium import main


def appearing(*answers: str | None) -> Callable[[], str | None]:
    """Looks that find these one after the other."""
    left = iter(answers)
    return lambda: next(left)


@pytest.mark.parametrize("ci", ["true", ""])
@pytest.mark.parametrize("answers", [("/usr/bin/chromium",), (None, "/usr/bin/chromium")])
def test_a_browser_that_is_there_or_was_installed_is_named(
    answers: tuple[str | None, ...], ci: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)

    assert main(look=appearing(*answers), get=lambda: True) == 0

    assert capsys.readouterr() == ("/usr/bin/chromium\n", "")


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_one_the_tests_are_left_out_in_one_line_but_not_in_ci(
    ci: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)

    assert main(look=appearing(None), get=lambda: False) == status

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "apt-get install chromium" in err
    assert "make pages" in err
