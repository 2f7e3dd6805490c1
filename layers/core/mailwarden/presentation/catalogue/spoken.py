"""The language in which this process answers: a function belongs to one deployment, which speaks one language."""

from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.languages import DEFAULT

_CHOSEN = [DEFAULT]


def speak(catalogue: Catalogue) -> None:
    """Answer in the language of *catalogue* from now on; bootstrap calls it once, before the first question."""
    _CHOSEN[:] = [catalogue]


def spoken() -> Catalogue:
    """The catalogue of the answers; English unless bootstrap chose another one."""
    return _CHOSEN[0]
