"""A refusal that may pass is seen wherever a mail path can hold one, also in a field that is added later."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAliasType, get_args, get_type_hints

import pytest

from mailwarden.domain.mail_path.path import MailPath, transient_refusal
from mailwarden.domain.readings import CustomSender, DedicatedIpPool, LinkDomain, ThreatNotices, Unreadable
from tests.builders import configuration_set, developer, identity, identity_ref, mail_path, pool

REFUSED = Unreadable(action="a:Read", region="us-east-1", reason="Throttling", transient=True)


def kinds(annotation: Any, aliases: frozenset[str] = frozenset()) -> Iterator[type]:  # noqa: ANN401 - any annotation
    """The classes that an annotation is made of; an alias within itself, such as JSON's, is left at that."""
    if isinstance(annotation, TypeAliasType):
        if annotation.__name__ not in aliases:
            yield from kinds(annotation.__value__, aliases | {annotation.__name__})
    elif get_args(annotation):
        for part in get_args(annotation):
            yield from kinds(part, aliases)
    elif isinstance(annotation, type):
        yield annotation


def places(owner: type, seen: set[type]) -> Iterator[tuple[type, str]]:
    """The fields, at any depth, that may hold a refused read."""
    seen.add(owner)
    for name, annotation in get_type_hints(owner).items():
        found = list(kinds(annotation))
        if Unreadable in found:
            yield owner, name
        for kind in found:
            if is_dataclass(kind) and kind not in seen and kind is not Unreadable:
                yield from places(kind, seen)


def refused_at(value: Any, owner: type, name: str) -> Any:  # noqa: ANN401 - any part of a path
    """The value with the refusal in each field *name* of an *owner*."""
    match value:
        case tuple():
            return tuple(refused_at(each, owner, name) for each in value)
        case Mapping():
            return {key: refused_at(each, owner, name) for key, each in value.items()}
        case _ if isinstance(value, owner):
            return replace(value, **{name: REFUSED})  # type: ignore[type-var] # owners are dataclasses
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
            changed = {key: refused_at(part, owner, name) for key, part in parts.items()}
            return replace(value, **{key: part for key, part in changed.items() if part != parts[key]})
        case _:
            return value


PLACES = tuple(places(MailPath, set()))


@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[f"{owner.__name__}.{name}" for owner, name in PLACES])
def test_a_look_is_put_off_for_a_refusal_that_may_pass(owner: type, name: str) -> None:
    email = developer(identity_ref("example.com"), configuration_set="mail")
    of_mail = configuration_set("mail", destinations=(), ip_pool=DedicatedIpPool(name="mail", exists=True))
    notices = ThreatNotices(source_arn=identity_ref("example.com").arn, from_address="a@example.com")
    link_domain = LinkDomain(name="auth.example.com", custom_status="ACTIVE")
    custom = CustomSender(function_arn="arn:function", policy="{}", key_arn="arn:key", key_state="Enabled")
    without = mail_path(
        pool(email=email, link_domain=link_domain, threat_notices=notices),
        identity("example.com"),
        configuration_sets=(of_mail,),
    )
    sound = replace(without, custom_sender=custom)

    path = refused_at(sound, owner, name)

    assert transient_refusal(sound) is None
    assert path != sound, f"no part of the path of this test has a {owner.__name__}: add one"
    assert transient_refusal(path) == REFUSED, f"{owner.__name__}.{name} may hold a refused read: see transient_refusal"


def test_the_readings_of_a_path_are_found() -> None:
    assert {"identity", "account", "configuration_set", "service_linked_role", "second_factor", "destinations"} <= {
        name for _, name in PLACES
    }
