"""A raw MIME message for SES, and the values that SES reads from it."""

import base64
import email
import email.policy


class RawMessage:
    """The headers and the text of a MIME message; read-only."""

    def __init__(self, encoded: str) -> None:
        """Read it from the base64 form of the API."""
        self._message = email.message_from_bytes(base64.b64decode(encoded), policy=email.policy.default)

    @property
    def sender(self) -> str:
        """The From header."""
        return str(self._message.get("From", ""))

    @property
    def recipients(self) -> list[str]:
        """All recipients in To, Cc and Bcc."""
        headers = (str(self._message.get(name, "")) for name in ("To", "Cc", "Bcc"))
        return [part.strip() for header in headers for part in header.split(",") if part.strip()]

    @property
    def reply_to(self) -> str | None:
        """The Reply-To header, if any."""
        found = self._message.get("Reply-To")
        return str(found) if found is not None else None

    @property
    def subject(self) -> str:
        """The Subject header."""
        return str(self._message.get("Subject", ""))

    @property
    def body(self) -> str:
        """The text, plain rather than HTML."""
        part = self._message.get_body(("plain", "html"))
        return str(part.get_content()) if part is not None else ""
