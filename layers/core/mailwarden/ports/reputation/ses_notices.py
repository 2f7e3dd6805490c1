"""What SES itself says about accounts, identities and configuration sets."""

from typing import Protocol

from mailwarden.domain.reputation.feedback import SesNotice


class SesNotices(Protocol):
    """Keeps notices."""

    def put(self, notice: SesNotice, *, stands: bool) -> bool:
        """Keep a notice, or that it does not stand any more; False if a later one about the same is known."""
        ...
