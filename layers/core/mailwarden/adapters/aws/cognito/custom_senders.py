"""Reads the function and the KMS key of a custom email sender. Nothing is cached."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.domain.readings import CustomSender, Missing, OwnReason, Unreadable

GET_POLICY = "lambda:GetPolicy"
DESCRIBE_KEY = "kms:DescribeKey"
# arn:partition:lambda:region:account:function:name, and perhaps a version or an alias.
_FUNCTION_PARTS = 7
_KEY_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCustomSenders:
    """Implements the port ``CustomSenders`` with Lambda and KMS; ``account`` is the deployment's."""

    clients: Clients
    account: str

    def read(self, function_arn: str, key_arn: str | None) -> CustomSender:
        """The policy of the function and the state of the key; raises every error but a refusal or a timeout."""
        return CustomSender(
            function_arn=function_arn,
            policy=self._policy(function_arn),
            key_arn=key_arn,
            key_state=None if key_arn is None else self._key_state(key_arn),
        )

    def _policy(self, arn: str) -> str | Missing | Unreadable:
        """GetPolicy needs less than GetFunction, which shows the function's environment and code."""
        parts = arn.split(":")
        if len(parts) < _FUNCTION_PARTS:
            return _no_arn(GET_POLICY, arn)
        region, account = parts[3], parts[4]
        if account != self.account:
            return Unreadable(action=GET_POLICY, region=region, reason=OwnReason.OTHER_ACCOUNT, about=account)
        unqualified, qualifier = ":".join(parts[:_FUNCTION_PARTS]), ":".join(parts[_FUNCTION_PARTS:])
        try:
            client = self.clients.functions(region)
            if qualifier:
                return client.get_policy(FunctionName=unqualified, Qualifier=qualifier)["Policy"]
            return client.get_policy(FunctionName=unqualified)["Policy"]
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "ResourceNotFoundException":
                return Missing(arn=arn)
            return unread(error, action=GET_POLICY, region=region)

    def _key_state(self, arn: str) -> str | Missing | Unreadable:
        parts = arn.split(":")
        if len(parts) != _KEY_PARTS:
            return _no_arn(DESCRIBE_KEY, arn)
        region, account = parts[3], parts[4]
        if account != self.account:
            return Unreadable(action=DESCRIBE_KEY, region=region, reason=OwnReason.OTHER_ACCOUNT, about=account)
        try:
            return self.clients.keys(region).describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "NotFoundException":
                return Missing(arn=arn)
            return unread(error, action=DESCRIBE_KEY, region=region)


def _no_arn(action: str, text: str) -> Unreadable:
    return Unreadable(action=action, region="", reason=OwnReason.UNEXPECTED_RESPONSE, about=text)
