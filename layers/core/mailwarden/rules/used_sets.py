"""Which of our configuration sets a pool sends with."""

from collections.abc import Iterator

from mailwarden.domain.mail_path.path import MailPath, UsesIdentity, configuration_set_of
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.readings import ConfigurationSet, ConfigurationSetReading
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.regions import SenderUse


def used_sets(path: MailPath) -> Iterator[tuple[ConfigurationSetRef, ConfigurationSetReading]]:
    """The set of each SES region of a DEVELOPER pool that names a set, or whose identity has a default one.

    Nothing for other pools, and nothing if the identity could not be read and the pool names no set: MW603 reports that
    the set is not known.
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in usable_ses_states(path):
        reading = ses_state.configuration_set
        if isinstance(reading, ConfigurationSet):
            yield reading.ref, reading
        elif reading is not None:
            ref = configuration_set_of(path.pool.email, ses_state.identity_ref, ses_state.identity)
            if isinstance(ref, ConfigurationSetRef):
                yield ref, reading
