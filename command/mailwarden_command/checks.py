"""``mailwarden check``: checks the files, prints the report, and returns the exit status."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.text import Text

from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.region_names import is_region
from mailwarden.settings.document import parse_settings
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command import __version__
from mailwarden_command.audit.status import Status
from mailwarden_command.checking.output.formats import lines_of_check
from mailwarden_command.checking.report import status_of_check
from mailwarden_command.checking.run import CheckRun
from mailwarden_command.checking.source.deployment import UNKNOWN_ACCOUNT, UNKNOWN_REGION, Deployment
from tools.screen.terminal import console_for

_ACCOUNT_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The words of the command line."""

    sources: tuple[Path, ...]
    region: str | None
    account: str | None
    parameters: tuple[str, ...]
    output: str
    to: Path | None
    fail_on: str
    settings: Path | None
    allow_unknown: bool


def check(options: CheckOptions) -> Status:
    """Check, print the report, and return the exit status."""
    wrong = _wrong(options)
    if wrong is not None:
        return _complain(wrong)
    try:
        text = None if options.settings is None else options.settings.read_text(encoding="utf-8")
        settings = OperatorSettings() if text is None else parse_settings(text)
    except (OSError, UnicodeDecodeError) as error:
        return _complain(f"The settings {options.settings} cannot be read: {error}")
    except MalformedSettings as error:
        return _complain(f"The settings {options.settings} cannot be used: {ENGLISH.text(error.said)}")
    run = CheckRun(
        given=dict(_pairs(options.parameters)),
        where=Deployment(region=options.region or UNKNOWN_REGION, account=options.account or UNKNOWN_ACCOUNT),
        version=__version__,
        settings=settings,
    )
    report = run.report(options.sources)
    width = console_for(sys.stdout).width
    lines = lines_of_check(report, options.output, width=width)
    if options.to is None:
        _print(lines, sys.stdout)
    else:
        try:
            file = options.to.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            return _complain(f"The report cannot be written: {error}")
        with file:
            _print(lines, file)
    return status_of_check(report, SEVERITY_BY_LABEL.get(options.fail_on), allow_unknown=options.allow_unknown)


def _complain(text: str) -> Status:
    console_for(sys.stderr).print(text, soft_wrap=True)
    return Status.USAGE


def _wrong(options: CheckOptions) -> str | None:
    """The first word of the command line that cannot be used, as a sentence."""
    if not options.sources:
        return "Name a template, a plan, or the folder of cdk synth."
    missing = next((path for path in options.sources if not path.exists()), None)
    if missing is not None:
        return f"There is no file {missing}."
    if options.region is not None and not is_region(options.region):
        return f"--region {options.region} is no region, such as eu-west-1."
    account = options.account
    if account is not None and not (account.isdecimal() and len(account) == _ACCOUNT_DIGITS):
        return f"--account {account} is no account id of 12 digits."
    unpaired = next((each for each in options.parameters if "=" not in each), None)
    return None if unpaired is None else f"--parameter {unpaired} needs the form NAME=VALUE."


def _pairs(words: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    for word in words:
        name, _, value = word.partition("=")
        yield name, value


def _print(lines: Iterable[Text | str], out: TextIO) -> None:
    console = console_for(out)
    for line in lines:
        if isinstance(line, Text):
            console.print(line, soft_wrap=True)
        else:
            out.write(f"{line}\n")
