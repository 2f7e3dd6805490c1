"""Free text in a tag fails closed: what is not in the grammar never opens an identity and never ends an exemption."""

import re
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mailwarden.domain.mail_path.consent import ConsentSettings, NotOpened, Opened
from mailwarden.domain.mail_path.consent_sources import consent_of
from mailwarden.domain.mail_path.exemption import NotExempt, exemption_of
from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL
from tests.builders import identity, identity_ref, pool_ref, sending_policy

TODAY = date(2026, 3, 2)
POOL, IDENTITY = pool_ref(), identity_ref()
WORDS = st.sampled_from(
    [
        "off",
        "report",
        "on",
        "no",
        "not",
        "account",
        "accounts",
        "Account",
        POOL.pool_id,
        "us-east-1_Other",
        "us-east-1_",
        "until=2026-03-01",
        "until=2027-03-01",
        "not-until=2026-03-01",
        "until=",
        "until=2026-02-30",
        "reason=until=2026-03-01",
        "reason=",
        "x",
    ]
)
GAPS = st.sampled_from([" ", "  ", ",", "\t", "\u00a0", ";", "=", ""])
VALUES = st.lists(st.tuples(WORDS | st.text(max_size=3), GAPS), max_size=5).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
EXPIRED = re.compile(
    r"\s*(off|report)\s+until=(\d{4}-\d\d-\d\d)(\s+reason=.*)?\s*", re.ASCII | re.DOTALL | re.IGNORECASE
)
# A word in front of an id makes it the id of a pool in a region that does not exist, and still an id.
POOL_ID = r"[a-z]{2,}(-[a-z]+)+-\d+_\w+"
OPENING = re.compile(rf"[\s,]*(account|{POOL_ID}([\s,]+{POOL_ID})*)[\s,]*")


@given(value=VALUES)
@example(value="off reason=migration until=2026-01-31 was too early")
@example(value="off until=2026-01-31 until=2027-01-31")
@example(value="off not-until=2026-01-01")
def test_only_a_last_day_that_is_over_ends_an_exemption(value: str) -> None:
    found = EXPIRED.fullmatch(value)

    exemption = exemption_of({"mailwarden": value}, today=TODAY)

    if isinstance(exemption, NotExempt):
        assert found is not None
        assert date.fromisoformat(found[2]) < TODAY


@given(value=VALUES)
@example(value="no account")
@example(value="not for the whole account")
def test_only_account_or_ids_of_pools_open_an_identity(value: str) -> None:
    assume(not OPENING.fullmatch(value))
    policies = {"p": sending_policy(IDENTITY, POOL, principal=LEGACY_PRINCIPAL)}

    consent = consent_of(
        IDENTITY,
        identity(tags={"mailwarden:cognito": value}, policies=policies),
        POOL,
        principal=GLOBAL_PRINCIPAL,
        settings=ConsentSettings(identities={IDENTITY.arn: ("account",)}),
    )

    assert isinstance(consent, NotOpened)


# AWS, "Tag naming limits": letters, numbers, spaces and these signs.
SIGNS = st.sampled_from(["", *" _.:/=+-@"])


@given(upper=st.lists(st.booleans(), min_size=10, max_size=10), between=SIGNS, end=SIGNS, value=VALUES)
def test_a_key_in_other_letters_or_with_other_signs_never_frees_and_never_opens(
    upper: list[bool], between: str, end: str, value: str
) -> None:
    key = between.join(sign.upper() if wanted else sign for sign, wanted in zip("mailwarden", upper, strict=True)) + end
    assume(key != "mailwarden")
    tags = {key: value, f"{key}:cognito": "account"}

    consent = consent_of(
        IDENTITY, identity(tags=tags), POOL, principal=GLOBAL_PRINCIPAL, settings=ConsentSettings(identities={})
    )

    assert not isinstance(exemption_of(tags, today=TODAY), NotExempt)
    assert isinstance(consent, NotOpened)


@pytest.mark.parametrize("separator", [" ", ",", ", ", "  "])
def test_ids_may_be_separated_by_spaces_or_commas(separator: str) -> None:
    value = separator.join(["us-east-1_Other", POOL.pool_id])

    consent = consent_of(
        IDENTITY,
        identity(tags={"mailwarden:cognito": value}),
        POOL,
        principal=GLOBAL_PRINCIPAL,
        settings=ConsentSettings(identities={}),
    )

    assert isinstance(consent, Opened)
