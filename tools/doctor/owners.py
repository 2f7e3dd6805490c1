"""The wishes of the owners of pools and identities: consent to grants, and exemptions with their ends."""

from collections.abc import Iterator, Mapping
from datetime import date

from mailwarden.domain.mail_path.consent import ConsentSettings, Opened, consent_by_tag
from mailwarden.domain.mail_path.exemption import NotExempt, exemption_of, unreadable_exemption
from mailwarden.domain.mail_path.owner_tags import CONSENT_TAG, EXEMPTION_TAG
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.masking import masked
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.masking import one_line
from tools.doctor.lines import Line, counted, note, sound, to_do, unknown
from tools.doctor.pools import MOST_READ, PoolsReading, TagsReading, identities_in
from tools.doctor.state import StateReading

_VALUE = 200


def judge_consent(pools: PoolsReading, tags: tuple[TagsReading, ...], state: StateReading) -> Iterator[Line]:
    """The owner of every identity lets Mailwarden grant it to the pools that use it."""
    yield from _refused(pools, tags)
    if isinstance(state.settings, str):
        yield unknown("the consent in the settings", state.settings)
        return
    settings = ConsentSettings(identities=state.settings.consent)
    known = {tag.region: tag.identities for tag in tags}
    opened = 0
    for identity, using in sorted(identities_in(pools).items(), key=lambda each: each[0].arn):
        of_region = known.get(identity.region, {})
        if isinstance(of_region, Unreadable):
            continue
        own = of_region.get(identity.arn, {})
        closed = [
            pool
            for pool in using
            if not isinstance(consent_by_tag(own, pool), Opened) and not settings.allows(identity, pool)
        ]
        if closed:
            yield note(
                f"identity {identity.name} in {identity.region} is not opened to {len(closed)} of the "
                f"{counted(len(using), 'user pool')} that use it: Mailwarden does not let them send as it",
                f"tag it {CONSENT_TAG}=account, or list it in the settings; a policy that names the pool counts, too",
            )
        else:
            opened += 1
    if opened:
        yield sound(f"{counted(opened, 'identity', 'identities')} opened to the user pools that use them")


def _refused(pools: PoolsReading, tags: tuple[TagsReading, ...]) -> Iterator[Line]:
    if pools.refused:
        yield unknown(f"{counted(len(pools.refused), 'list or user pool', 'lists and user pools')}", pools.refused[0])
    if pools.more:
        yield note(f"{counted(pools.more, 'user pool')} more than {MOST_READ} were not read for this report")
    for tag in tags:
        if isinstance(tag.identities, Unreadable):
            yield unknown(f"the tags of the identities in {tag.region}", tag.identities)


def judge_exemptions(pools: PoolsReading, tags: tuple[TagsReading, ...], *, today: date) -> Iterator[Line]:
    """Who is exempt, and until when; a tag that cannot be read exempts for as long as it is there."""
    tagged: dict[str, Mapping[str, str]] = {
        f"user pool {pool.name} ({pool.ref.pool_id}) in {pool.ref.region}": pool.tags
        for pool in pools.pools
        if not isinstance(pool.tags, Unreadable)
    }
    for tag in tags:
        if not isinstance(tag.identities, Unreadable):
            for arn, own in tag.identities.items():
                identity = IdentityRef.from_arn(arn)
                tagged[f"identity {identity.name} in {identity.region}"] = own
    found = [line for who, own in sorted(tagged.items()) for line in _exemption(who, own, today)]
    yield from found
    if not found:
        yield sound(f"no exemption: none of {counted(len(pools.pools), 'user pool')}, and no identity that they use")


def _exemption(who: str, tags: Mapping[str, str], today: date) -> Iterator[Line]:
    flaw = unreadable_exemption(tags)
    value = one_line(masked(tags.get(EXEMPTION_TAG, "")), _VALUE)
    if flaw is not None:
        yield to_do(f"{who} is exempt by a mistake: {one_line(masked(ENGLISH.text(flaw)), _VALUE)}", "correct the tag")
    elif EXEMPTION_TAG in tags and isinstance(exemption_of(tags, today=today), NotExempt):
        yield note(f"the exemption of {who} has ended: {EXEMPTION_TAG}={value}", "remove the tag")
    elif EXEMPTION_TAG in tags:
        yield note(f"{who} is exempt: {EXEMPTION_TAG}={value}")
