"""docs/alerts.md shows alerts as they are rendered."""

from tests.unit.presentation.samples import PAGE, filled, samples_in, texts


def test_every_sample_of_the_page_is_rendered_like_this() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert samples_in(page) == texts().keys()
    assert page == filled(page), "run: make docs"
