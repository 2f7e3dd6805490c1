"""Every rule, in the order of the mail path; each is one file and one value."""

from mailwarden.rules.rule import Rule

ALL: tuple[Rule, ...] = ()
