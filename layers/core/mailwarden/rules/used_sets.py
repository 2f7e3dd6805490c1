"""Which configuration sets of ours a pool's mail passes through."""

from collections.abc import Iterator

from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import ConfigurationSet, ConfigurationSetReading
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.regions import SenderUse


def used_sets(path: MailPath) -> Iterator[tuple[ConfigurationSetRef, ConfigurationSetReading]]:
    """The set of each side of a DEVELOPER pool that names one, or whose identity has a default one; none for others.

    Where the identity could not be read and the pool names no set, there is none to speak of: MW603 tells that it is
    not known.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in judged_ses_states(path):
        reading = ses_state.configuration_set
        if isinstance(reading, ConfigurationSet):
            yield reading.ref, reading
        elif reading is not None:
            ref = configuration_set_of(path.pool.email, ses_state.identity_ref, ses_state.identity)
            if isinstance(ref, ConfigurationSetRef):
                yield ref, reading
