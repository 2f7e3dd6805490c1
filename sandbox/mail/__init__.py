"""The mail half of the sandbox: one SES for both APIs, and Cognito mail that passes the chain real mail passes.

The product imports nothing from here, and nothing here imports the product: this half's result about a pool's mail is a
second opinion. See ``mail_path.chain`` for the fate of mail at each broken link, and why.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.control import Route


def install() -> None:
    """Put this half's handlers in the place of the emulator's; call once, after it became importable."""
    from sandbox.mail.installation import install_all

    install_all()


def routes() -> tuple["Route", ...]:
    """Give the control routes of this half."""
    from sandbox.mail.control.routes import all_routes

    return all_routes()
