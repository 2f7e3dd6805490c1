"""What is left of a scene when it is over: its line of the closing table, and whether it went as told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.demo.checks import Checks
from sandbox.demo.scene import Scene

TITLES = ("scene", "pool", "verdict", "first broken link", "what was done", "fix, alert (s)", "mail", "")


@dataclass(slots=True, kw_only=True)
class Result:
    """Filled while the scene is played; what never happened stays a dash."""

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
    def as_told(self) -> bool:
        """Whether everything that was expected was seen."""
        return self.checks.made > 0 and not self.checks.failures

    @property
    def seconds(self) -> str:
        """From the call to the repair and to the alert."""
        figures = (self.repaired_after, self.announced_after)
        if figures == (None, None):
            return ""
        return ", ".join("-" if figure is None else f"{figure:.1f}" for figure in figures)

    def row(self) -> Sequence[str]:
        """The line of the closing table, in the order of its titles."""
        known = (self.pool, self.verdict, self.link, self.done, self.seconds, " → ".join(self.mail))
        title = f"{self.scene.number} {self.scene.title}"
        return (title, *(cell or "-" for cell in known), "✔" if self.as_told else "✘")
