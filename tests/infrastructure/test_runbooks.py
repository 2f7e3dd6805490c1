"""Every alarm has a page that says what to do, every page has its alarm, and its commands can be typed as they are."""

import re
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import get_session

from mailwarden_command.programs import PROGRAMS
from tests.infrastructure.roles import functions
from tests.infrastructure.templates import ALARM, HOME, ROOT, template

ALARMS = template(HOME).of_type(ALARM)
FOLDER = ROOT / "docs" / "runbooks"
PAGES = tuple(sorted(path for path in FOLDER.glob("*.md") if path.stem != "README"))
HEADINGS = ["What it means", "What is lost meanwhile", "First three checks", "How to end it"]
# What the AWS CLI adds to every call, and its own commands, which no service model describes.
CLI_OPTIONS = frozenset({"query", "output", "region", "max-items", "max-results", "cli-binary-format"})
CLI_COMMANDS = {("logs", "tail"): {"since", "filter-pattern", "format"}}
LONGEST_DESCRIPTION = 1024


def page_of(alarm: dict[str, str]) -> str:
    return alarm["AlarmName"].removeprefix("${AWS::StackName}-")


def blocks(page: Path) -> list[str]:
    """The commands of a page, each as one line."""
    found = re.findall(r"^ *```\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in found for line in re.sub(r"\\\n *", "", block).splitlines()]


def test_every_alarm_has_a_page_and_every_page_its_alarm() -> None:
    assert sorted(map(page_of, ALARMS.values())) == [page.stem for page in PAGES]


@pytest.mark.parametrize("name", ALARMS)
def test_the_description_of_an_alarm_says_what_happened_and_ends_with_its_page(name: str) -> None:
    alarm = ALARMS[name]
    text, _, url = alarm["AlarmDescription"].partition(" Runbook: ")

    assert text.endswith(".")
    assert url == f"${{DocumentationUrl}}runbooks/{page_of(alarm)}.md"
    assert len(text) + 300 < LONGEST_DESCRIPTION


def test_the_documentation_is_on_the_pages_of_the_repository_unless_somebody_says_otherwise() -> None:
    parameter = template(HOME).parameters["DocumentationUrl"]

    assert parameter["Default"].endswith("/docs/")
    assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
    assert not re.fullmatch(parameter["AllowedPattern"], parameter["Default"].removesuffix("/"))


def test_the_index_lists_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")

    for page in PAGES:
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix(f"# {page.stem}: ")
        assert f"| [{page.stem}]({page.name}) | {title} |" in index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_answers_the_four_questions_with_three_checks(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    checks = text.partition("## First three checks")[2].partition("## How to end it")[0]

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert re.findall(r"^(\d)\. .+(?:\n   .+)*\n\n   ```$", checks, re.MULTILINE) == ["1", "2", "3"]
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (FOLDER / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_outputs_logs_and_targets_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert set(re.findall(r"\$\(output (\w+)\)", text)) <= set(template(HOME).outputs)
    assert set(re.findall(r'"/\$STACK/(\w+)"', text)) <= set(functions())
    for target in re.findall(r"make ([a-z]+(?:-[a-z]+)*) ?[`A-Z$]", text):
        assert f"\n{target}: " in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "output"), [("ask-errors", "AskFunction"), ("operate-errors", "OperateFunction")])
def test_the_page_of_a_function_for_operators_names_every_command_that_invokes_it(page: str, output: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    meaning = (FOLDER / f"{page}.md").read_text(encoding="utf-8").partition("## What is lost")[0]
    invoking = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for pattern in ("*.py", "orders/*.py", "questions/*.py")
        for path in (ROOT / "tools").glob(pattern)
        if f'"{output}"' in path.read_text(encoding="utf-8")
    }
    commands: dict[str, list[str]] = {module: [] for module in invoking}
    for program in PROGRAMS:
        commands.get(program.module, []).append(program.name)

    assert len(commands) >= 3
    for module, names in commands.items():
        calls = "|".join(names)
        targets = re.findall(rf"^([a-z-]+):.*\n(?:\t.*\n)*?\t.*\(COMMAND\) (?:{calls}) ", makefile, re.MULTILINE)
        assert names, module
        assert any(f"`make {target}`" in meaning for target in targets), module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_command_of_a_page_is_one_of_aws_with_its_options(page: Path) -> None:
    # A call within another begins a piece of its own; the options of the outer one come before it.
    calls = [call.split(maxsplit=2) for line in blocks(page) for call in re.split(r"\baws (?=[a-z])", line)[1:]]

    assert len(calls) >= len(HEADINGS)
    for service, command, rest in calls:
        known = CLI_COMMANDS.get((service, command)) or parameters(service, command)
        assert set(re.findall(r"--([a-z-]+)", rest)) <= known | CLI_OPTIONS, (service, command)


def parameters(service: str, command: str) -> set[str]:
    model = get_session().get_service_model(service)
    (operation,) = [name for name in model.operation_names if xform_name(name, "-") == command]
    shape = model.operation_model(operation).input_shape
    return set() if shape is None else {xform_name(member, "-") for member in shape.members}
