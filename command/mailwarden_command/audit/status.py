"""The exit status of an audit, for scripts."""

from enum import IntEnum

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden_command.audit.report import AuditReport, is_observed


class Status(IntEnum):
    """The exit status of every command of ours."""

    SOUND = 0
    FOUND = 1
    NOT_JUDGED = 2
    USAGE = 3
    INTERRUPTED = 130
    CLOSED_PIPE = 141


def status_of(report: AuditReport, fail_on: Severity | None) -> Status:
    """FOUND with an observed finding of at least *fail_on* (None: never); else whether everything was judged.

    NOT_JUDGED, whatever was found, if credentials ended: the audit has to be run again.
    """
    if report.is_cut_short:
        return Status.NOT_JUDGED
    if fail_on is not None and any(is_observed(said) and said.finding.severity >= fail_on for _, said in report.said()):
        return Status.FOUND
    return Status.NOT_JUDGED if report.refusals or report.verdicts[Answer.UNKNOWN] else Status.SOUND
