"""A deployed sandbox for each worker of a session; every test works with pools and identities of its own.

`pytest tests/e2e` runs everything in one sandbox. With `-n 2 --dist loadfile` two workers share the files, and what can
only be judged when all of them are done is left to a second run, which is given what the workers wrote: `make e2e`.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.running import ROOT, RunningSandbox
from tests.e2e import privacy
from tests.e2e.alerts import Alerts
from tests.e2e.box import FUNCTIONS, SETTINGS, WATCHED, Box
from tests.e2e.evidence import Evidence
from tests.e2e.people import People
from tests.e2e.records import Records
from tests.e2e.stage import Stage
from tests.e2e.suppression_lists import count_empty_lists
from tests.e2e.waiting import until

HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))

# The suite repairs more in an hour than a deployment should.
_PARAMETERS = {
    "RepairsPerHour": "1000",
    # With the default, 30, the tests of storms show what an account sees; all others would only wait.
    "SettleSeconds": os.environ.get("STORM_SETTLE_SECONDS", "0"),
    "RepairsPerPoolPerHour": "20",
    "SettingsParameterName": SETTINGS,
    "IncidentEventBus": "default",
    "AmazonQTopic": "yes",
    "SecurityHub": "yes",
}

_TOLD_LINES = 15
# The longest come first, so that no worker begins one of them when the others are done.
_LONGEST = (
    "test_doctor.py",
    "test_every_link.py",
    "test_reputation.py",
    "test_feedback.py",
    "test_every_death.py",
    "test_refused_reads.py",
    "test_deployment.py",
)
_DONE = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let workers say what they did, and let somebody judge all of it."""
    parser.addoption("--evidence", type=Path, help="folder for what each worker's sandbox did; without -n: judge it")


def pytest_configure(config: pytest.Config) -> None:
    """Register what this folder adds to pytest."""
    config.stash[_DONE] = set()
    config.addinivalue_line("markers", "after_everything: judges what the whole session did, so it comes last")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files and end with what judges the whole session, which no single worker can do."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("after_everything") is not None:
            return len(_LONGEST) + 1
        return _LONGEST.index(item.path.name) if item.path.name in _LONGEST else len(_LONGEST)

    items.sort(key=place)
    if _is_worker(config):
        judging = [item for item in items if place(item) > len(_LONGEST)]
        config.hook.pytest_deselected(items=judging)
        items[:] = items[: len(items) - len(judging)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note which files were begun."""
    item.config.stash[_DONE].add(item.path.name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was measured."""
    reports = [report for report in terminalreporter.getreports("passed") if report.when == "call"]
    figures = [str(value) for report in reports for name, value in report.user_properties if name == "measured"]
    if figures:
        terminalreporter.section("measured")
        for figure in figures:
            terminalreporter.line(figure)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the functions complained of to the report of a test that failed."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    # When the last test of all is taken down, its box has ended.
    if report.failed and isinstance(stage, Stage) and stage.box.running.process.poll() is None:
        for function in FUNCTIONS:
            lines = [str(line) for line in stage.box.log(function) if line.get("level") in {"ERROR", "WARNING"}]
            if lines:
                report.sections.append((f"complaints of {function}", "\n".join(lines[-_TOLD_LINES:])))
    return report


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter that has MiniStack and the SAM CLI."""
    return PYTHON


@pytest.fixture(scope="session")
def box(python: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Box]:
    folder, config = tmp_path_factory.getbasetemp(), request.config
    with brought_up(python, folder / "sandbox", **_PARAMETERS) as box:
        box.client("ssm").put_parameter(Name=SETTINGS, Type="String", Value="{}")
        box.client("securityhub").enable_security_hub()
        privacy.subscribe(box)
        yield box
        if _is_worker(config) and config.option.evidence is not None:
            modules = config.stash[_DONE]
            Evidence.of(box, modules).write(config.option.evidence / f"{folder.name}.json")


@pytest.fixture(scope="session")
def second(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Another deployed sandbox, which may be deleted; its alerts reach Slack with a token."""
    with brought_up(python, tmp_path_factory.getbasetemp() / "second", slack="token") as box:
        yield box


@contextmanager
def brought_up(python: Path, directory: Path, *, slack: str = "webhook", **parameters: str) -> Iterator[Box]:
    """A sandbox with the stack deployed; what it says on its way goes to a file next to its folder."""
    directory.mkdir()
    chosen = (f"--parameter={name}={value}" for name, value in parameters.items())
    arguments = ["up", "--json", "--port", "0", "--directory", str(directory), "--slack", slack, *chosen]
    log = directory.with_suffix(".log")
    with log.open("w") as progress, RunningSandbox.start(python, arguments, progress=progress) as running:
        yield Box(running=running, directory=directory)


@pytest.fixture(scope="session")
def records(box: Box) -> Records:
    """The tables, once every watched region was swept, so that the index is complete, and every list was counted."""
    records = Records.of(box)
    box.invoke("sweep", {"sweep": "all"})
    until(lambda: records.swept() >= set(WATCHED), what="a complete sweep of every region")
    count_empty_lists(box, WATCHED)
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


@pytest.fixture(scope="session")
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """What all tests of this folder made the stack do: said by the workers, or by this session if it ran them all."""
    config, expected = request.config, {(file.name,) for file in HERE.glob("test_*.py")}
    if config.option.evidence is not None:
        found = Evidence.read(config.option.evidence)
        missing = expected - found.modules - {(item.path.name,) for item in request.session.items}
        assert not missing, f"no worker ran {missing}"
        return found
    missing = expected - {(item.path.name,) for item in request.session.items}
    if missing or config.option.keyword or config.option.markexpr or any("::" in each for each in config.args):
        pytest.skip("judges a session with every test of this folder only")
    modules = config.stash[_DONE]
    return Evidence.of(request.getfixturevalue("box"), modules)
