"""No address of a person leaves us; identities do, because operators act by their names."""

import re
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailwarden.masking import addresses_in, identities_named_in, masked
from mailwarden.message import logged
from mailwarden.policy.evaluation.decision import StatementRef
from mailwarden.presentation.masking import lines, one_line

IDENTITY = "arn:aws:ses:eu-west-1:111122223333:identity/support@shop.example"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("jane.doe@corp.example", "j***@corp.example"),
        ("mail to jane@corp.example failed.", "mail to j***@corp.example failed."),
        ("ask jane@corp.example.", "ask j***@corp.example."),
        ("a@corp.example", "***@corp.example"),
        ("Jane <jane@corp.example>, joe@x.example", "Jane <j***@corp.example>, j***@x.example"),
        ("arn:aws:sts::1:assumed-role/Admin/jane@corp.example", "arn:aws:sts::1:assumed-role/Admin/j***@corp.example"),
        ("bounce+jane=corp.example@ses.example", "b***@ses.example"),
        ("mailto:jane@corp.example?subject=x", "mailto:j***@corp.example?subject=x"),
        ("user=jane@corp.example", "u***@corp.example"),
        ('{"ses:Recipients": ["jane@corp.example"]}', '{"ses:Recipients": ["j***@corp.example"]}'),
        ("사용자@예시.한국", "사***@예시.한국"),
        ("jane@localhost", "j***@localhost"),
        ("a@b@corp.example", "a***@corp.example"),
        ("o'neil@corp.example", "o'n***@corp.example"),
        ("jane%40corp.example", "j***%40corp.example"),
        ("https://x.example/u/jane.doe%40corp.example?a=b", "https://x.example/u/j***%40corp.example?a=b"),
        ("?to=jane%2540corp.example", "?***%2540corp.example"),
        ("/jane.doe%252540corp.example", "/j***%252540corp.example"),
        ('{"to": "jane\\u0040corp.example"}', '{"to": "j***\\u0040corp.example"}'),
        ("b'jane\\x40corp.example'", "b'j***\\x40corp.example'"),
        ("jane&#64;corp.example", "j***&#64;corp.example"),
        ("<b>jane&#x40;corp.example</b>", "<b>j***&#x40;corp.example</b>"),
        ("?to=jane%u0040corp.example", "?***%u0040corp.example"),
        ("=?UTF-8?Q?jane=40corp.example?= wrote", "=***=40corp.example?= wrote"),
        ("jane&commat;corp.example", "j***&commat;corp.example"),
        ("/jane.doe%2525252540corp.example", "/j***%2525252540corp.example"),
        ("/jane.doe%EF%BC%A0corp.example", "/j***%EF%BC%A0corp.example"),
        ("/jane.doe%25ef%25bc%25a0corp.example", "/j***%25ef%25bc%25a0corp.example"),
        ("jane&#064;corp.example", "j***&#064;corp.example"),
        ("jane&#X40;corp.example", "j***&#X40;corp.example"),
        ("`jane\\u{40}corp.example`", "`j***\\u{40}corp.example`"),
        ("'jane\\U00000040corp.example'", "'j***\\U00000040corp.example'"),
        ("jane\uff20corp.example", "j***\uff20corp.example"),
        ("jane\ufe6bcorp.example", "j***\ufe6bcorp.example"),
        ('"jane doe"@corp.example', "j***@corp.example"),
        ('to "jane doe"@corp.example, please', "to j***@corp.example, please"),
        ('{"to": "\\"jane doe\\"@corp.example"}', '{"to": "\\j***@corp.example"}'),
        ("jane@[10.0.0.1]", "j***@[10.0.0.1]"),
        ("jane@[IPv6:2001:db8::1] said", "j***@[IPv6:2001:db8::1] said"),
        ("jane@10.0.0.1", "j***@10.0.0.1"),
        ("jane@", "j***@"),
        ('jane."doe"@corp.example', "j***@corp.example"),
        ("jane'@corp.example", "j***@corp.example"),
        ("jane`@corp.example", "j***@corp.example"),
        ("jane}@corp.example", "j***@corp.example"),
        ("jane)@corp.example", "j***@corp.example"),
        ("jane|@corp.example", "j***@corp.example"),
        ("jane/@corp.example", "j***@corp.example"),
        ("jane'`}@corp.example", "j***@corp.example"),
        ("to jane(at work)@corp.example, please", "to j***@corp.example, please"),
        ("to jane(at (her) work)'@corp.example", "to j***@corp.example"),
        ("(jane)@corp.example", "j***@corp.example"),
        ("}@corp.example", "***@corp.example"),
        ("{'user': 'jane'@corp.example}", "{'user': 'j***@corp.example}"),
        (IDENTITY, "arn:aws:ses:eu-west-1:111122223333:identity/s***@shop.example"),
        (
            "curl arn:aws:ses:x:1:identity/jane.doe@corp.example/8",
            "curl arn:aws:ses:x:1:identity/j***@corp.example/8",
        ),
    ],
)
def test_masks_an_address_at_any_place(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text", ["aws-sdk-js@3.525.0", "retries=40", "page=40 of=40.5", "@everyone", "a @ b", "shop.example", "", "@"]
)
def test_leaves_other_texts_alone(text: str) -> None:
    assert masked(text) == text


def test_an_identity_is_shown_where_it_is_known_to_be_one() -> None:
    keep = ["support@shop.example"]

    assert masked(f"{IDENTITY} is not verified", keep=keep) == f"{IDENTITY} is not verified"
    assert masked(f'"Resource": "{IDENTITY}",', keep=keep) == f'"Resource": "{IDENTITY}",'


def test_an_address_does_not_become_an_identity_by_a_slash() -> None:
    assert masked("identity/jane@corp.example") == "identity/j***@corp.example"


def test_exceptions_are_not_masked_in_any_case() -> None:
    assert masked("From Support@Shop.example", keep=["support@shop.example"]) == "From Support@Shop.example"


def test_a_text_that_is_the_arn_of_an_identity_names_it_and_no_other_text_does() -> None:
    assert identities_named_in(IDENTITY) == {"support@shop.example"}
    assert identities_named_in("arn:aws:ses:*:1:identity/shop.example") == {"shop.example"}
    assert identities_named_in(f"{IDENTITY} is not verified") == frozenset()
    assert identities_named_in(f"see {IDENTITY}") == frozenset()


@given(local=st.from_regex(r"[a-z][a-z0-9._%+-]{1,30}", fullmatch=True), around=st.sampled_from(" <>()[]\"',;:/\\"))
def test_no_local_part_is_left(local: str, around: str) -> None:
    shown = masked(f"x{around}{local}@corp.example{around}y")

    assert f"{local}@" not in shown
    assert f"{local[0]}***@corp.example" in shown


# RFC 5322, "atext"; a dot-atom is words of it with dots between them.
ATEXT = string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~"
# Of these, the signs at which a word ends in ARNs, in JSON and in prose.
PARTED = re.compile(r"(?P<shown>(?:.*[/'`{|}])?)(?P<word>[^/'`{|}]+)(?P<end>[/'`{|}]*)", re.DOTALL)
DOT_ATOM = st.lists(st.text(ATEXT, min_size=1, max_size=8), min_size=1, max_size=3).map(".".join)


@given(local=DOT_ATOM, around=st.sampled_from(["", " ", "<>", '"', ",", ";", "\n", "\u3000"]))
@example(local="jane'", around="")
@example(local="o'neil`}", around=" ")
@example(local="{", around=" ")
@example(local="***", around="")
@example(local="o'***", around="")
def test_the_last_word_of_a_local_part_is_masked_in_full_with_whatever_follows_it(local: str, around: str) -> None:
    text = f"{around[:1]}{local}@corp.example{around[-1:]}"
    parts = PARTED.fullmatch(local)
    shown, word = ("", "") if parts is None else (parts["shown"], parts["word"])

    first = word[0] if len(word) > 1 and word != "***" else ""

    assert masked(text) == f"{around[:1]}{shown}{first}***@corp.example{around[-1:]}"


AROUND = st.text(ATEXT + ". <>()[]\"',;:\\", max_size=30)


@given(before=AROUND, after=AROUND)
@example(before="a", after="corp.example")
@example(before='00""', after="")
def test_what_is_masked_is_not_masked_again(before: str, after: str) -> None:
    once = masked(f"{before}@{after}")

    assert masked(once) == once


@given(local=DOT_ATOM)
@example(local="o'neil")
@example(local="o'neil`")
def test_an_identity_of_any_name_is_shown_where_it_is_known_to_be_one(local: str) -> None:
    name = f"{local}@corp.example"

    assert masked(f"the identity {name} is gone", keep=[name]) == f"the identity {name} is gone"
    assert masked(f"the identity {name} is gone", keep=addresses_in(name)) == f"the identity {name} is gone"


HOSTILE = (
    ")",
    "a)",
    ")@",
    "a)@",
    "(a)@",
    "'",
    "'@",
    "}`@",
    "x",
    "@",
    "a@",
    "%40",
    "a%40",
    '"',
    '"@',
    '"a@',
    'a"@',
    "a@[",
    "a@[1",
    "a@b.",
    "a@.1",
    "arn:",
    "arn:a:ses:",
    f"{IDENTITY} ",
    IDENTITY,
    "a b@",
    ".",
    "\uff20",
)


def grows_with_the_length(take: Callable[[int], None]) -> bool:
    """Whether five times the length takes about five times as long: with its square it would be 25 times."""

    def seconds(length: int) -> float:
        def once() -> float:
            begun = time.process_time()
            take(length)
            return time.process_time() - begun

        # Whatever else the machine does only adds time.
        return min(once() for _ in range(2))

    # A thousandth of a second is what the clock and a short text are worth.
    return seconds(40_000) < 12 * (seconds(8_000) + 0.001)


@pytest.mark.parametrize("shape", HOSTILE)
@pytest.mark.parametrize("ends", ["", "@x", '"@corp.example', "@[10.0.0.1]"])
def test_takes_no_longer_for_a_text_that_was_made_to_be_slow(shape: str, ends: str) -> None:
    def take(length: int) -> None:
        text = shape * (length // len(shape)) + ends
        masked(text)
        identities_named_in(text)

    assert grows_with_the_length(take)


@pytest.mark.parametrize("shape", HOSTILE)
def test_the_name_of_a_statement_takes_no_longer_either(shape: str) -> None:
    def take(length: int) -> None:
        logged(StatementRef(policy="p", index=0, sid=shape * (length // len(shape))).message)

    assert grows_with_the_length(take)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop\nusers\r\n\tall fine", "shop users all fine"),
        ("shop\u202eresu\u2066\u200bx", "shop resu x"),
        ("\x1b[31mred\x07", "[31mred"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("  wide   spaces ", "wide spaces"),
        ("쇼핑몰 😀 é", "쇼핑몰 😀 é"),
        ("shop\u3164users\u115f\u1160x\uffa0", "shop users x"),
    ],
)
def test_text_from_outside_stays_on_one_line_and_hides_nothing(text: str, shown: str) -> None:
    assert one_line(text, 100) == shown


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert one_line("x" * 11, 10) == "x" * 9 + "…"
    assert one_line("x" * 10, 10) == "x" * 10


def test_a_text_of_several_lines_keeps_them() -> None:
    assert lines('{\n  "a":\t"\u202e"\n}') == '{\n  "a": " "\n}'
