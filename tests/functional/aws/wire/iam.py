"""IAM in memory, as far as one service-linked role goes."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from .wire import Answer, Request, xml_refusal

SERVICE = "email.cognito-idp.amazonaws.com"
ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


@dataclass(slots=True)
class Iam:
    """Whether the role exists, where, and after how many looks a new one is seen."""

    exists: bool = False
    path: str = f"/aws-service-role/{SERVICE}/"
    unseen_looks: int = 0

    def answer(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body).items()}
        match request.operation:
            case "GetRole":
                assert asked["RoleName"] == ROLE
                if not self.exists or self.unseen_looks > 0:
                    self.unseen_looks -= 1 if self.exists else 0
                    return xml_refusal("NoSuchEntity", f"The role with name {ROLE} cannot be found.", status=404)
                return Answer(body=self._role("GetRole"))
            case "CreateServiceLinkedRole":
                assert asked["AWSServiceName"] == SERVICE
                if self.exists:
                    return xml_refusal("InvalidInput", f"Service role name {ROLE} has been taken in this account")
                self.exists = True
                return Answer(body=self._role("CreateServiceLinkedRole"))
            case other:
                raise AssertionError(f"{other} is not expected here")

    def _role(self, operation: str) -> str:
        return (
            f"<{operation}Response><{operation}Result><Role><Path>{self.path}</Path><RoleName>{ROLE}</RoleName>"
            f"<RoleId>AROAEXAMPLE</RoleId><Arn>arn:aws:iam::111122223333:role{self.path}{ROLE}</Arn>"
            f"<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></{operation}Result></{operation}Response>"
        )
