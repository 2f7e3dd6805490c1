"""Removes what runs made: everything in the account whose name begins with a run's, until nothing is found."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.domain.findings.changes import EMAIL_SERVICE_ROLE
from tools.live_check.scratch_run import PREFIX, ScratchRun, code_of
from tools.live_check.ses_calls import policies_of, take_back_grants

# SQS may list a queue for a minute after its deletion, and accept its deletion again (SQS API reference, DeleteQueue).
_PATIENCE = 90
_PAUSES = (0.0, 0.2, 1.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something that a run made; ``by_hand`` is the command that removes it."""

    what: str
    by_hand: str
    remove: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Finds and removes what begins with *prefix*, in the regions of a run and in *listening*."""

    run: ScratchRun
    listening: Sequence[str]
    prefix: str
    patience: float = _PATIENCE

    def resources(self) -> list[str]:
        """Remove everything but rules and queues; returns the resources that are left."""
        return self._until_gone((self._grants, self._pools, self._identities, self._sets, self._role))

    def rules_and_queues(self) -> list[str]:
        """Remove the rules and queues; returns those that are left."""
        return self._until_gone((self._rules, self._queues))

    def _until_gone(self, kinds: Sequence[Callable[[], Iterator[Left]]]) -> list[str]:
        left: list[str] = []
        for kind in kinds:
            end, pauses = time.monotonic() + self.patience, iter(_PAUSES)
            while True:
                found, refused = self._found(kind)
                for each in found:
                    if (why := _removed(each)) is not None:
                        refused.append(f"{each.what} ({why}): {each.by_hand}")
                if not found and not refused:
                    break
                if time.monotonic() >= end or (refused and next(pauses, None) is None):
                    left += refused or [f"{each.what} (it is still listed): {each.by_hand}" for each in found]
                    break
                time.sleep(next(pauses, 3.0) if refused else 0.2)
        return left

    def _found(self, kind: Callable[[], Iterator[Left]]) -> tuple[list[Left], list[str]]:
        try:
            return list(kind()), []
        except ClientError as error:
            named = kind.__name__.strip("_")
            return [], [
                f"{named} that begin with {self.prefix} ({error.operation_name}: {code_of(error)}): look yourself"
            ]
        except BotoCoreError as error:
            named = kind.__name__.strip("_")
            return [], [f"{named} that begin with {self.prefix} ({type(error).__name__}): look yourself"]

    def _grants(self) -> Iterator[Left]:
        if not self.run.identity:
            return
        arns = frozenset(
            f"arn:{self.run.partition}:cognito-idp:{self.run.region}:{self.run.account}:userpool/{pool_id}"
            for pool_id, _ in self._pool_names()
        )
        texts = policies_of(self.run)
        granted = [name for name, text in texts.items() if name.startswith(PREFIX) or any(arn in text for arn in arns)]
        for name in granted[:1]:
            yield Left(
                what=f"policy {name} of the identity",
                by_hand=f"aws sesv2 delete-email-identity-policy --region {self.run.ses_region} --policy-name {name} "
                f"--email-identity {self.run.identity}, if it names no pool but those of the run",
                remove=partial(take_back_grants, self.run, arns),
            )

    def _pools(self) -> Iterator[Left]:
        client = self.run.client("cognito-idp")
        for pool_id, name in self._pool_names():
            yield Left(
                what=f"user pool {name}",
                by_hand=f"aws cognito-idp delete-user-pool --region {self.run.region} --user-pool-id {pool_id}",
                remove=partial(client.delete_user_pool, UserPoolId=pool_id),
            )

    def _pool_names(self) -> Iterator[tuple[str, str]]:
        pages = self.run.client("cognito-idp").get_paginator("list_user_pools").paginate(MaxResults=60)
        for page in pages:
            for each in page["UserPools"]:
                if each["Name"].startswith(self.prefix):
                    yield each["Id"], each["Name"]

    def _identities(self) -> Iterator[Left]:
        client = self.run.client("ses", self.run.ses_region)
        newer = self.run.client("sesv2", self.run.ses_region)
        for name in _pages(newer.list_email_identities, "EmailIdentities", "IdentityName"):
            if name.startswith(self.prefix):
                yield Left(
                    what=f"SES identity {name}",
                    by_hand=f"aws ses delete-identity --region {self.run.ses_region} --identity {name}",
                    remove=partial(client.delete_identity, Identity=name),
                )

    def _sets(self) -> Iterator[Left]:
        client = self.run.client("sesv2", self.run.ses_region)
        for name in _pages(client.list_configuration_sets, "ConfigurationSets"):
            if name.startswith(self.prefix):
                yield Left(
                    what=f"configuration set {name}",
                    by_hand=f"aws sesv2 delete-configuration-set --region {self.run.ses_region} "
                    f"--configuration-set-name {name}",
                    remove=partial(client.delete_configuration_set, ConfigurationSetName=name),
                )

    def _role(self) -> Iterator[Left]:
        iam = self.run.client("iam")
        try:
            role = iam.get_role(RoleName=EMAIL_SERVICE_ROLE)["Role"]
        except ClientError as error:
            if code_of(error) != "NoSuchEntity":
                raise
            return
        if role.get("Description", "").startswith(PREFIX):
            yield Left(
                what=f"role {EMAIL_SERVICE_ROLE}",
                by_hand=f"aws iam delete-service-linked-role --role-name {EMAIL_SERVICE_ROLE}",
                remove=partial(iam.delete_service_linked_role, RoleName=EMAIL_SERVICE_ROLE),
            )

    def _rules(self) -> Iterator[Left]:
        for region in self.listening:
            events = self.run.client("events", region)
            for rule in events.list_rules(NamePrefix=f"{self.prefix}-")["Rules"]:
                name = rule["Name"]
                yield Left(
                    what=f"rule {name} in {region}",
                    by_hand=f"aws events remove-targets --region {region} --rule {name} --ids queue; "
                    f"aws events delete-rule --region {region} --name {name}",
                    remove=partial(_delete_rule, events, name),
                )

    def _queues(self) -> Iterator[Left]:
        for region in self.listening:
            sqs = self.run.client("sqs", region)
            for url in sqs.list_queues(QueueNamePrefix=self.prefix).get("QueueUrls", ()):
                yield Left(
                    what=f"queue {url.rpartition('/')[2]} in {region}",
                    by_hand=f"aws sqs delete-queue --region {region} --queue-url {url}",
                    remove=partial(sqs.delete_queue, QueueUrl=url),
                )


def _removed(left: Left) -> str | None:
    """Remove it; why not, or None."""
    try:
        left.remove()
    except ClientError as error:
        return code_of(error)
    except BotoCoreError as error:
        return type(error).__name__
    return None


def _delete_rule(events: Any, name: str) -> None:  # noqa: ANN401 - boto3 clients have no static type
    targets = [each["Id"] for each in events.list_targets_by_rule(Rule=name)["Targets"]]
    if targets:
        events.remove_targets(Rule=name, Ids=targets)
    events.delete_rule(Name=name)


def _pages(listing: Callable[..., Any], key: str, member: str = "") -> Iterator[str]:
    """The names of all pages of a listing of SES v2."""
    more: dict[str, str] = {}
    while True:
        answer = listing(PageSize=100, **more)
        for each in answer[key]:
            yield each[member] if member else each
        if not answer.get("NextToken"):
            return
        more = {"NextToken": answer["NextToken"]}
