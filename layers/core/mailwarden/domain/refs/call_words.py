"""The words for the contents of a call's record: which of the settings that it may write it names."""

from enum import StrEnum


class EmailWord(StrEnum):
    """The content about EmailConfiguration in the record of a call that writes a pool."""

    IDENTITY = "identity"
    """It sets an identity of the account."""
    CUSTOM_FROM = "custom from"
    """It sets the default sender with a FROM address of the account."""
    DEFAULT = "default"
    """It sets the default sender."""
    NAMED = "named"
    """It names EmailConfiguration, and its value is hidden."""
    ABSENT = "absent"
    """It shows the parameters, and EmailConfiguration is not among them."""
    HIDDEN = "hidden"
    """It does not show the parameters."""


class VerificationWord(StrEnum):
    """The content about AutoVerifiedAttributes in the record of UpdateUserPool."""

    EMAIL = "email"
    """It sets attributes, and email is among them."""
    OTHERS = "others"
    """It sets attributes without email, or none."""
    NAMED = "named"
    """It names AutoVerifiedAttributes, and its value is hidden."""
    ABSENT = "absent"
    """It shows the parameters, and AutoVerifiedAttributes is not among them."""
    HIDDEN = "hidden"
    """It does not show the parameters."""


class NoticesWord(StrEnum):
    """The content about the sender of notices in the record of SetRiskConfiguration for a whole pool."""

    SENDER = "sender"
    """It sets a sender of notices."""
    NONE = "none"
    """It wants no notices, or resets the whole configuration."""
    NAMED = "named"
    """It names the responses to risks, and their value is hidden."""
    ABSENT = "absent"
    """It shows the parameters, and leaves the sender out."""
    HIDDEN = "hidden"
    """It does not show the parameters."""
