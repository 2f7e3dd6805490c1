"""Compares two EmailConfigurations: member by member, and by meaning."""

from dataclasses import replace

from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.repair.change_documents import email_document


def differing_members(one: EmailConfiguration, other: EmailConfiguration) -> tuple[str, ...]:
    """The Cognito API names of the members that differ; never a value."""
    left, right = email_document(one), email_document(other)
    return tuple(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))


def differing_in_meaning(one: EmailConfiguration, other: EmailConfiguration) -> tuple[str, ...]:
    """As ``differing_members``, with an absent EmailSendingAccount read as COGNITO_DEFAULT."""
    return differing_members(replace(one, sending_account=one.mode), replace(other, sending_account=other.mode))
