"""The keys of the two tags with which owners speak to Mailwarden, and keys that only look like one of them."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

CONSENT_TAG = "mailwarden:cognito"
EXEMPTION_TAG = "mailwarden"


def misspelled_key(tags: Mapping[str, str], tag: str) -> str | None:
    """The first key of *tags* that is *tag* in other letters or with other signs, or None.

    "Tag keys and values are case sensitive" (AWS, Tagging best practices), so it is another tag, and its owner meant
    this one.
    """
    meant = _bare(tag)
    return next((key for key in sorted(tags) if key != tag and _bare(key) == meant), None)


# An organization has few keys, on each of its resources.
@lru_cache(maxsize=1024)
def _bare(key: str) -> tuple[str, ...]:
    """The letters and digits of a key, small and without their presentation forms."""
    return tuple(filter(str.isalnum, unicodedata.normalize("NFKC", key).casefold()))
