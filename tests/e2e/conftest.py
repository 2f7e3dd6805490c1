"""One deployed sandbox for all tests of this folder; every test works with pools and identities of its own."""

import os
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sandbox.running import ROOT, RunningSandbox
from tests.e2e.alerts import Alerts
from tests.e2e.box import SETTINGS, WATCHED, Box
from tests.e2e.figures import FIGURES
from tests.e2e.people import People
from tests.e2e.records import Records
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

PYTHON = Path(os.environ.get("SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))

# The suite repairs more in an hour than a deployment should.
_PARAMETERS = {"RepairsPerHour": "1000", "RepairsPerPoolPerHour": "20", "SettingsParameterName": SETTINGS}


_FUNCTIONS = ("inspect", "repair", "sweep", "tally", "reputation", "announce", "slack", "ask", "operate")
_TOLD_LINES = 15


def pytest_configure(config: pytest.Config) -> None:
    """Register what this folder adds to pytest."""
    config.stash[FIGURES] = []
    config.addinivalue_line("markers", "on_the_second_sandbox: comes late, because that one is started meanwhile")
    config.addinivalue_line("markers", "after_everything: judges what the whole session did, so it comes last")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put those on the second sandbox late, and those that judge the whole session at its end."""

    def place(item: pytest.Item) -> int:
        late = item.get_closest_marker("on_the_second_sandbox") is not None
        return 2 if item.get_closest_marker("after_everything") is not None else int(late)

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was measured."""
    if config.stash[FIGURES]:
        terminalreporter.section("measured")
        for figure in config.stash[FIGURES]:
            terminalreporter.line(figure)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the functions complained of to the report of a test that failed."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.failed and isinstance(stage, Stage):
        for function in _FUNCTIONS:
            lines = [str(line) for line in stage.box.log(function) if line.get("level") in {"ERROR", "WARNING"}]
            if lines:
                report.sections.append((f"complaints of {function}", "\n".join(lines[-_TOLD_LINES:])))
    return report


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter that has MiniStack and the SAM CLI."""
    return PYTHON


@pytest.fixture(scope="session")
def box(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    folder = tmp_path_factory.getbasetemp()
    with brought_up(python, folder / "sandbox", **_PARAMETERS) as box:
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value="{}")
        yield box


@pytest.fixture(scope="session")
def coming(
    box: Box,  # noqa: ARG001 - both build with the same cache, one after the other
    python: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Future[Box] | None]:
    """The second sandbox, on its way up while other tests run; None if no test asks for it."""
    if not any("second" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    with ThreadPoolExecutor(max_workers=1) as executor, ExitStack() as stack:
        context = brought_up(python, tmp_path_factory.getbasetemp() / "second")
        yield executor.submit(lambda: stack.enter_context(context))


@pytest.fixture(scope="session")
def second(coming: Future[Box]) -> Box:
    """Another deployed sandbox, which may be deleted."""
    return coming.result(timeout=120)


@contextmanager
def brought_up(python: Path, directory: Path, **parameters: str) -> Iterator[Box]:
    """A sandbox with the stack deployed; what it says on its way goes to a file next to its folder."""
    directory.mkdir()
    chosen = (f"--parameter={name}={value}" for name, value in parameters.items())
    arguments = ["up", "--json", "--port", "0", "--directory", str(directory), *chosen]
    log = directory.with_suffix(".log")
    with log.open("w") as progress, RunningSandbox.start(python, arguments, progress=progress) as running:
        yield Box(running=running, directory=directory)


@pytest.fixture(scope="session")
def records(box: Box) -> Records:
    """The tables, after the first sweep of every watched region: from then on the index is complete."""
    records = Records.of(box)
    box.invoke("sweep", {"sweep": "all"})
    until(lambda: records.swept() >= set(WATCHED), what="a complete sweep of every region")
    box.quiet()
    return records


@pytest.fixture(scope="session")
def alerts(box: Box) -> Alerts:
    return Alerts.of(box)


@pytest.fixture
def stage(
    box: Box,
    records: Records,
    alerts: Alerts,
    coming: Future[Box] | None,  # noqa: ARG001 - on its way from the first test on
) -> Iterator[Stage]:
    people = People(box=box, pools=[], identities=[])
    yield Stage(box=box, people=people, records=records, alerts=alerts)
    people.leave()
    box.quiet()


@pytest.fixture
def whole_session(request: pytest.FixtureRequest) -> None:
    """Only a session with every test of this folder says what is needed."""
    here = Path(__file__).parent
    modules = {item.path.name for item in request.session.items if item.path.parent == here}
    missing = {path.name for path in here.glob("test_*.py")} - modules
    chosen = request.config.option.keyword or request.config.option.markexpr
    if missing or chosen or any("::" in argument for argument in request.config.args):
        pytest.skip("judges a session with every test of this folder only")
