"""One deployed sandbox for all tests of this folder; every test works with pools and identities of its own."""

import os
from collections.abc import Generator, Iterator
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


_FUNCTIONS = ("inspect", "repair", "sweep", "announce", "slack")
_TOLD_LINES = 15


def pytest_configure(config: pytest.Config) -> None:
    """Register what this folder adds to pytest."""
    config.stash[FIGURES] = []
    config.addinivalue_line("markers", "after_everything: judges what the whole session did, so it comes last")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put those that judge the whole session at its end."""
    items.sort(key=lambda item: item.get_closest_marker("after_everything") is not None)


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
    directory = tmp_path_factory.mktemp("sandbox")
    log = tmp_path_factory.getbasetemp() / "sandbox.log"
    parameters = (f"--parameter={name}={value}" for name, value in _PARAMETERS.items())
    arguments = ["up", "--json", "--port", "0", "--directory", str(directory), *parameters]
    with log.open("w") as progress, RunningSandbox.start(python, arguments, progress=progress) as running:
        box = Box(running=running, directory=directory)
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value="{}")
        yield box


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
def stage(box: Box, records: Records, alerts: Alerts) -> Iterator[Stage]:
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
