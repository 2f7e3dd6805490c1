"""One Chromium for all tests of this folder, and pages that report every error and every request."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, expect, sync_playwright

from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.html.page import html_lines
from tests.pages.city import a_city, many_pools, with_hostile_names
from tools.browser import chromium

# In milliseconds: other tests may run on the same machine.
_PATIENCE = 120_000
expect.set_options(timeout=_PATIENCE)
HOSTILE = "</script></style><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>\u202egpj.exe"


@dataclass(slots=True)
class Watched:
    """A page, and everything that should not happen in it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        def console(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.faults.append(f"console: {message.text}")

        def dialog(opened: Dialog) -> None:
            self.faults.append(f"dialog: {opened.message}")
            opened.dismiss()

        def request(made: Request) -> None:
            if not made.url.startswith("file:"):
                self.faults.append(f"request: {made.url}")

        self.page.on("console", console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", dialog)
        self.page.on("request", request)


type Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the PATH; without it these tests are left out, but never with CI=true."""
    path = chromium.find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium on the PATH: run `make pages`")
        pytest.skip("there is no Chromium on the PATH: `make pages` installs it where it may")
    # A superuser has no sandbox of Chromium; the page is our own.
    words = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=words, timeout=_PATIENCE)
        yield started
        started.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a report by its name, written once."""
    folder = tmp_path_factory.mktemp("reports")
    reports: dict[str, Callable[[], AuditReport]] = {
        "city": lambda: a_city(has_suppression=True),
        "korean": lambda: a_city(has_suppression=True),
        "hostile": lambda: with_hostile_names(HOSTILE),
        "large": lambda: many_pools(1_000),
    }

    def written(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            language = Language.KOREAN if name == "korean" else Language.ENGLISH
            speak(catalogue_of(language))
            file.write_text("\n".join(html_lines(reports[name]())), encoding="utf-8")
            speak(catalogue_of(Language.ENGLISH))
        return file

    return written


@pytest.fixture
def visit(browser: Browser, files: Callable[[str], Path]) -> Iterator[Open]:
    """Opens a report in a context of its own."""
    contexts: list[BrowserContext] = []

    def opened(name: str = "city", *, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        watched = Watched(page=context.new_page())
        watched.page.goto(files(name).as_uri())
        return watched

    yield opened
    for context in contexts:
        context.close()
