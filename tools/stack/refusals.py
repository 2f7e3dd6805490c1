"""Why AWS could not be asked, in a line for operators: with the remedy where the credentials are the reason."""

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

# As the services name it (IAM user guide, "Troubleshooting"; AWS general reference, "Common errors").
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_SIGN_IN = "set AWS_PROFILE, or sign in with the AWS CLI"


def reason_of(error: Exception) -> str:
    """The reason as a clause, without a full stop; an error that is not about credentials is shown in its own words."""
    said = str(error).rstrip(". ")
    match error:
        case NoCredentialsError():
            return f"there are no AWS credentials: {_SIGN_IN}"
        case ClientError() if error.response["Error"].get("Code") in _EXPIRED:
            return f"the AWS credentials have expired: {_SIGN_IN}"
        case BotoCoreError() if "Token" in type(error).__name__ or "SSO" in type(error).__name__:
            return f"{said}: {_SIGN_IN}"
        case _:
            return said
