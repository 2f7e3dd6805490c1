"""An owner opts out of alerts about a finding that was told as open."""

from dataclasses import replace

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.findings.lifecycle import clear, observe
from mailwarden.domain.findings.record import FindingState
from tests.builders import NOON
from tests.fakes.records import changed
from tests.unit.decisions.records import SECOND, THIS, TIMES, VERDICT, observation, record


def test_an_exemption_that_every_channel_was_told_of_ends_in_silence() -> None:
    case = {"record": "exempt", "did": "withheld", "pools": "this", "silent": "everybody"}
    told = changed(record(case), announced={"topic": 3, "chat": 3})

    over = clear(told, THIS, VERDICT, cause=None, at=NOON)

    assert over is not None
    assert over.lifecycle.announced == dict.fromkeys(CHANNELS, 4)


def test_what_was_told_and_becomes_exempt_is_told_once_more() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this", "told": "yes"}
    look = {"word": "same", "now": "muted", "look": "later"}

    exempt = observe(record(case), observation(look))

    assert exempt is not None
    assert exempt.lifecycle.state is FindingState.EXEMPT
    assert (exempt.lifecycle.version, exempt.lifecycle.announced) == (4, {"topic": 2})
    assert exempt.lifecycle.announce_after == TIMES["later"]
    assert observe(exempt, replace(observation(look), at=NOON + 60 * SECOND)) is None
