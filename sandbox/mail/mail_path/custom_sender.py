"""The function that a pool hands its mail to, and the key that its code is encrypted with.

Cognito encrypts the code with the key and invokes the function ("Custom email sender Lambda trigger"); it does not
know whether the function sends mail. The texts are those of other triggers that could not be invoked.
"""

from dataclasses import dataclass

from sandbox.mail import emulator
from sandbox.mail.policies import authorization
from sandbox.mail.policies.authorization import Question

UNEXPECTED_LAMBDA = "UnexpectedLambdaException"
_SERVICE = "cognito-idp.amazonaws.com"
_FUNCTION_PARTS = 7
_KEY_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomSender:
    """A CustomEmailSender of LambdaConfig with the KMSKeyID beside it."""

    function_arn: str
    key: str | None

    def failure(self, pool_arn: str) -> str | None:
        """Why Cognito cannot hand a mail over, or None."""
        parts = self.function_arn.split(":")
        if len(parts) < _FUNCTION_PARTS:
            return "ResourceNotFoundException"
        policy = emulator.function_policy(parts[4], parts[3], parts[6])
        if policy is None:
            return "ResourceNotFoundException"
        asked = Question(
            service=_SERVICE,
            action="lambda:InvokeFunction",
            resource=self.function_arn,
            region=parts[3],
            context={"aws:SourceArn": pool_arn, "aws:SourceAccount": pool_arn.split(":")[4]},
        )
        if authorization.decide({"default": policy}, asked) != "Allow":
            return "AccessDeniedException"
        return self._failure_of_key()

    def _failure_of_key(self) -> str | None:
        parts = (self.key or "").split(":")
        state = emulator.key_state(parts[4], parts[3], parts[5]) if len(parts) == _KEY_PARTS else None
        if state is None:
            return "NotFoundException"
        return None if state == "Enabled" else f"the key is {state}"
