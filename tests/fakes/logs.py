"""A log that stores its entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class KeptLog:
    """Implements ``mailwarden.inbound.sqs.batch.Log``."""

    lines: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    def info(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))

    def error(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))

    def exception(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))
