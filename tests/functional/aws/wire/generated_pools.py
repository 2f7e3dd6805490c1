"""Generates user pools from the service model: every member present, absent or odd, to any depth."""

import random
from collections.abc import Iterator

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from .cognito import DEFAULTS, Pool, mirror, temporary_validity

ACCOUNT = "111122223333"
_ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:"
_TAG_KEYS = ("team", "비용 센터", "aws:cloudformation:stack-name", "mailwarden", "a/b:c")
_LEVELS = ("Level1", "Level2", "Level3", "Level4")
_TEXTS = ("code {####}", "한글 {####} ✉", "{##Verify##} & <b>", "  spaces\tand\nlines  ", "{####}" + "x" * 90)


class PoolGenerator:
    """One pool for each seed; ``generate`` is a pure function of it."""

    def __init__(self, user_pool: Shape, mfa_config: Shape) -> None:
        self._user_pool = user_pool
        self._mfa_config = mfa_config

    def generate(self, seed: int) -> tuple[Pool, dict[str, object]]:
        """A pool as DescribeUserPool shows it, with its MFA configuration. Some have all there is, some nothing."""
        rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
        presence = {0: 1.0, 1: 0.0}.get(seed % 10, rng.choice((0.2, 0.5, 0.8)))
        pool, mfa = self._value(self._user_pool, rng, presence), self._value(self._mfa_config, rng, presence)
        if not isinstance(pool, dict) or not isinstance(mfa, dict):
            raise TypeError("a pool and its MFA configuration are structures")
        _settle(pool, rng, seed)
        mfa.setdefault("MfaConfiguration", "OFF")
        return pool, mfa

    def _value(self, shape: Shape, rng: random.Random, presence: float) -> object:
        match shape:
            case StructureShape():
                return {
                    name: self._value(member, rng, presence)
                    for name, member in shape.members.items()
                    if name in shape.required_members or rng.random() < presence
                }
            case ListShape():
                return self._list(shape, rng, presence)
            case MapShape():
                keys = _TAG_KEYS if isinstance(shape.value, StringShape) else _LEVELS
                some = rng.sample(keys, rng.randint(0, len(keys)))
                return {key: self._value(shape.value, rng, presence) for key in some}
            case _:
                return _scalar(shape, rng)

    def _list(self, shape: ListShape, rng: random.Random, presence: float) -> list[object]:
        least, most = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 2))
        if isinstance(shape.member, StringShape) and shape.member.enum:
            most = min(most, len(shape.member.enum))
            return list(rng.sample(shape.member.enum, rng.randint(least, most)))
        return [self._value(shape.member, rng, presence) for _ in range(rng.randint(least, min(most, 3)))]


def structures(shape: Shape, value: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every structure inside a value, the value included, with its path: the places where a member can be unknown."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            yield path, value
            for name, member in value.items():
                yield from structures(shape.members[name], member, f"{path}.{name}" if path else name)
        case ListShape() if isinstance(value, list):
            for element in value:
                yield from structures(shape.member, element, f"{path}[]")
        case MapShape() if isinstance(value, dict):
            for element in value.values():
                yield from structures(shape.value, element, f"{path}.*")
        case _:
            return


def input_paths(shape: Shape, path: str = "") -> Iterator[str]:
    """Every path that a shape accepts; list elements are ``[]``, map values ``.*``."""
    match shape:
        case StructureShape():
            for name, member in shape.members.items():
                inner = f"{path}.{name}" if path else name
                yield inner
                yield from input_paths(member, inner)
        case ListShape():
            yield from input_paths(shape.member, f"{path}[]")
        case MapShape():
            yield from input_paths(shape.value, f"{path}.*")
        case _:
            return


def paths_of(shape: Shape, value: object, path: str = "") -> Iterator[str]:
    """Those of a shape's paths that a value has."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            for name, member in value.items():
                inner = f"{path}.{name}" if path else str(name)
                yield inner
                yield from paths_of(shape.members[name], member, inner)
        case ListShape() if isinstance(value, list):
            for element in value:
                yield from paths_of(shape.member, element, f"{path}[]")
        case MapShape() if isinstance(value, dict):
            for element in value.values():
                yield from paths_of(shape.value, element, f"{path}.*")
        case _:
            return


def _scalar(shape: Shape, rng: random.Random) -> object:
    match shape.type_name:
        case "boolean":
            return rng.random() < 0.5
        case "integer" | "long":
            return rng.randint(int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 400)))
        case "timestamp":
            return 1_700_000_000 + rng.random() * 1_000_000
        case _:
            return _text(shape, rng)


def _text(shape: Shape, rng: random.Random) -> str:
    if isinstance(shape, StringShape) and shape.enum:
        return str(rng.choice(shape.enum))
    if shape.name.endswith("ArnType"):
        return _ARN + rng.choice(("mailer", "other"))
    least, most = int(shape.metadata.get("min", 0)), int(shape.metadata.get("max", 100))
    text = rng.choice(_TEXTS)[:most]
    return text + "x" * (least - len(text))


def _settle(pool: Pool, rng: random.Random, seed: int) -> None:
    """Make it a valid pool: related members agree."""
    pool["Id"] = f"us-east-1_Seed{seed}"
    pool["Arn"] = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool['Id']}"
    pool["Name"] = rng.choice(("shop", "가게 <!channel>", "x" * 128))
    pool["LastModifiedDate"] = 1_700_000_000.25
    pool["EmailConfiguration"] = dict(rng.choice(_EMAILS))
    # The members of every pool; without them a default would appear out of nothing.
    for name, default in DEFAULTS.items():
        pool.setdefault(name, default.copy() if isinstance(default, dict) else default)
    triggers = pool["LambdaConfig"]
    if isinstance(triggers, dict) and seed % 40:
        triggers.pop("KMSKeyID", None)
    if seed % 40:
        pool.pop("KeyConfiguration", None)
    settings, verified = pool.get("UserAttributeUpdateSettings"), pool.get("AutoVerifiedAttributes")
    if isinstance(settings, dict):
        both = set(verified) if isinstance(verified, list) else set()
        before = settings.get("AttributesRequireVerificationBeforeUpdate", [])
        settings["AttributesRequireVerificationBeforeUpdate"] = sorted(set(before) & both)
    _settle_validity(pool, rng)
    for name in ("SmsConfiguration", "UserPoolAddOns"):
        if rng.random() < 0.1:
            pool[name] = {}
    mirror(pool)


def _settle_validity(pool: Pool, rng: random.Random) -> None:
    """Pools that never got the newer number have the older one alone."""
    policies = pool.setdefault("Policies", {})
    password = policies.setdefault("PasswordPolicy", {}) if isinstance(policies, dict) else {}
    password.setdefault("MinimumLength", 8)
    admin = pool["AdminCreateUserConfig"]
    if isinstance(admin, dict):
        admin["UnusedAccountValidityDays"] = rng.randint(1, 365)
    if rng.random() < 0.3:
        password.pop("TemporaryPasswordValidityDays", None)
    elif not temporary_validity(pool):
        password["TemporaryPasswordValidityDays"] = rng.randint(1, 365)


def _identity(name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:ses:{region}:{ACCOUNT}:identity/{name}"


_EMAILS: tuple[dict[str, object], ...] = (
    {},
    {"EmailSendingAccount": "COGNITO_DEFAULT"},
    {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": _identity("support@example.com")},
    {"SourceArn": _identity("example.com", "*"), "ReplyToEmailAddress": "help@example.com"},
    {"EmailSendingAccount": "DEVELOPER", "SourceArn": _identity("support@example.com")},
    {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": _identity("example.com"),
        "From": "가게 <shop@example.com>",
        "ReplyToEmailAddress": "help@example.com",
        "ConfigurationSet": "mail",
    },
)
