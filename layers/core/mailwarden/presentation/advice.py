"""The advice of a finding, with the command that follows it where Mailwarden has one for the pool."""

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message
from mailwarden.presentation.catalogue.catalogue import Catalogue


def advice_of_finding(finding: Finding, catalogue: Catalogue) -> Message:
    """What a person should do; for a rule with a text ``command.<rule>`` in the catalogue, with that command."""
    command = f"command.{finding.rule_id}"
    pool = finding.subject
    if command not in catalogue.templates or finding.unknown_reason is not None or not isinstance(pool, PoolRef):
        return finding.remediation
    return message("advice.with-command", advice=finding.remediation, command=message(command, pool_id=pool.pool_id))
