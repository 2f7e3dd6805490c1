"""The first line of an audit, which is printed before the SDK is imported."""

import sys
from pathlib import Path


def print_first_line(regions: tuple[str, ...], profile: str | None, state: Path | None = None) -> None:
    """Show on the error stream that the audit began."""
    where = ", ".join(regions) if regions else "every enabled region"
    whose = f" with the profile {profile}" if profile else ""
    source = f", as recorded in {state}" if state else whose
    print(f"Reading the user pools of {where}{source}. Nothing is changed.", file=sys.stderr, flush=True)


def print_first_line_of_replay(event: Path) -> None:
    """Show on the error stream that the replay began."""
    print(f"Replaying {event}. Nothing is changed.", file=sys.stderr, flush=True)
