"""The functions and keys of pools with a custom email sender."""

from typing import Protocol

from mailwarden.domain.readings import CustomSender


class CustomSenders(Protocol):
    """Reads what Cognito needs in order to hand mail over."""

    def read(self, function_arn: str, key_arn: str | None) -> CustomSender:
        """The present policy of a function, and the present state of a key."""
        ...
