"""The rates of configuration sets, many with one request: a path is read without them, and gets them afterwards."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import batched, groupby

from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.readings import ConfigurationSet
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.reputation.feedback import RateStatus
from mailwarden_command.reading.live_feedback import LiveFeedback

# Eight metrics each (adapters/aws/ses/metrics.py), of at most 500 in a request.
_IN_A_REQUEST = 60


@dataclass(slots=True, kw_only=True)
class SetRates:
    """The rates of the sets that were read so far.

    ``at_once`` is the number of sets for one request. It is 1 with recorded answers: a request is found again by its
    contents, whichever other pools are asked about.
    """

    feedback: LiveFeedback
    at_once: int = _IN_A_REQUEST
    _known: dict[ConfigurationSetRef, RateStatus] = field(default_factory=dict)

    def unread(self, sets: Collection[ConfigurationSetRef]) -> frozenset[ConfigurationSetRef]:
        """Those of *sets* that were not read."""
        return frozenset(each for each in sets if each not in self._known)

    def read(self, sets: Collection[ConfigurationSetRef]) -> None:
        """Read the rates of those that were not read."""
        for _, of_region in groupby(sorted(self.unread(sets), key=_place), key=lambda each: each.region):
            for some in batched(of_region, self.at_once, strict=False):
                self._known |= self.feedback.rates_of(some)

    def of(self, configuration_set: ConfigurationSetRef) -> RateStatus | None:
        """The rates of a set; None if they were not read."""
        return self._known.get(configuration_set)


def sets_of(path: MailPath) -> frozenset[ConfigurationSetRef]:
    """The sets that exist on the path and on those that the pool could take."""
    return frozenset(_sets(path))


def _sets(path: MailPath) -> Iterator[ConfigurationSetRef]:
    for ses_state in (*path.ses_states, *path.candidates.values()):
        if isinstance(ses_state.configuration_set, ConfigurationSet):
            yield ses_state.configuration_set.ref


def with_rates(path: MailPath, rates: SetRates) -> MailPath:
    """*path* with the rates of its sets; threat protection's notices pass through no set that is known."""
    if not sets_of(path):
        return path
    return replace(
        path,
        ses_states=tuple(_rated(each, rates) for each in path.ses_states),
        candidates={region: _rated(each, rates) for region, each in path.candidates.items()},
    )


def _rated(ses_state: SesRegionState, rates: SetRates) -> SesRegionState:
    used = ses_state.configuration_set
    return replace(ses_state, set_rates=rates.of(used.ref)) if isinstance(used, ConfigurationSet) else ses_state


def _place(configuration_set: ConfigurationSetRef) -> tuple[str, str]:
    return configuration_set.region, configuration_set.name
