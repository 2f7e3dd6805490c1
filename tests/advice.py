"""The rules whose word is an advice on how a pool is set up, or a note: nearly every pool hears some of it."""

from mailwarden.rules import ALL, Rule

# The default sender, and a DEVELOPER pool without a configuration set: one of the two holds for most pools.
ADVICE = frozenset({"MW101", "MW603"})
NOTES = frozenset(rule.rule_id for rule in ALL if rule.is_note)

# For tests that are about what is wrong with the mail, and count what is said of it.
WITHOUT_ADVICE: tuple[Rule, ...] = tuple(rule for rule in ALL if rule.rule_id not in ADVICE | NOTES)
