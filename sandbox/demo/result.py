"""The result of a scene: the observations, and whether they were expected."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.demo.checks import Checks
from sandbox.demo.scene import Scene


@dataclass(slots=True, kw_only=True)
class Result:
    """Filled while the scene is played; a missing observation stays None."""

    scene: Scene
    pool: str | None = None
    verdict: str | None = None
    link: str | None = None
    done: str | None = None
    repaired_after: float | None = None
    announced_after: float | None = None
    mail: list[str] = field(default_factory=list)
    checks: Checks = field(default_factory=Checks)

    @property
    def as_expected(self) -> bool:
        """Whether everything that was expected was seen."""
        return self.checks.made > 0 and not self.checks.failures

    @property
    def times(self) -> Sequence[str]:
        """How long it took from the call to the repair and to the alert, as far as they happened."""
        figures = {"repair": self.repaired_after, "alert": self.announced_after}
        return [f"{name} {seconds:.1f} s" for name, seconds in figures.items() if seconds is not None]
