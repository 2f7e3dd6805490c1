"""Random policy documents: legal ones about things that are known, legal ones about anything, and rubbish."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL
from tests.unit.policy.policies import ACCOUNT, IDENTITY, OTHER_ACCOUNT, POOL, REGIONAL_PRINCIPAL

PATIENT = settings(deadline=None, max_examples=150)

type Element = SearchStrategy[dict[str, object]]

TEXTS = st.sampled_from(
    [
        ACCOUNT,
        OTHER_ACCOUNT,
        POOL,
        POOL.replace("EXAMPLE", "OTHER"),
        "us-east-1",
        "support@example.com",
        "true",
        "*",
        "1*",
        "arn:aws:cognito-idp:*",
        "arn:aws:cognito-idp:us-*:111122223333:userpool/*",
        "*:*:*:*:*:*",
        "??????????22",
        "",
    ]
)
KNOWN_KEYS = st.sampled_from(
    [
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:RequestedRegion",
        "aws:PrincipalOrgID",
        "aws:CalledViaFirst",
        "aws:PrincipalServiceName",
    ]
)
ANY_KEYS = KNOWN_KEYS | st.sampled_from(
    [
        "aws:SourceVpc",
        "aws:SourceIp",
        "aws:CurrentTime",
        "aws:SecureTransport",
        "aws:PrincipalArn",
        "aws:PrincipalTag/team",
        "ses:FromAddress",
        "ses:Recipients",
    ]
)
_STRINGS = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike"]
_ARNS = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
_QUALIFIERS = st.sampled_from(["", "ForAnyValue:", "ForAllValues:"])
_SUFFIXES = st.sampled_from(["", "IfExists"])
KNOWN_OPERATORS = st.builds("{}{}{}".format, _QUALIFIERS, st.sampled_from(_STRINGS), _SUFFIXES)
ARN_OPERATORS = st.builds("{}{}{}".format, _QUALIFIERS, st.sampled_from(_ARNS), _SUFFIXES)
ANY_OPERATORS = (
    KNOWN_OPERATORS
    | ARN_OPERATORS
    | st.sampled_from(
        [
            "ArnLike",
            "ArnEquals",
            "Bool",
            "Null",
            "DateLessThan",
            "NumericEquals",
            "IpAddress",
            "NotIpAddress",
            "BinaryEquals",
            "StringMatches",
            "NullIfExists",
        ]
    )
)


def _one_or_more(texts: SearchStrategy[str]) -> SearchStrategy[object]:
    return texts | st.lists(texts, min_size=1, max_size=3)


ARNS = TEXTS.filter(lambda text: text.count(":") > 4)


def _conditions(
    operators: SearchStrategy[str], keys: SearchStrategy[str], texts: SearchStrategy[str] = TEXTS
) -> SearchStrategy[object]:
    blocks = st.dictionaries(keys, _one_or_more(texts.filter(lambda text: text != "*")), max_size=2)
    return st.dictionaries(operators, blocks, max_size=2)


def _either(name: str, values: SearchStrategy[object]) -> Element:
    return st.builds(lambda prefix, value: {prefix + name: value}, st.sampled_from(["", "Not"]), values)


ACTIONS = _one_or_more(
    st.sampled_from(["ses:SendEmail", "SES:SendRawEmail", "ses:Send*", "*", "ses:Get*", "ses:?endEmail"])
)
SERVICES = _one_or_more(
    st.sampled_from([GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, REGIONAL_PRINCIPAL, "lambda.amazonaws.com"])
)
RESOURCES = _one_or_more(
    st.sampled_from([IDENTITY, IDENTITY.replace("support@", ""), "*", IDENTITY.replace("us-east-1", "*")])
)


def _statements(
    *, principals: Element, resources: Element, conditions: SearchStrategy[object]
) -> SearchStrategy[dict[str, object]]:
    return st.builds(
        lambda effect, *elements: (
            {"Effect": effect} | {name: value for element in elements for name, value in element.items()}
        ),
        st.sampled_from(["Allow", "Deny"]),
        principals,
        _either("Action", ACTIONS),
        resources,
        st.just({}) | conditions.map(lambda found: {"Condition": found}),
    )


KNOWN_STATEMENTS = _statements(
    principals=(st.just("*") | SERVICES.map(lambda named: {"Service": named})).map(lambda named: {"Principal": named}),
    resources=RESOURCES.map(lambda named: {"Resource": named}),
    conditions=_conditions(KNOWN_OPERATORS, KNOWN_KEYS)
    | _conditions(ARN_OPERATORS, st.sampled_from(["aws:SourceArn", "aws:CalledViaFirst"]), ARNS),
)
ANY_STATEMENTS = _statements(
    principals=_either(
        "Principal",
        st.just("*") | st.fixed_dictionaries({}, optional={"Service": SERVICES, "AWS": _one_or_more(TEXTS)}),
    ),
    resources=_either("Resource", RESOURCES),
    conditions=_conditions(ANY_OPERATORS, ANY_KEYS),
)


def _documents(statements: SearchStrategy[dict[str, object]]) -> SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"Statement": statements | st.lists(statements, min_size=1, max_size=3)},
        optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"])},
    )


KNOWN_DOCUMENTS = _documents(KNOWN_STATEMENTS)
ANY_DOCUMENTS = _documents(ANY_STATEMENTS)

JSON_VALUES: SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text()
            | st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Principal",
                    "Action",
                    "Resource",
                    "Condition",
                    "StringEquals",
                    "aws:SourceArn",
                    "AWS",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
