"""Which configuration sets of ours a pool's mail passes through."""

from collections.abc import Iterator

from mailwarden.domain.mail_path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.readings import ConfigurationSet, ConfigurationSetReading
from mailwarden.domain.sides import judged_sides
from mailwarden.domain.subjects import ConfigurationSetRef
from mailwarden.regions import SenderUse


def used_sets(path: MailPath) -> Iterator[tuple[ConfigurationSetRef, ConfigurationSetReading]]:
    """The set of each side of a DEVELOPER pool that names one, or whose identity has a default one; none for others.

    Where the identity could not be read and the pool names no set, there is none to speak of: MW603 tells that it is
    not known.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for side in judged_sides(path):
        reading = side.configuration_set
        if isinstance(reading, ConfigurationSet):
            yield reading.ref, reading
        elif reading is not None:
            ref = configuration_set_of(path.pool.email, side.identity_ref, side.identity)
            if isinstance(ref, ConfigurationSetRef):
                yield ref, reading
