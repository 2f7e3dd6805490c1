"""Collects whether what the demo shows is what was expected."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Checks:
    """The results of the checks; a scene ended as expected if none failed."""

    failures: list[str] = field(default_factory=list)
    made: int = 0

    def equal(self, what: str, found: object, expected: object) -> None:
        """The two have to be the same."""
        self.hold(what, found == expected, f"expected {expected}, found {found}")

    def hold(self, what: str, condition: bool, otherwise: str) -> None:  # noqa: FBT001 - the condition is the subject
        """The condition has to be true."""
        self.made += 1
        if not condition:
            self.failures.append(f"{what}: {otherwise}")

    def fail(self, what: str) -> None:
        """It could not even be looked at."""
        self.hold(what, condition=False, otherwise="the scene ended there")
