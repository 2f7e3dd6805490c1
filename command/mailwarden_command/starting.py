"""Starts ``audit`` and ``replay``: wrong usage, then the first line, and only then the SDK."""

import json

from mailwarden_command.first_line import print_first_line, print_first_line_of_replay
from mailwarden_command.options import AuditOptions, ReplayOptions
from mailwarden_command.text_files import text_of
from mailwarden_command.usage import (
    USAGE,
    Misused,
    check_audit,
    check_replay,
    complain,
    opened,
    recordings,
    settings_of,
)


def audit(options: AuditOptions) -> int:
    """Run an audit, print its report, and return the exit status."""
    try:
        check_audit(options)
        # The built-in ones take longer than the first line may.
        settings = None if options.settings is None else settings_of(options.settings)
        known, new = recordings(options.state, options.record)
        out = opened(options.to)
    except Misused as wrong:
        return complain(str(wrong), USAGE)
    with out as stream:
        print_first_line(options.wanted.regions, options.profile, options.state)
        from mailwarden_command import auditing

        return auditing.audit(options, settings or settings_of(None), stream, known=known, new=new)


def replay(options: ReplayOptions) -> int:
    """Replay an event, print the result, and return the exit status."""
    try:
        check_replay(options)
        settings = settings_of(options.settings)
        known, new = recordings(options.state, options.record, goes_on=False)
        document = _document(options)
    except Misused as wrong:
        return complain(str(wrong), USAGE)
    print_first_line_of_replay(options.event)
    from mailwarden_command import replaying

    return replaying.replay(options, document, settings, known=known, new=new)


def _document(options: ReplayOptions) -> object:
    try:
        document: object = json.loads(text_of(options.event.read_bytes()))
    except (OSError, ValueError) as error:
        raise Misused(f"There is nothing to replay: {error}") from error
    return document
