"""Reads, carries out and answers ``{"stop": {"by": …}}`` and ``{"start": {"by": …}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.presentation.answers.release import switch_document
from mailwarden.presentation.masking import one_line

STOP, START = "stop", "start"
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOrders:
    """Carries out one order of the emergency stop."""

    switch: StopSwitch
    clock: Clock

    def carry_out(self, event: object, *, log: Log) -> dict[str, object]:
        """The answer as a document; raises MalformedDocument with the reason."""
        whole = Members.of(event, where="the order")
        (action,) = whole.values if len(whole.values) == 1 else ("",)
        if action not in {STOP, START}:
            raise MalformedDocument(f"{whole.where} is to have exactly one member, {STOP!r} or {START!r}")
        by = one_line(masked(whole.members(action).text("by")), _LONGEST)
        if action == STOP:
            self.switch.stop(by=by, now=self.clock.now())
        else:
            self.switch.start()
        log.info(action, extra={"by": by})
        return switch_document(action, message(f"switch.{action}"))
