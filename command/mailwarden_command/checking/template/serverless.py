"""The resources that SAM makes of the events of a function (SAM developer guide, event source "Cognito")."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden_command.checking.source.declared import (
    DeclaredResource,
    NotKnown,
    ResourceKind,
    part,
    text_of,
    texts_of,
)
from mailwarden_command.checking.source.nodes import Members, Scalar


def implied_by_events(declared: tuple[DeclaredResource, ...]) -> Iterator[DeclaredResource]:
    """The permission that Cognito gets for each pool whose trigger a function is."""
    for function in declared:
        if function.kind is not ResourceKind.FUNCTION:
            continue
        for pool in declared:
            if pool.kind is ResourceKind.POOL and triggers_of(function, pool):
                yield _permission(function, pool)


def triggers_of(function: DeclaredResource, pool: DeclaredResource) -> frozenset[str]:
    """The triggers of a pool that the events of a function name."""
    try:
        events = part(function.members, "Events")
        of_events = [part(events, name) for name in events.members]
        named = [part(each, "Properties") for each in of_events if text_of(each, "Type") == "Cognito"]
        of_pool = [each for each in named if text_of(each, "UserPool") == pool.pool_id]
        return frozenset(trigger for each in of_pool for trigger in texts_of(each, "Trigger") or ())
    except NotKnown:
        return frozenset()


def _permission(function: DeclaredResource, pool: DeclaredResource) -> DeclaredResource:
    place = function.place
    name = text_of(function.members, "FunctionName") or function.name
    texts = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": name,
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": pool.pool_arn,
    }
    members = Members(place=place, members={each: Scalar(place=place, value=text) for each, text in texts.items()})
    return replace(function, kind=ResourceKind.PERMISSION, members=members)
