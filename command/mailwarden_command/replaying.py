"""``mailwarden replay``: turns an event into hints, and audits the pools that they lead to."""

import sys
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.operator.question import Explained, Said
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import Hint, RegionHint
from mailwarden.domain.repair.decision import Repair, Report
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent, hints_from_event
from mailwarden.queue_messages.codec import MalformedMessage, hint_from, is_ours
from mailwarden.service.repair.source_owners import SourceOwners
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.replay import Replay, concerns, pools_of
from mailwarden_command.audit.status import Status, status_of
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.auditing import Bar
from mailwarden_command.options import ReplayOptions
from mailwarden_command.output.replay_text import replay_json, replay_lines
from mailwarden_command.reading.accounts import EnteredAccount, NotEntered, enter, recorded, session_of
from mailwarden_command.reading.credentials import CredentialsEnded
from mailwarden_command.reading.recording import Recording
from mailwarden_command.reading.run import AuditRun
from mailwarden_command.screen import not_readable
from mailwarden_command.usage import complain
from tools.screen.terminal import console_for, show


def replay(
    options: ReplayOptions,
    document: object,
    settings: OperatorSettings,
    *,
    known: Recording | None,
    new: Recording | None,
) -> Status:
    """Replay the event in *document*, print the result, and return the exit status of an audit of its pools."""
    try:
        account = _account(options, known, new)
        result = replayed(document, account, settings, options)
    except NotEntered as error:
        return complain(f"{error}.", Status.NOT_JUDGED)
    except CredentialsEnded as error:
        return complain(f"The replay ended early. {error}", Status.NOT_JUDGED)
    except (BotoCoreError, ClientError) as error:
        return complain(f"The replay ended early: {error}", Status.NOT_JUDGED)
    if new is not None and options.record is not None:
        new.is_complete = True
        new.save(options.record)
    if options.as_json:
        print("\n".join(replay_json(result)))
    else:
        console = console_for(sys.stdout)
        show(console, replay_lines(result, width=console.width))
    return Status.SOUND if result.audit is None else status_of(result.audit, Severity.HIGH)


def replayed(event: object, account: EnteredAccount, settings: OperatorSettings, options: ReplayOptions) -> Replay:
    """The event as `inspect` would take it."""
    try:
        hints = _hints(event, account)
    except (ForeignEvent, MalformedEvent, MalformedMessage) as error:
        return Replay(dropped=error.said)
    if not hints:
        return Replay()
    with Bar(console_for(sys.stderr)) as bar:
        run = AuditRun(wanted=_wanted(hints, options), settings=settings, progress=bar, mode=options.mode)
        audit = run.report([account])
    if audit.is_cut_short:
        raise CredentialsEnded(reason=" ".join(not_readable(audit)))
    owners = SourceOwners(
        stacks=CloudFormationStacks(clients=account.clients), deployment_roles=settings.deployment_roles
    )
    cause = next((hint.cause for hint in hints if hint.cause is not None), None)
    pools = tuple(
        _decided(explained, cause, owners)
        for explained in audit.pools
        if any(concerns(hint, explained) for hint in hints)
    )
    return Replay(hints=hints, audit=replace(audit, pools=pools))


def _account(options: ReplayOptions, recording: Recording | None, new: Recording | None) -> EnteredAccount:
    if recording is not None:
        return recorded(recording)
    session = session_of(profile=options.profile, region=options.region)
    return enter(session, share=options.share, recording=new)


def _hints(event: object, account: EnteredAccount) -> tuple[Hint, ...]:
    if isinstance(event, dict) and is_ours(event):
        return (hint_from(event),)
    return hints_from_event(event, account=account.account, partition=account.partition)


def _wanted(hints: tuple[Hint, ...], options: ReplayOptions) -> Wanted:
    pools = pools_of(hints)
    if pools is not None:
        return Wanted(pools=tuple(sorted(pool.arn for pool in pools)))
    if all(isinstance(hint, RegionHint) for hint in hints):
        return Wanted(regions=tuple(sorted({hint.region for hint in hints if isinstance(hint, RegionHint)})))
    return Wanted(regions=options.regions)


def _decided(explained: Explained, cause: Cause | None, owners: SourceOwners) -> Explained:
    """With the last check before a write that an event changes: whether a deployment made the call."""
    return replace(explained, said=tuple(_with_source(explained, said, cause, owners) for said in explained.said))


def _with_source(explained: Explained, said: Said, cause: Cause | None, owners: SourceOwners) -> Said:
    if cause is None or not isinstance(said.decision, Repair):
        return said
    source = owners.forbids(explained.path.pool.ref, said.decision.fix.change, (cause,), last=None)
    if source is None:
        return said
    return replace(said, decision=Report(finding=said.finding, reason=source), source=source)
