"""Why no repair is written now, for the whole deployment, by facts that no look has to find first."""

from dataclasses import dataclass

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import Message, message
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.repair.stop_switch import StopSwitch

_SETTINGS_UNREADABLE = "MW904"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRepairs:
    """Reads the stop, and the finding about the settings document; the mode of the stack is known."""

    stop_switch: StopSwitch
    findings: Findings
    repair_mode: RepairMode
    home: MonitoringRef

    def reason(self) -> Message | None:
        """The reason that a look would give, too; None while repairs are written."""
        try:
            stop = self.stop_switch.current()
            fault = self.findings.read(FindingKey(subject_arn=self.home.arn, rule_id=_SETTINGS_UNREADABLE))
        except MalformedDocument as error:
            # `repair` reads it, too, and writes nothing then. No alert is held back for it.
            return message("decision.settings-closed", problem=error.said)
        if stop is not None:
            return stop.message
        if fault is not None and fault.lifecycle.state is FindingState.OPEN:
            return message("decision.settings-closed", problem=fault.finding.message)
        return message("decision.repair-mode-off") if self.repair_mode is RepairMode.OFF else None
