"""Writes docs/report.png: the report about the city, filtered by one rule, as the README shows it.

    .venv/bin/python -m tests.pages.picture

The fonts of the machine decide about the letters, so no test compares the picture.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from mailwarden_command.output.html.page import html_lines
from tests.pages.city import a_city
from tools.browser import chromium

PICTURE = Path(__file__).parents[2] / "docs" / "report.png"
WIDTH = 1120


def write() -> None:
    """Open the report, filter it, and take the picture."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "report.html"
        file.write_text("\n".join(html_lines(a_city())), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(file.as_uri())
        page.get_by_label("Rule", exact=True).select_option("MW302")
        height = page.evaluate("document.querySelector('#identities').getBoundingClientRect().top + scrollY")
        page.screenshot(path=PICTURE, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
        browser.close()


if __name__ == "__main__":
    write()
