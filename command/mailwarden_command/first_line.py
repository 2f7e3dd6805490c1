"""The first line of an audit, which is printed before the SDK is imported."""

import sys


def print_first_line(regions: tuple[str, ...], profile: str | None) -> None:
    """Show on the error stream that the audit began."""
    where = ", ".join(regions) if regions else "every enabled region"
    whose = f" with the profile {profile}" if profile else ""
    print(f"Reading the user pools of {where}{whose}. Nothing is changed.", file=sys.stderr, flush=True)
