"""The command line of ``mailwarden``. It imports the SDK only after its first line is printed."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from mailwarden_command import __version__, starting
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.interruption import INTERRUPTED, end_when_interrupted
from mailwarden_command.options import AuditOptions, ReplayOptions
from mailwarden_command.programs import PROGRAMS, Program, find_programs, run_program
from mailwarden_command.usage import USAGE

CLOSED_PIPE = 141
OWN_COMMANDS = ("audit", "check", "replay")

app = App(
    default_parameter=Parameter(negative=(), show_default=False),
    name="mailwarden",
    version=__version__,
    help="Keeps the e-mail of Amazon Cognito user pools working.",
    help_epilogue="Exit status: 0 sound, 1 findings, 2 could not judge, 3 usage.",
    # An interruption inside `exec`, which dataclasses use, makes the interpreter end by the signal even after sys.exit:
    # main ends the process itself.
    suppress_keyboard_interrupt=False,
)
app.register_install_completion_command(add_to_startup=False)


@app.command
def audit(  # noqa: PLR0913 - one parameter for each option
    *,
    regions: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    pool: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    name: str = "*",
    profile: str | None = None,
    region: str | None = None,
    role_arn: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    external_id: str | None = None,
    organization: bool = False,
    role_name: str | None = None,
    settings: Path | None = None,
    state: Path | None = None,
    record: Path | None = None,
    output: Literal["table", "html", "json", "csv", "markdown", "sarif", "asff"] = "table",
    language: Literal["en", "ko"] = "en",
    to: Path | None = None,
    fail_on: Literal["critical", "high", "medium", "low", "never"] = "high",
    share: float = 0.33,
    policy: bool = False,
) -> int:
    """Judge whether every user pool can send mail, and why not. Nothing is deployed, and nothing is changed.

    Reads with your own credentials, with the same rules as a deployment. A read that AWS refuses makes only that
    unknown. Exit status: 0 sound; 1 a finding of at least --fail-on; 2 something could not be judged; 3 usage.

    Parameters
    ----------
    regions
        The regions of the pools; every region that the account has enabled without it.
    pool
        The ids or ARNs of single pools.
    name
        A pattern for the names of the pools, such as shop-*.
    profile
        The profile of the AWS configuration.
    region
        The region for STS and IAM, which decides about the partition.
    role_arn
        A role in each account to audit, which your credentials may assume.
    external_id
        The external id of these roles.
    organization
        Audit every active account of the caller's organization, through the role --role-name in each.
    role_name
        The name of that role, with its path if it has one. The caller's own account needs none.
    settings
        A settings document (docs/settings.schema.json): thresholds, severities, consent, regions.
    state
        A file of recorded answers, in place of AWS.
    record
        Store AWS's answers in this file. It holds configuration and no secrets, and no user of a pool. An audit that
        was interrupted goes on with the answers in it.
    output
        The format of the report; a table without it.
    language
        The language of the HTML report, and of the texts about findings in every format.
    to
        A file for the report, in place of the standard output.
    fail_on
        The least severity of a finding for exit status 1; high without it.
    share
        The part of AWS's published request rates that the audit may use; 0.33 without it, 0 for no limit.
    policy
        Print the IAM policy that an audit needs, and read nothing; with --organization that of its caller.
    """
    if policy:
        from mailwarden_command import auditing

        return auditing.print_policy(organization=organization, role_name=role_name)
    end_when_interrupted()
    return starting.audit(
        AuditOptions(
            wanted=Wanted(regions=_separated(regions), pools=_separated(pool), name=name),
            profile=profile,
            region=region,
            roles=_separated(role_arn),
            external_id=external_id,
            organization=organization,
            role_name=role_name,
            settings=settings,
            state=state,
            record=record,
            output=output,
            language=language,
            to=to,
            fail_on=fail_on,
            share=share,
        )
    )


@app.command
def replay(  # noqa: PLR0913 - one parameter for each option
    event: Path,
    /,
    *,
    state: Path | None = None,
    record: Path | None = None,
    regions: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    profile: str | None = None,
    region: str | None = None,
    settings: Path | None = None,
    repair_mode: Literal["off", "safe", "unsafe"] = "safe",
    output: Literal["text", "json"] = "text",
    share: float = 0.33,
) -> int:
    """Show what a deployment would do because of an event: inspect, find, decide, and the exact write. Changes nothing.

    The event takes the way of the function inspect: it becomes hints, these lead to pools, and the pools are read and
    judged now, or as they were recorded. Exit status as of audit.

    Parameters
    ----------
    event
        The JSON of an EventBridge event of a CloudTrail call, or of a message of the hints queue.
    state
        A file of recorded answers (audit --record), in place of AWS.
    record
        Store AWS's answers in this file. It holds configuration and no secrets, and no user of a pool.
    regions
        The regions of the pools that may use what the event is about; every region without it.
    profile
        The profile of the AWS configuration.
    region
        The region for STS and IAM, which decides about the partition.
    settings
        A settings document (docs/settings.schema.json).
    repair_mode
        The RepairMode of the deployment; safe without it.
    output
        The format of the result; text without it.
    share
        The part of AWS's published request rates that may be used; 0.33 without it, 0 for no limit.
    """
    end_when_interrupted()
    from mailwarden.domain.repair.limits import RepairMode

    return starting.replay(
        ReplayOptions(
            event=event,
            state=state,
            record=record,
            regions=_separated(regions),
            profile=profile,
            region=region,
            settings=settings,
            mode=RepairMode(repair_mode),
            as_json=output == "json",
            share=share,
        )
    )


@app.command
def check(
    *sources: Path,
    region: str | None = None,
    account: str | None = None,
    parameter: tuple[str, ...] = (),
    settings: Path | None = None,
    output: Literal["table", "json", "markdown", "sarif"] = "table",
    to: Path | None = None,
    fail_on: Literal["critical", "high", "medium", "low", "never"] = "high",
    allow_unknown: bool = False,
) -> int:
    """Judge templates and plans before they are deployed, with file and line. Needs no account and no network.

    Reads CloudFormation and SAM templates, the output of cdk synth, and Terraform plans (terraform show -json). Values
    that are not known before the deployment are never guessed. Exit status as of audit.

    Parameters
    ----------
    sources
        Templates, plans, or the folder of cdk synth.
    region
        The region of the deployment, if the source does not have it.
    account
        The account of the deployment, if the source does not have it.
    parameter
        A value of a template's parameter, as NAME=VALUE; once for each.
    settings
        A settings document (docs/settings.schema.json): severities, rules that are off, regions.
    output
        The format of the report; a table without it.
    to
        A file for the report, in place of the standard output.
    fail_on
        The least severity of a finding for exit status 1; high without it.
    allow_unknown
        Exit with 0 in place of 2 where only values are missing that the source does not have.
    """
    from mailwarden_command import checks

    return checks.check(
        checks.CheckOptions(
            sources=sources,
            region=region,
            account=account,
            parameters=parameter,
            settings=settings,
            output=output,
            to=to,
            fail_on=fail_on,
            allow_unknown=allow_unknown,
        )
    )


def _offer(program: Program) -> None:
    """Add a program as a command. Its own parser reads its words, and ``--help``."""

    def run(*words: Annotated[str, Parameter(allow_leading_hyphen=True)]) -> int:
        return run_program(program, words)

    run.__doc__ = program.purpose
    app.command(run, name=program.name, group="Commands of a deployment", help_flags=[], version_flags=[])


for _program in PROGRAMS:
    _offer(_program)


def _separated(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, which commas may separate, too."""
    return tuple(part for word in words for part in word.split(",") if part)


def main() -> None:
    """Run from the command line; a reader that leaves and an interruption are no errors."""
    find_programs()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = _status(app(sys.argv[1:], exit_on_error=False, print_error=True, result_action="return_value"))
        sys.stdout.flush()
    except CycloptsError:
        status = USAGE
    except BrokenPipeError:
        # The rest of the buffer would be written again at the end of the interpreter.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = CLOSED_PIPE
    except SystemExit as ended:
        # So rich ends the program when the reader of a help page leaves; it has turned the output off.
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        status = CLOSED_PIPE
    except KeyboardInterrupt:
        # Threads that wait for their turn would hold the process; they only read.
        sys.stdout.flush()
        os._exit(INTERRUPTED)
    sys.exit(status)


def _status(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


if __name__ == "__main__":
    main()
