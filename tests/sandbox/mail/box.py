"""A running sandbox as the tests of these folders see it, with builders for the states they start from."""

import itertools
import json
import urllib.parse
from dataclasses import dataclass, field
from typing import Any, cast

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

_NUMBERS = itertools.count(1)

type Untyped = Any
"""A client of boto3, an answer, or members of a request: what they hold, the test itself says."""


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A running sandbox: AWS clients, the control API, and short ways to the states that tests start from."""

    endpoint: str
    account: str
    credentials: dict[str, str]
    _http: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str, **credentials: str) -> Untyped:
        """Give a client; without credentials the account's root user's."""
        key = (service, region) if not credentials else (service, f"{region} {credentials['aws_access_key_id']}")
        if key not in self._clients:
            self._clients[key] = boto3.session.Session().client(
                cast("Any", service),
                region_name=region,
                endpoint_url=self.endpoint,
                config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
                **cast("Any", credentials or self.credentials),
            )
        return self._clients[key]

    def control(self, method: str, path: str, body: object = None, **query: str) -> Untyped:
        """Ask the control API; gives the parsed answer."""
        answer = self.control_response(method, path, body, **query)
        assert answer.status < 400, answer.data
        return answer.json()

    def control_response(self, method: str, path: str, body: object = None, **query: str) -> Untyped:
        """Ask the control API; gives the whole answer."""
        url = f"{self.endpoint}/_sandbox/{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        encoded = None if body is None else json.dumps(body).encode()
        return self._http.request(method, url, body=encoded, retries=False)

    def cognito(self, region: str, operation: str, **members: Untyped) -> Untyped:
        """Make a signed call as it goes over the wire, past what this SDK knows of the service."""
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        request = AWSRequest("POST", f"{self.endpoint}/", data=json.dumps(members).encode(), headers=headers)
        keys = self.credentials["aws_access_key_id"], self.credentials["aws_secret_access_key"]
        SigV4Auth(Credentials(*keys), "cognito-idp", region).add_auth(request)
        answer = self._http.request(
            "POST", self.endpoint + "/", body=request.data, headers=dict(request.headers.items())
        )
        assert answer.status == 200, answer.data
        return answer.json()

    def identity(self, name: str, region: str, **states: object) -> str:
        """Make a verified identity; gives its ARN."""
        quoted = urllib.parse.quote(name)
        self.control("POST", f"ses/{region}/identities/{quoted}", {"verification_status": "SUCCESS"} | states)
        return f"arn:aws:ses:{region}:{self.account}:identity/{name}"

    def pool(self, region: str, email: dict[str, Any] | None = None, **members: Untyped) -> tuple[str, str]:
        """Make a pool with an app client; the EmailConfiguration is put there without Cognito's checks."""
        cognito = self.client("cognito-idp", region)
        members.setdefault("AutoVerifiedAttributes", ["email"])
        pool_id = cognito.create_user_pool(PoolName=unique("pool"), **members)["UserPool"]["Id"]
        client = cognito.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="app",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        if email is not None:
            self.control("POST", f"cognito/pools/{pool_id}", {"email_configuration": email}, region=region)
        return pool_id, client["UserPoolClient"]["ClientId"]

    def pool_arn(self, pool_id: str) -> str:
        """Give the ARN of a pool."""
        return f"arn:aws:cognito-idp:{pool_id.partition('_')[0]}:{self.account}:userpool/{pool_id}"

    def sign_up(self, region: str, client_id: str, address: str | None = None) -> str:
        """Sign somebody up; gives the address."""
        address = address or f"{unique('user')}@customer.example"
        self.client("cognito-idp", region).sign_up(
            ClientId=client_id,
            Username=address.partition("@")[0],
            Password="Sesame-0pen!",
            UserAttributes=[{"Name": "email", "Value": address}],
        )
        return address

    def mail_to(self, address: str) -> list[dict[str, Any]]:
        """List what arrived for an address."""
        return cast("list[dict[str, Any]]", self.control("GET", "mail", to=address))

    def lost_to(self, address: str) -> list[dict[str, Any]]:
        """List what was lost for an address."""
        return cast("list[dict[str, Any]]", self.control("GET", "mail/lost", to=address))

    def service_linked_role(self) -> None:
        """See to it that the role exists through which Cognito calls SES."""
        iam = self.client("iam", "us-east-1")
        try:
            iam.get_role(RoleName="AWSServiceRoleForAmazonCognitoIdpEmailService")
        except iam.exceptions.NoSuchEntityException:
            iam.create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")


def unique(word: str) -> str:
    """Make a name that no other test uses."""
    return f"{word}-{next(_NUMBERS)}"


def grant(
    identity_arn: str,
    pool_arn: str,
    principal: str = "email.cognito-idp.amazonaws.com",
    **members: Untyped,
) -> dict[str, Any]:
    """Build the sending policy that AWS documents for a pool."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": [principal]},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": identity_arn,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": pool_arn.split(":")[4]},
            "ArnLike": {"aws:SourceArn": pool_arn},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement | members]}
