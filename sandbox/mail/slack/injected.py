"""Answers that Slack is to give to coming calls of its API, in place of carrying them out or after it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.mail.control.body import members, refuse_unknown


@dataclass(slots=True, kw_only=True)
class Injected:
    """How some calls are answered; ``taken``: each is carried out, and its answer is lost.

    ``method`` and ``channel`` are None for any.
    """

    method: str | None
    channel: str | None
    error: str | None
    status: int
    retry_after: int | None
    delay: float
    body: str | None
    location: str | None
    taken: bool
    count: int

    def fits(self, method: str, channel: object) -> bool:
        """Whether the next call of a method is answered so."""
        return self.count > 0 and self.method in (None, method) and self.channel in (None, channel)


@dataclass(slots=True)
class Answers:
    """Those that are set, in order."""

    waiting: list[Injected] = field(default_factory=list)

    def next(self, method: str, channel: object) -> Injected | None:
        """The answer of the next call; None if it is carried out as usual."""
        found = next((each for each in self.waiting if each.fits(method, channel)), None)
        if found is not None:
            found.count -= 1
            self.waiting = [each for each in self.waiting if each.count > 0]
        return found

    def add(self, body: object) -> int:
        """Set an answer as a control request describes it; how many calls are answered so."""
        given = members(body)  # type: ignore[arg-type] # checked there
        refuse_unknown(given, set(Injected.__dataclass_fields__))
        one = injected(given)
        if one.count == 0:
            self.waiting.clear()
        else:
            self.waiting.append(one)
        return sum(each.count for each in self.waiting)


def injected(given: Mapping[str, object]) -> Injected:
    """One answer from the members of a request."""

    def text(name: str) -> str | None:
        value = given.get(name)
        return None if value is None else str(value)

    retry_after = text("retry_after")
    status = text("status")
    return Injected(
        method=text("method"),
        channel=text("channel"),
        error=text("error"),
        # Slack answers 200 to a call that fails, unless there were too many.
        status=int(status) if status is not None else 429 if retry_after is not None else 200,
        retry_after=None if retry_after is None else int(retry_after),
        delay=float(text("delay") or 0),
        body=text("body"),
        location=text("location"),
        taken=bool(given.get("taken")),
        count=int(text("count") or 1),
    )


ANSWERS = Answers()
