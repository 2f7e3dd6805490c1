"""The metrics of `AWS/SES` in the CloudWatch of the SES region: sends, their fates, and the rates.

Counts have no dimension, and `ses:configuration-set` besides where the set's reputation metrics are enabled. A series
begins with its first event. The rates are fractions, over all mail since the sandbox began: a representative volume
of its own. They leave out what AWS leaves out: the simulator's addresses, recipients of one's own verified
identities, mail that the account's suppression list held back, and automatic replies. Bounces that are left out of
the rate are not counted as `Bounce` either, unless it was the simulator's.
Sources: SES Developer Guide, "Monitoring your sender reputation", "Using the account-level suppression list".
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from sandbox.mail import emulator
from sandbox.mail.feedback.mail_events import Event, EventKind
from sandbox.mail.feedback.recipients import Outcome, is_simulator
from sandbox.mail.ses.store import Realm

NAMESPACE = "AWS/SES"
CONFIGURATION_SET = "ses:configuration-set"
BOUNCE_RATE = "Reputation.BounceRate"
COMPLAINT_RATE = "Reputation.ComplaintRate"
COUNTS = {
    EventKind.SEND: "Send",
    EventKind.DELIVERY: "Delivery",
    EventKind.BOUNCE: "Bounce",
    EventKind.COMPLAINT: "Complaint",
    EventKind.REJECT: "Reject",
    EventKind.RENDERING_FAILURE: "RenderingFailure",
}

_NO_BOUNCE = frozenset({Outcome.SUPPRESSED_BY_ACCOUNT, Outcome.AUTOMATIC_REPLY})
_NOT_IN_THE_RATES = frozenset({Outcome.SUPPRESSED_BY_ACCOUNT, Outcome.REJECT, Outcome.RENDERING_FAILURE})
_HARD_BOUNCES = frozenset({Outcome.BOUNCE, Outcome.SUPPRESSED_GLOBALLY})

_volumes: dict[tuple[str, str, str | None], Counter[Outcome]] = {}


def count(
    realm: Realm, recipient: str, configuration_set: str | None, outcome: Outcome, events: Sequence[Event]
) -> None:
    """Count one message: its events, and its part in the rates."""
    for of_set in _series(realm, configuration_set):
        for event in events:
            if event.kind in COUNTS and not (event.kind is EventKind.BOUNCE and outcome in _NO_BOUNCE):
                _record(realm, COUNTS[event.kind], 1.0, of_set)
        if outcome in _NOT_IN_THE_RATES or is_simulator(recipient) or realm.identity_that_sends_for(recipient):
            continue
        volume = _volumes.setdefault((realm.account_id, realm.region, of_set), Counter())
        volume[outcome] += 1
        sent = volume.total()
        _record(realm, BOUNCE_RATE, sum(volume[each] for each in _HARD_BOUNCES) / sent, of_set)
        _record(realm, COMPLAINT_RATE, volume[Outcome.COMPLAINT] / sent, of_set)


def forget_volumes(region: str | None = None) -> None:
    """Reset the rates, in one region or in all."""
    for key in [key for key in _volumes if region in (None, key[1])]:
        del _volumes[key]


def _series(realm: Realm, configuration_set: str | None) -> Iterator[str | None]:
    yield None
    found = emulator.configuration_set(realm.account_id, realm.region, configuration_set) if configuration_set else None
    if found is not None and (found.get("ReputationOptions") or {}).get("ReputationMetricsEnabled"):
        yield configuration_set


def _record(realm: Realm, name: str, value: float, configuration_set: str | None) -> None:
    dimensions = {CONFIGURATION_SET: configuration_set} if configuration_set else {}
    with emulator.acting_in(realm.account_id, realm.region):
        emulator.record_metric(NAMESPACE, name, value, dimensions)
