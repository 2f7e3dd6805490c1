"""The notes: nearly every pool has some of them, on the default sender or without a configuration set."""

from mailwarden.rules import ALL, Rule

NOTES = frozenset(rule.rule_id for rule in ALL if rule.is_note)

# For tests that count the findings about a mail problem.
WITHOUT_ADVICE: tuple[Rule, ...] = tuple(rule for rule in ALL if not rule.is_note)
