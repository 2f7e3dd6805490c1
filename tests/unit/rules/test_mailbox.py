"""Reading FROM and REPLY-TO: one mailbox or none, what SES takes of it, and the form it asks for."""

from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.mail_path.from_header import FromHeader, from_header
from mailwarden.domain.mail_path.mailbox import AddressFlaw, Mailbox, flaw_of, in_punycode, read_mailbox
from tests.builders import custom_from, developer, identity_ref


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@example.com", "", "a@example.com"),
        ("<a@example.com>", "", "a@example.com"),
        ("Shop <a@example.com>", "Shop", "a@example.com"),
        ("Shop<a@example.com>", "Shop", "a@example.com"),
        ('"Example, Inc." <a@example.com>', "Example, Inc.", "a@example.com"),
        ("고객센터 <a@example.com>", "고객센터", "a@example.com"),
        ("a+orders@mail.example.com", "", "a+orders@mail.example.com"),
        ("a@예시.kr", "", "a@예시.kr"),
        ('"Shop: orders" <a@example.com>', "Shop: orders", "a@example.com"),
        ('"Say \\"hi\\"" <a@example.com>', 'Say "hi"', "a@example.com"),
        ("a@example.com (Shop)", "Shop", "a@example.com"),
        ("Shop <a@example.com> (orders (all))", "Shop", "a@example.com"),
        ("<a@example.com> (Shop)", "Shop", "a@example.com"),
        ('"a b"@example.com', "", '"a b"@example.com'),
        ("b@example.org <a@example.com>", "b@example.org", "a@example.com"),
        ("[Shop] <a@example.com>", "[Shop]", "a@example.com"),
        (" a@example.com ", "", "a@example.com"),
        ("Shop <a@EXAMPLE.com>", "Shop", "a@EXAMPLE.com"),
    ],
)
def test_one_mailbox_is_read(text: str, name: str, address: str) -> None:
    assert read_mailbox(text) == Mailbox(name=name, address=address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<",
        "Shop",
        "Shop <>",
        "a@",
        "@example.com",
        "a@example",
        "a b@example.com",
        "a@exa mple.com",
        "a@b@example.com",
        "a@example.com, b@example.com",
        "Example, Inc. <a@example.com>",
        "name@shop.example <name@shop",
        "DEBUG: Bob <bob@example.com>",
        "Shop: a@example.com;",
        "a@example.com; b@example.com",
        "Shop [orders <a@example.com>",
        'Sh"op <a@example.com>',
        "Shop (orders <a@example.com>",
        "Shop) <a@example.com>",
        "Shop> <a@example.com>",
        "Shop <<a@example.com>>",
        "Shop <a@example.com> <b@example.com>",
        "Shop <a@example.com",
        "Shop <a@example.com> orders",
        "Shop a@example.com",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "a\\b@example.com",
        "a@[192.0.2.1]",
        "a@example_shop.com",
        "a@example..com",
        "a@.example.com",
        '"a@example.com',
        "a\tb@example.com",
    ],
)
def test_what_is_not_one_mailbox_is_not_read(text: str) -> None:
    assert read_mailbox(text) is None


@pytest.mark.parametrize(
    ("address", "flaw"),
    [
        ("a.b+c_d-e'f@example.com", None),
        ("고객@example.com", AddressFlaw.LOCAL_PART_NOT_ASCII),
        ("help@예시.kr", AddressFlaw.DOMAIN_NOT_PUNYCODE),
        ("help@xn--vv4b11d.kr", None),
    ],
)
def test_ses_accepts_plain_ascii_only(address: str, flaw: AddressFlaw | None) -> None:
    mailbox = read_mailbox(address)

    assert mailbox is not None
    assert flaw_of(mailbox) is flaw


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("Shop <a@example.com>", "Shop <a@example.com>"),
        ('"Example, Inc." <a@example.com>', '"Example, Inc." <a@example.com>'),
        ("a@예시.kr", "a@xn--vv4b11d.kr"),
        ("고객@example.com", None),
    ],
)
def test_the_form_that_ses_asks_for(text: str, encoded: str | None) -> None:
    mailbox = read_mailbox(text)

    assert mailbox is not None
    assert mailbox.encoded() == encoded


@pytest.mark.parametrize("name", ["고객센터", "주문 알림 " * 20, "Müller & Söhne, Köln"])
def test_an_encoded_name_says_the_same(name: str) -> None:
    encoded = Mailbox(name=name, address="a@example.com").encoded()

    assert encoded is not None
    assert encoded.isascii()
    assert "\n" not in encoded
    shown, address = parseaddr(encoded)
    assert address == "a@example.com"
    assert str(make_header(decode_header(shown))).split() == name.split()


@given(text=st.text(max_size=40) | st.text(alphabet='<>@,." ab가', max_size=20))
@settings(max_examples=300, deadline=None)
def test_whatever_stands_there_is_read_or_not_and_what_is_encoded_is_taken(text: str) -> None:
    mailbox = read_mailbox(text)
    encoded = None if mailbox is None else mailbox.encoded()
    if encoded is None:
        return

    again = read_mailbox(encoded)

    assert again is not None
    assert flaw_of(again) is None


_PLAIN_NAME = st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=12)
_LOCALS = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,8}(\.[a-z0-9]{1,4})?", fullmatch=True)
_DOMAINS = st.from_regex(r"([a-z0-9]{1,8}\.){1,3}[a-z]{2,4}", fullmatch=True)


@given(name=_PLAIN_NAME, local=_LOCALS, domain=_DOMAINS)
@settings(max_examples=200, deadline=None)
def test_every_plain_mailbox_is_read_as_it_was_written(name: str, local: str, domain: str) -> None:
    address = f"{local}@{domain}"

    assert read_mailbox(f"{name} <{address}>") == Mailbox(name=name.strip(), address=address)
    assert read_mailbox(address) == Mailbox(name="", address=address)


@given(name=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20), local=_LOCALS)
@settings(max_examples=200, deadline=None)
def test_every_name_is_read_in_quotes_and_none_with_an_open_sign_without_them(name: str, local: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')

    assert read_mailbox(f'"{quoted}" <{local}@example.com>') == Mailbox(name=name, address=f"{local}@example.com")
    for sign in ',;:()<>"':
        assert read_mailbox(f"{sign}{local} <{local}@example.com>") is None


@pytest.mark.parametrize(
    ("domain", "same"),
    [("пример.example", "xn--e1afmkfd.example"), ("EXAMPLE.com", "example.com"), ("Ünï.example", "ünï.EXAMPLE")],
)
def test_domains_are_compared_in_punycode(domain: str, same: str) -> None:
    assert in_punycode(domain) == in_punycode(same)


def test_the_from_header_is_the_configured_one() -> None:
    ref = identity_ref("example.com")

    header = from_header(developer(ref, from_address="Shop <no-reply@example.com>"), ref)

    assert header == FromHeader(address="no-reply@example.com", display_name="Shop")


def test_without_a_from_an_address_identity_is_the_address_and_a_domain_is_none() -> None:
    address, domain = identity_ref("help@example.com"), identity_ref("example.com")

    assert from_header(custom_from(address), address) == FromHeader(address="help@example.com", display_name=None)
    assert from_header(custom_from(domain), domain) == FromHeader(address=None, display_name=None)


@pytest.mark.parametrize("name", ["고객센터", "=?UTF-8?B?6rOg?="])
def test_how_a_name_in_other_letters_reaches_ses_is_not_known(name: str) -> None:
    ref = identity_ref("example.com")

    header = from_header(developer(ref, from_address=f"{name} <no-reply@example.com>"), ref)

    assert header == FromHeader(address="no-reply@example.com", display_name=None)


def test_a_from_that_cannot_be_read_is_not_known() -> None:
    ref = identity_ref("example.com")

    assert from_header(developer(ref, from_address="<"), ref) == FromHeader(address=None, display_name=None)


@pytest.mark.parametrize("name", ["é", "Shop & Söhne", "n", "a b"])
@pytest.mark.parametrize(("times", "is_offered"), [(1, True), (20, True), (1_000, False), (30_000, False)])
def test_a_form_that_no_header_holds_is_not_offered(name: str, times: int, is_offered: bool) -> None:
    encoded = Mailbox(name=name * times, address="hello@example.com").encoded()

    assert (encoded is not None) is is_offered
    assert len(encoded or "") <= 998
