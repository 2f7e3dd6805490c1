"""Errors of questions and orders of a person."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "question.no-pool": "{member} is {value}, neither the id nor the ARN of a user pool",
    "question.no-members": "{member} must not have members",
    "question.unknown-members": "{member} has unknown members: {unknown}",
    "question.other-account": "{member} names a pool of account {account}, this is {ours}",
    "question.other-region": "{member} is {region}, but the ARN says {named}",
    "order.unknown": "an order is an object with exactly one of these members: {orders}",
    "order.empty": "{member} is empty: the journal records who orders what, and why",
    "order.encoded": "{member} is URL-encoded more than {most} times: write it out",
    "order.no-region": "{member} is missing: each region has its own suppression list",
    "order.nothing-to-set": "{member} names nothing to set: {settable:or}",
    "order.one-wish": "{member} has {wishes:and}: an order has one of them",
    "order.foreign-identity": (
        "{member} names an identity of account {account}, this is {ours}: Cognito sends only as identities of the "
        "pool's own account"
    ),
    "order.release-members": "{member} must have the member by, and either budget (true) or pool",
    "order.other-account": "{member} names a pool of account {account}",
}
