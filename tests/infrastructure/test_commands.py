"""A command of a page can be copied line by line: it stands on one line, or its first line alone does nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md"))]
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WIDTH = 80
_FENCE = re.compile(r"^ *```(?P<language>[a-z]*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`(?P<code>(?:aws|make|sam) [^`]*)`(?!`)", re.DOTALL)
_PROGRAMS = ("aws ", "make ", "sam ", "curl ")
# Of the line of a pipeline or an assignment, what is run.
_COMMENT = re.compile(r"\s+# .*$")
# They change nothing, so that the first line of one is harmless.
_READING = re.compile(r"(?:get|list|describe|lookup|query|receive|scan|tail)\b.*")
# What the AWS CLI requires of a command beside the members of the model.
_ARGUMENTS = {("lambda", "invoke"): "/dev/stdout"}
_RUN = re.compile(r"(?:^|\| |\$\()(?P<run>aws .*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as a page has it, line by line."""

    lines: tuple[str, ...]

    def __str__(self) -> str:
        return self.lines[0].strip()


def commands_in(page: str) -> Iterator[Command]:
    """The commands in the code blocks of a page, each with the lines that continue it."""
    for block in _FENCE.finditer(page):
        kept: list[str] = []
        for written in block["code"].splitlines():
            line = _COMMENT.sub("", written)
            if kept or line.strip().startswith(_PROGRAMS) or _RUN.search(line.strip()):
                kept.append(line)
                if not line.endswith("\\"):
                    yield Command(lines=tuple(kept))
                    kept = []
        assert not kept, "the last line of a block continues nowhere"


@cache
def required(service: str, operation: str) -> frozenset[str] | None:
    """The options without which the AWS CLI refuses a command; None if there is no such operation."""
    try:
        model = ServiceModel(Loader().load_service_model({"logs": "logs"}.get(service, service), "service-2"))
    except Exception as error:
        raise AssertionError(f"{service} is no service") from error
    for name in model.operation_names:
        if xform_name(name, "-") == operation:
            shape = model.operation_model(name).input_shape
            members = () if shape is None else shape.required_members
            return frozenset(f"--{xform_name(member, '-')}" for member in members)
    return None


def does_nothing(line: str) -> bool:
    """Whether a line that ends before the command does changes nothing, even if its backslash is lost.

    It only reads, it names no operation or no variable that a target needs, it lacks an option that the operation
    requires, or a quotation is open.
    """
    text = line.strip().removesuffix("\\").strip()
    if text.startswith("make "):
        # The target is refused without the variables that it needs.
        return bool(re.search(rf"^{text.removeprefix('make ')}:.*\n\t\$\(call need,", MAKEFILE, re.MULTILINE))
    found = _RUN.search(text)
    if found is None:
        return False
    if text.count('"') % 2:
        return True
    words = found["run"].split()[1:]
    names = [word for at, word in enumerate(words) if not word.startswith("--") and not words[at - 1].startswith("--")]
    if len(names) < 2 or _READING.fullmatch(names[1]):
        return True
    if _ARGUMENTS.get((names[0], names[1]), words[-1]) not in words:
        return True
    needed = required(names[0], names[1])
    return needed is not None and not needed <= {word.partition("=")[0] for word in words}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_in_a_block_fits_or_its_first_line_alone_does_nothing(page: Path) -> None:
    wrong = [
        str(command)
        for command in commands_in(page.read_text(encoding="utf-8"))
        if max(map(len, command.lines)) > WIDTH or (len(command.lines) > 1 and not does_nothing(command.lines[0]))
    ]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_in_a_sentence_is_on_one_line(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))

    wrong = [found["code"] for found in _INLINE.finditer(text) if "\n" in found["code"] or len(found["code"]) > WIDTH]

    assert wrong == []


@pytest.mark.parametrize(
    ("line", "nothing"),
    [
        ("aws sesv2 \\", True),
        ("aws --region eu-west-1 sesv2 \\", True),
        ("aws sesv2 put-account-suppression-attributes \\", False),
        ("aws sesv2 put-account-sending-attributes --region eu-west-1 \\", False),
        ("aws sqs get-queue-attributes \\", True),
        ("aws sqs get-queue-attributes --queue-url x \\", True),
        ("aws sqs purge-queue --queue-url x \\", False),
        ("make set-sender \\", True),
        ("make set-sender POOL=x \\", False),
        ("make stop \\", False),
        ("aws sqs purge-queue \\", True),
        ("aws lambda invoke --function-name x \\", True),
        ('aws sqs start-message-move-task --source-arn "$(aws sqs get-queue-attributes \\', True),
        ("aws sesv2 put-configuration-set-suppression-options \\", True),
        ("aws sesv2 put-configuration-set-suppression-options --configuration-set-name x \\", False),
    ],
)
def test_which_first_lines_do_nothing(line: str, nothing: bool) -> None:
    assert does_nothing(line) is nothing
