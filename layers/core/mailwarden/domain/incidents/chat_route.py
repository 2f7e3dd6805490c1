"""Which channel of the chat a new incident goes to: the operator's routes in their order, the first that fits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFacts:
    """The facts of an alert that routes compare.

    ``regions`` are those of the affected pools, ``tags`` the names and values of the pool that the alert describes.
    """

    severity: Severity
    rule_id: str
    regions: frozenset[str]
    tags: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRoute:
    """A channel, and the alerts that go there: each set holds the values that fit, an empty one fits any.

    ``tags`` has the values that fit by the name of a tag; a pool needs one of each.
    """

    channel: str
    severities: frozenset[Severity] = frozenset()
    rules: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def fits(self, facts: AlertFacts) -> bool:
        """Whether an alert goes there; of several regions, one is enough."""
        return (
            (not self.severities or facts.severity in self.severities)
            and (not self.rules or facts.rule_id in self.rules)
            and (not self.regions or not self.regions.isdisjoint(facts.regions))
            and all(any((name, value) in facts.tags for value in values) for name, values in self.tags.items())
        )


def channel_of(facts: AlertFacts, routes: Iterable[ChatRoute], *, default: str) -> str:
    """The channel of the first route that fits; *default* if none does."""
    return next((route.channel for route in routes if route.fits(facts)), default)
