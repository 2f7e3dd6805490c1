"""The languages of alerts and answers, by their codes (ISO 639-1)."""

from enum import StrEnum


class Language(StrEnum):
    """The values of the template's parameter ``Language``."""

    ENGLISH = "en"
    KOREAN = "ko"
