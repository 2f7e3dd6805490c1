"""Nothing of ours prints a command that resets what it does not name: pages, alerts, answers and tools."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from mailwarden.presentation.catalogue.languages import ENGLISH

ROOT = Path(__file__).parents[2]
LIST = ROOT / "tests" / "replacing_calls.toml"
CALLS: Mapping[str, Mapping[str, str]] = {
    call["operation"]: call for call in tomllib.loads(LIST.read_text(encoding="utf-8"))["call"]
}
KINDS = frozenset({"reset", "document", "unknown", "kept", "single"})
# Operations with another verb either read, or make or remove a whole thing, or add to one.
WRITING = re.compile(r"(?:put|update|set|modify|replace)-")
# A bullet or a paragraph: what a reader sees around a command.
_BLOCK = re.compile(r"\n(?=- |\d+\. |#)|\n\n(?![ `])")
_CONTINUED = re.compile(r"\\?\n\s*")
_COMMAND = re.compile(r"\baws (?:--\S+ \S+ )*(?P<service>[a-z0-9-]+)(?P<rest> [^`;|&\n]*)")
_TOOLS = ("tools", "sandbox")
UPDATE = "aws sesv2 update-email-identity-policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A command as a reader sees it, and the text around it."""

    place: str
    operation: str
    options: frozenset[str]
    around: str

    def __str__(self) -> str:
        return f"{self.place}: {self.operation} {' '.join(sorted(self.options))}"


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"))


@cache
def operation_of(service: str, command: str) -> str | None:
    """The operation of a command, ``sesv2:PutAccountDetails``; None if the service has none of that name."""
    try:
        names = model(service).operation_names
    except Exception:  # noqa: BLE001 - botocore has an error of its own for each kind of unknown service
        return None
    return next((f"{service}:{name}" for name in names if xform_name(name, "-") == command), None)


def members_of(operation: str) -> tuple[frozenset[str], frozenset[str]]:
    """The members of an operation's input, and those that it requires, as options of the AWS CLI."""
    service, _, name = operation.partition(":")
    shape = model(service).operation_model(name).input_shape
    assert isinstance(shape, StructureShape)
    return _options(shape.members), _options(shape.required_members)


def _options(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"--{xform_name(name, '-')}" for name in names)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of ours that a reader may copy a command from, with its place."""
    pages = [*(ROOT / "docs").rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "SECURITY", "CONTRIBUTING"))]
    for page in sorted(pages):
        for block in _BLOCK.split(page.read_text(encoding="utf-8")):
            yield str(page.relative_to(ROOT)), block
    for id_, template in ENGLISH.templates.items():
        for text in [template] if isinstance(template, str) else [template.one, template.other]:
            yield id_, text
    for folder in _TOOLS:
        for source in sorted((ROOT / folder).rglob("*.py")):
            text = re.sub(r'"\s*\n\s*f?"', "", source.read_text(encoding="utf-8"))
            yield str(source.relative_to(ROOT)), text


def commands_in(place: str, text: str) -> Iterator[Printed]:
    """The commands in a text that write to something that exists."""
    for found in _COMMAND.finditer(_CONTINUED.sub(" ", text)):
        words = found["rest"].split()
        command = next(_operands(words), "").strip("\"'),.")
        operation = operation_of(found["service"], command) if WRITING.match(command) else None
        if operation is not None:
            options = frozenset(word.replace("--no-", "--").partition("=")[0] for word in words if word[:2] == "--")
            yield Printed(place=place, operation=operation, options=options, around=text)


def _operands(words: Iterable[str]) -> Iterator[str]:
    """The words that are neither options nor values of options: options of the program may come first."""
    before = ""
    for word in words:
        if not word.startswith("--") and not before.startswith("--"):
            yield word
        before = word


def fault_of(printed: Printed) -> str | None:
    """Why the command must not be printed; None if it may."""
    call = CALLS.get(printed.operation)
    if call is None:
        return f"{LIST.name} does not list {printed.operation}"
    members, required = members_of(printed.operation)
    missing = members - printed.options
    match call["left_out"]:
        case "kept" | "single":
            return None
        case "unknown" if printed.options >= required:
            unnamed = [option for option in missing - {"--region"} if _member(option) not in printed.around]
            return f"the text does not name {sorted(unnamed)}" if unnamed else None
        case "document" if not missing and call["read_first"] in printed.around:
            return None
        case "reset" if not missing:
            return None
        case _:
            return f"it leaves out {sorted(missing)}"


def _member(option: str) -> str:
    return "".join(part.capitalize() for part in option.removeprefix("--").split("-"))


PRINTED = [printed for place, text in texts() for printed in commands_in(place, text)]


@pytest.mark.parametrize("printed", PRINTED, ids=str)
def test_no_command_resets_what_it_does_not_name(printed: Printed) -> None:
    fault = fault_of(printed)
    assert fault is None, f"{printed.place}: AWS resets what {printed.operation} does not name, and {fault}: add it"


def test_the_commands_are_found_where_they_are() -> None:
    places = {printed.place for printed in PRINTED}

    assert {"docs/rules/MW501.md", "docs/rules/MW402.md", "README.md", "MW701.remediation"} <= places
    assert any(place.startswith("tools/") for place in places)


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_the_list_says_of_each_call_what_becomes_of_the_rest_and_why(operation: str) -> None:
    call = CALLS[operation]
    members, required = members_of(operation)

    assert call["left_out"] in KINDS
    if call["left_out"] == "single":
        assert len(members - required) == 1, "a newer SDK has another member: decide again"
    else:
        assert call["source"]


@pytest.mark.parametrize(
    "text",
    [
        "`aws cognito-idp update-user-pool` with the new ARN and every other setting of the pool",
        "aws cognito-idp update-user-pool --user-pool-id x \\\n  --email-configuration SourceArn=x",
        "aws --region eu-west-1 cognito-idp update-user-pool --user-pool-id x",
        "aws cognito-idp --region eu-west-1 update-user-pool --user-pool-id x",
        "`aws cloudtrail put-event-selectors` with `ReadWriteType=All`",
        "`aws sesv2 update-email-identity-policy` with the edited document",
        "aws ses put-identity-policy --identity x --policy-name y --policy file://policy.json",
        "aws sesv2 put-configuration-set-delivery-options --tls-policy REQUIRE --configuration-set-name x",
        "aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE",
        "`aws cognito-idp set-user-pool-mfa-config --user-pool-id x --mfa-configuration OFF`",
        "aws sns set-topic-attributes --topic-arn x",
    ],
)
def test_a_command_that_would_reset_something_is_noticed(text: str) -> None:
    (printed,) = commands_in("a page", text)

    assert fault_of(printed) is not None


@pytest.mark.parametrize(
    "text",
    [
        f"get-email-identity-policies; {UPDATE} --email-identity x --policy-name y --policy file://policy.json",
        "aws sesv2 put-account-sending-attributes --sending-enabled --region eu-west-1",
        "aws sesv2 put-email-identity-configuration-set-attributes --email-identity x",
        "without ValidationAttributes: aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE",
    ],
)
def test_a_command_that_resets_nothing_may_be_printed(text: str) -> None:
    (printed,) = commands_in("a page", text)

    assert fault_of(printed) is None
