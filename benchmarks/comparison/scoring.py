"""Counts the pools that a tool found, by one rule for all tools.

A tool found a broken pool if it reports something of the pool, its identity or its configuration set that it reports of
no sound pool's. It reports a sound pool if it reports something of it that it reports of a broken one, too, and not of
most.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.comparison.contenders import Run
from benchmarks.comparison.town import Town

# The ARNs of a pool's identity and configuration set, by the ARN of the pool.
type Used = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The pools found of each kind, and the sound ones that were reported like broken ones."""

    found: Mapping[str, int]
    of: Mapping[str, int]
    false_alarms: int


def score(run: Run, town: Town, used: Used) -> Score:
    """Compare the reports of *run* with the truth about the town."""
    words = {
        pool: frozenset().union(*(run.reports.get(name, frozenset()) for name in {pool, *used.get(pool, ())}))
        for pool in (*town.broken, *town.sound)
    }
    of_sound = Counter(word for pool in town.sound for word in words[pool])
    # A report about most sound pools is not meant as an alarm.
    usual = frozenset(word for word, times in of_sound.items() if times > len(town.sound) / 2)
    of = Counter(town.broken.values())
    found = Counter(kind for pool, kind in town.broken.items() if words[pool] - of_sound.keys())
    claims = frozenset(word for pool in town.broken for word in words[pool]) - usual
    return Score(
        found={kind: found[kind] for kind in of},
        of=dict(of),
        false_alarms=sum(1 for pool in town.sound if words[pool] & claims),
    )
