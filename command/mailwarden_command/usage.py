"""Finds wrong usage before the first line is printed. The SDK is imported only for a file of recorded answers."""

import math
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mailwarden.domain.refs.resources import NotASubject, PoolRef, is_pool_id
from mailwarden.region_names import is_region
from mailwarden_command.options import AuditOptions, ReplayOptions

if TYPE_CHECKING:
    from mailwarden.settings.operator_settings import OperatorSettings
    from mailwarden_command.reading.recording import Recording

# Status.USAGE, without the report that it is made of.
USAGE = 3
NO_ROLE_NAME = (
    "--organization and --role-name go together: the name is that of a role in each account, without the ARN."
)
# IAM API reference, Role: the name, after a path that begins and ends with a slash.
_ROLE = re.compile(r"(?:[\x21-\x7e]+/)?[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_ARN = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:role/(.+)")


class Misused(Exception):
    """Words of the command line that cannot be used, or a file that they name; the message has the reason."""


def check_audit(options: AuditOptions) -> None:
    """Raise Misused about the first word that cannot be used."""
    for wrong in _wrong_in_audit(options):
        raise Misused(wrong)


def check_replay(options: ReplayOptions) -> None:
    """Raise Misused about the first word that cannot be used."""
    for wrong in _wrong_everywhere(options):
        raise Misused(wrong)


def is_role_name(text: str) -> bool:
    """Whether IAM takes a text as the name of a role, or as a path and a name."""
    return _ROLE.fullmatch(text.removeprefix("/")) is not None and not text.startswith("arn:")


def settings_of(file: Path | None) -> "OperatorSettings":
    """The settings of a file, or the built-in ones; raises Misused."""
    from mailwarden.presentation.catalogue.languages import ENGLISH
    from mailwarden.settings.document import parse_settings
    from mailwarden.settings.environment import MalformedSettings
    from mailwarden.settings.operator_settings import OperatorSettings

    try:
        return OperatorSettings() if file is None else parse_settings(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Misused(f"The settings {file} cannot be used: {error}") from error
    except MalformedSettings as error:
        raise Misused(f"The settings {file} cannot be used: {ENGLISH.text(error.said)}") from error


def opened(file: Path | None) -> AbstractContextManager[TextIO]:
    """The stream of a report, before what may take minutes; raises Misused."""
    try:
        return nullcontext(sys.stdout) if file is None else file.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise Misused(f"The report cannot be written: {error}") from error


def recordings(
    state: Path | None, record: Path | None, *, goes_on: bool = True
) -> tuple["Recording | None", "Recording | None"]:
    """The recorded answers to use, and a recording to store, which *goes_on* after an interruption; raises Misused."""
    if state is None and record is None:
        return None, None
    from mailwarden.documents.reader import MalformedDocument
    from mailwarden.presentation.catalogue.languages import ENGLISH
    from mailwarden_command.reading.recording import Recording

    try:
        known = None if state is None else Recording.load(state)
        new = None
        if record is not None:
            # Any other file is not written over.
            begun = Recording.begin(record)
            new = begun if goes_on else Recording(at=datetime.now(tz=UTC))
            _let_be_written(record)
    except (OSError, MalformedDocument) as error:
        said = ENGLISH.text(error.said) if isinstance(error, MalformedDocument) else str(error)
        raise Misused(f"The recorded answers cannot be used: {said}") from error
    return known, new


def complain[S: int](text: str, status: S) -> S:
    """Print a sentence on the error stream, and return the status."""
    from tools.screen.terminal import console_for

    console_for(sys.stderr).print(text, soft_wrap=True)
    return status


def _let_be_written(file: Path) -> None:
    """Raise OSError if the answers could not be stored when all were read; a file that is there stays as it is."""
    was_there = file.exists()
    file.open("a").close()
    if not was_there:
        file.unlink()


def _wrong_in_audit(options: AuditOptions) -> Iterator[str]:
    if options.organization != (options.role_name is not None):
        yield NO_ROLE_NAME
    if options.role_name is not None and not is_role_name(options.role_name):
        yield f"{options.role_name!r} is no name of a role: leave the ARN out, as in --role-name audit/Mailwarden."
    if options.organization and options.roles:
        yield "--organization finds the accounts itself: leave --role-arn out."
    through_roles = bool(options.roles) or options.organization
    if through_roles and (options.record or options.state):
        yield "--record and --state take one account: leave --role-arn and --organization out."
    if options.external_id is not None and not through_roles:
        yield "--external-id is for a role: name it with --role-arn or --role-name."
    yield from _wrong_names(options)
    yield from _wrong_everywhere(options)


def _wrong_names(options: AuditOptions) -> Iterator[str]:
    for role in options.roles:
        if not (found := _ROLE_ARN.fullmatch(role)) or not is_role_name(found[1]):
            yield f"--role-arn {role} is no ARN of a role, such as arn:aws:iam::111122223333:role/Audit."
    for pool in options.wanted.pools:
        if not _is_pool(pool):
            yield f"--pool {pool} is no id or ARN of a user pool, such as eu-west-1_EXAMPLE01."


def _wrong_everywhere(options: AuditOptions | ReplayOptions) -> Iterator[str]:
    if options.state and options.record:
        yield "--state reads recorded answers and --record stores new ones: leave one out."
    if options.region is not None and not is_region(options.region):
        yield f"--region {options.region} is no region, such as eu-west-1."
    if not (math.isfinite(options.share) and options.share >= 0):
        yield f"--share {options.share} is no part of a rate: 0.33 is a third, and 0 sets no limit."
    for region in options.regions if isinstance(options, ReplayOptions) else options.wanted.regions:
        if not is_region(region):
            yield f"--regions {region} is no region, such as eu-west-1."


def _is_pool(text: str) -> bool:
    try:
        PoolRef.from_arn(text)
    except NotASubject:
        return is_pool_id(text)
    return True
