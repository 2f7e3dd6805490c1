"""Reads, carries out and answers ``{"stop": {"by": …}}`` and ``{"start": {"by": …}}``."""

from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from mailwarden.documents.reader import JsonDocument, Members
from mailwarden.inbound.invoke.orders import Action, Invocation, operator_in
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.presentation.answers.release import switch_document

STOP: Final = "stop"
START: Final = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchOrders:
    """Reads and carries out the order of the emergency stop, or the one that ends it: ``action``."""

    action: Literal["stop", "start"]
    switch: StopSwitch
    clock: Clock

    def read(self, members: Members) -> Action:
        """The stop or its end; raises MalformedDocument with the reason."""
        return partial(self._switch, operator_in(members))

    def _switch(self, by: str, call: Invocation) -> JsonDocument:
        if self.action == STOP:
            self.switch.stop(by=by, now=self.clock.now())
        else:
            self.switch.start()
        call.log.info(self.action, extra={"by": by})
        return switch_document(self.action, message(f"switch.{self.action}"))
