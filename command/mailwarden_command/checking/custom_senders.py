"""Answers the reads about the function and the key of a custom email sender from a source."""

import json
from dataclasses import dataclass

from mailwarden.domain.readings import CustomSender, Missing, Unreadable
from mailwarden_command.checking.absence import not_in_source
from mailwarden_command.checking.source.declared import Case, DeclaredResource, ResourceKind, text_of
from mailwarden_command.checking.source.holes import holes_in


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCustomSenders:
    """Implements ``CustomSenders`` with the permissions of the source."""

    case: Case

    def read(self, function_arn: str, key_arn: str | None) -> CustomSender:
        """The function's policy as the permissions make it; the state of a key is not in a source."""
        function = next((each for each in self.case.of_kind(ResourceKind.FUNCTION) if _is(function_arn, each)), None)
        return CustomSender(
            function_arn=function_arn,
            policy=not_in_source("lambda:GetPolicy", "") if function is None else self._policy(function, function_arn),
            key_arn=key_arn,
            key_state=None if key_arn is None else not_in_source("kms:DescribeKey", ""),
        )

    def _policy(self, function: DeclaredResource, arn: str) -> str | Missing | Unreadable:
        named = [each for each in self.case.of_kind(ResourceKind.PERMISSION) if not each.is_deleted]
        texts = [(each, text_of(each.members, "FunctionName") or "") for each in named]
        if any(holes_in(text) for _, text in texts):
            return not_in_source("lambda:GetPolicy", function.where.region)
        statements = [_statement(each, arn) for each, text in texts if text == function.name or _is(text, function)]
        if not statements and function.was_there:
            return not_in_source("lambda:GetPolicy", function.where.region)
        if not statements:
            return Missing(arn=arn)
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements}, ensure_ascii=False)
        return not_in_source("lambda:GetPolicy", function.where.region) if holes_in(policy) else policy


def _is(text: str, function: DeclaredResource) -> bool:
    """Whether an ARN, a partial ARN or a name means the function."""
    name = text_of(function.members, "FunctionName") or function.name
    parts = text.split(":")
    return name in (parts if len(parts) < 7 else parts[6:7])


def _statement(permission: DeclaredResource, arn: str) -> dict[str, object]:
    """The statement that AddPermission makes (Lambda API reference)."""
    members = permission.members
    conditions: dict[str, dict[str, str]] = {}
    if source := text_of(members, "SourceArn"):
        conditions["ArnLike"] = {"AWS:SourceArn": source}
    if account := text_of(members, "SourceAccount"):
        conditions["StringEquals"] = {"AWS:SourceAccount": account}
    return {
        "Sid": "permission",
        "Effect": "Allow",
        "Principal": {"Service": text_of(members, "Principal") or ""},
        "Action": text_of(members, "Action") or "",
        "Resource": arn,
        **({"Condition": conditions} if conditions else {}),
    }
