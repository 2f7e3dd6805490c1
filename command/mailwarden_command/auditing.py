"""``mailwarden audit``: enters the accounts, runs the audit, and prints the report."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self, TextIO

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from mailwarden.adapters.aws.cloudformation.stacks import DESCRIBE
from mailwarden.adapters.aws.cognito.pools import LIST
from mailwarden.adapters.aws.ses.metrics import READ
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.rules import ALL
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.policy import policy_document
from mailwarden_command.audit.report import AuditedAccount, AuditReport
from mailwarden_command.audit.status import Status, status_of
from mailwarden_command.garbage import rare_searches
from mailwarden_command.options import AuditOptions
from mailwarden_command.output.documents import name_of
from mailwarden_command.output.formats import lines_of
from mailwarden_command.reading.accounts import EnteredAccount, NotEntered, enter, recorded, session_of
from mailwarden_command.reading.credentials import AssumedRole, CredentialsEnded, session_of_role
from mailwarden_command.reading.organization import LIST_ACCOUNTS, NotListed, members_of, role_arn
from mailwarden_command.reading.recording import Recording
from mailwarden_command.reading.run import AuditRun
from mailwarden_command.screen import NO_POOL, left_out, listing, stopped
from mailwarden_command.usage import NO_ROLE_NAME, complain, is_role_name
from tools.screen.terminal import console_for

ASSUME = "sts:AssumeRole"


def needed_actions() -> frozenset[str]:
    """The actions that an audit calls: those that the rules declare, the list of pools, rates, and stacks."""
    return frozenset[str]({DESCRIBE, LIST, READ}).union(*(rule.reads for rule in ALL))


def print_policy(*, organization: bool = False, role_name: str | None = None) -> Status:
    """Print the policy for every account; for *organization* with what its caller needs to enter the others."""
    if organization != (role_name is not None):
        return complain(NO_ROLE_NAME, Status.USAGE)
    if role_name is None:
        print(json.dumps(policy_document(needed_actions()), indent=2))
        return Status.SOUND
    if not is_role_name(role_name):
        return complain(NO_ROLE_NAME, Status.USAGE)
    actions = needed_actions() | {LIST_ACCOUNTS, ASSUME}
    print(json.dumps(policy_document(actions, role_name=role_name.lstrip("/")), indent=2))
    return Status.SOUND


def audit(
    options: AuditOptions, settings: OperatorSettings, out: TextIO, *, known: Recording | None, new: Recording | None
) -> Status:
    """Run the audit, of the *known* answers if there are any, print the report, and return the exit status."""
    speak(catalogue_of(Language(options.language)))
    with rare_searches():
        return _audited(options, settings, out, known=known, new=new)


def _audited(
    options: AuditOptions, settings: OperatorSettings, out: TextIO, *, known: Recording | None, new: Recording | None
) -> Status:
    try:
        with Bar(console_for(sys.stderr)) as bar:
            run = AuditRun(wanted=options.wanted, settings=settings, progress=bar)
            # Each account is entered when the one before it is done: no session waits for its turn.
            report = run.report(_entered(options, known, new))
        if new is not None:
            new.is_complete = not report.is_cut_short
    except NotEntered as error:
        return complain(f"{error}.", Status.NOT_JUDGED)
    except NotListed as error:
        return complain(f"The accounts of the organization cannot be listed: {error}.", Status.NOT_JUDGED)
    except CredentialsEnded as error:
        return complain(f"The credentials cannot be used: {error}", Status.NOT_JUDGED)
    except (BotoCoreError, ClientError) as error:
        return complain(f"The audit ended early: {error}", Status.NOT_JUDGED)
    finally:
        # An interrupted audit goes on from here.
        if new is not None and options.record is not None:
            _save(new, options.record)
    write_report(report, options.output, out)
    if report.is_cut_short:
        complain(stopped(report, record=options.record), Status.NOT_JUDGED)
    elif not report.pools and not report.unread:
        complain(NO_POOL, Status.SOUND)
    return status_of(report, SEVERITY_BY_LABEL.get(options.fail_on))


def _save(recording: Recording, file: Path) -> None:
    try:
        recording.save(file)
    except OSError as error:
        # The report is worth more.
        complain(f"The recorded answers could not be stored: {error}", Status.NOT_JUDGED)


def _entered(
    options: AuditOptions, known: Recording | None, new: Recording | None
) -> Iterator[EnteredAccount | AuditedAccount]:
    """The caller's account, or those of the roles; a role that cannot be assumed is a part of the report."""
    if known is not None:
        yield recorded(known)
        return
    own = session_of(profile=options.profile, region=options.region)
    if options.organization and options.role_name is not None:
        yield from _entered_members(own, options.role_name, options)
        return
    if not options.roles:
        yield enter(own, share=options.share, recording=new)
        return
    for role in options.roles:
        yield _entered_role(own, role, options)


def _entered_members(own: Session, role_name: str, options: AuditOptions) -> Iterator[EnteredAccount | AuditedAccount]:
    """The active accounts of the organization: that of the caller as the caller, the others through a role."""
    caller = enter(own, share=options.share)
    members = members_of(own)
    closed = [member for member in members if not member.is_active and member.account != caller.account]
    if closed:
        complain(left_out((member.account, name_of(member.name), member.state) for member in closed), Status.SOUND)
    for member in members:
        if member.account == caller.account:
            yield caller
        elif member.is_active:
            yield _entered_role(own, role_arn(caller.partition, member.account, role_name), options)


def _entered_role(own: Session, role: str, options: AuditOptions) -> EnteredAccount | AuditedAccount:
    try:
        session = session_of_role(AssumedRole(source=own, arn=role, external_id=options.external_id))
        return enter(session, share=options.share)
    except NotEntered as error:
        return _not_entered(role, error)


def _not_entered(role: str, error: NotEntered) -> AuditedAccount:
    parts = role.split(":")
    partition, account = (parts[1], parts[4]) if len(parts) > 4 else ("aws", role)
    refusal = Unreadable(action=ASSUME, region="", reason=OwnReason.NOT_READ, about=str(error))
    return AuditedAccount(partition=partition, account=account, caller=role, unreadable=refusal)


def write_report(report: AuditReport, output: str, out: TextIO) -> None:
    """Write the report to a stream; only a table on a terminal has colors."""
    console = console_for(out)
    _print(console, out, lines_of(report, output, width=console.width))


def _print(console: Console, out: TextIO, lines: Iterable[Text | str]) -> None:
    for line in lines:
        if isinstance(line, Text):
            console.print(line, soft_wrap=True)
        else:
            out.write(f"{line}\n")


class Bar:
    """Implements ``Progress`` on the error stream: a bar on a terminal, one line elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def listed(self, account: EnteredAccount, pools: int, regions: int) -> None:
        """Begin the bar of an account."""
        self._console.print(listing(account.account, pools, regions), soft_wrap=True)
        self._task = self._bar.add_task(account.account, total=pools)

    def judged(self) -> None:
        """Advance it."""
        if self._task is not None:
            self._bar.advance(self._task)
