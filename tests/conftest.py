"""The tests find the same environment on every machine, whoever runs them and for which account."""

import os

# What a person sets for the terminal and for the tools of AWS; a test that is about one of these sets it itself.
_PERSONAL = ("AWS_", "SAM_CLI_", "POWERTOOLS_", "BOTO_", "COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TZ")


def pytest_configure() -> None:
    """Forget them before any test is collected, in each worker."""
    for name in [each for each in os.environ if each.startswith(_PERSONAL)]:
        del os.environ[name]
