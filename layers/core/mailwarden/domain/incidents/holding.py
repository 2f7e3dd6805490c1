"""Repairs that a message announced as ordered, and that are held for every finding at once, as by `make stop`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from mailwarden.domain.findings.record import FindingRecord, Handling, LastWrite
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import PENDING
from mailwarden.domain.incidents.speaking import GAP, speak
from mailwarden.message import Message


def speak_while(incident: Incident, held: Message | None, *, now: datetime) -> Incident | None:
    """As ``speak``: while repairs are held for the reason *held*, none of its findings waits for a repair.

    While a finding waits, the incident is looked at every minute, because no record changes when repairs are stopped.
    """
    said = speak(replace(incident, phases=_phases_while(incident.phases, held)), now=now)
    spoken = incident if said is None else replace(said, phases=incident.phases)
    soon = now + GAP
    if PENDING in incident.phases and spoken.told is not None and (spoken.attention is None or spoken.attention > soon):
        spoken = replace(spoken, attention=soon)
    return None if spoken == incident else spoken


def held_back(record: FindingRecord, held: Message | None) -> FindingRecord:
    """The record as a message shows it: an ordered repair is not made while repairs are held."""
    if held is None or record.write.handling is not Handling.PENDING:
        return record
    return replace(record, write=replace(record.write, handling=Handling.WITHHELD, reason=held))


def _phases_while(phases: Mapping[str, int], held: Message | None) -> dict[str, int]:
    if held is None or PENDING not in phases:
        return dict(phases)
    withheld = LastWrite(handling=Handling.WITHHELD, reason=held).phase
    others = {phase: count for phase, count in phases.items() if phase != PENDING}
    return {**others, withheld: others.get(withheld, 0) + phases[PENDING]}
