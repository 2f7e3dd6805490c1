"""The keys of the two tags with which owners speak to Mailwarden, and keys that only look like one of them."""

from collections.abc import Mapping

CONSENT_TAG = "mailwarden:cognito"
EXEMPTION_TAG = "mailwarden"


def misspelled_key(tags: Mapping[str, str], tag: str) -> str | None:
    """The first key of *tags* that is *tag* in other letters, or None.

    "Tag keys and values are case sensitive" (AWS, Tagging best practices), so it is another tag, and its owner meant
    this one.
    """
    return next((key for key in sorted(tags) if key != tag and key.strip().casefold() == tag), None)
