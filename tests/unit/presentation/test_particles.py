"""The particle after a word depends on the sound that the word ends in; where that is not certain, both are shown."""

import re
from string import Formatter

import pytest

from mailwarden.message import Argument, Message, message
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.catalogue.catalogue import Catalogue, Template
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN, KOREAN_TEXTS
from mailwarden.presentation.catalogue.particles import with_particle
from tests.unit.presentation.test_korean import arguments, korean, lines_of, some_alerts

OBJECT, TOPIC, SUBJECT, COMPANION, TOWARD = "을/를", "은/는", "이/가", "과/와", "으로/로"
BOTH = re.compile(r"을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로")
# Of any sound. A person's own document, and an ARN in it, are named as they are.
NAMES_FROM_OUTSIDE = frozenset(
    {"action", "address", "arn", "bus", "domain", "function", "key", "operator", "parameter", "policies", "principal"}
    | {"role", "set", "source_arn", "tag", "tool", "wanted"}
)
# The names of configuration sets are messages with their kind there.
OF_DOCUMENTS = frozenset({"MW601.missing", "MW605.optional", "MW606.missing"})


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        # Hangul: no final, a final, and rieul, after which only 으로 is short.
        ("도메인", OBJECT, "도메인을"),
        ("주소", OBJECT, "주소를"),
        ("사용자 풀", OBJECT, "사용자 풀을"),
        ("사용자 풀", TOWARD, "사용자 풀로"),
        ("자격 증명", TOWARD, "자격 증명으로"),
        ("주소", TOWARD, "주소로"),
        ("세트", TOPIC, "세트는"),
        ("역할", SUBJECT, "역할이"),
        ("정책", COMPANION, "정책과"),
        ("가", SUBJECT, "가가"),
        ("힣", SUBJECT, "힣이"),
        # Digits: 일 이 삼 사 오 육 칠 팔 구 십.
        ("eu-west-1", TOWARD, "eu-west-1로"),
        ("eu-west-2", OBJECT, "eu-west-2를"),
        ("eu-west-3", OBJECT, "eu-west-3을"),
        ("4", SUBJECT, "4가"),
        ("5", TOPIC, "5는"),
        ("6", TOWARD, "6으로"),
        ("7", TOWARD, "7로"),
        ("8", COMPANION, "8과"),
        ("9", COMPANION, "9와"),
        ("20", OBJECT, "20을"),
        ("12 %", SUBJECT, "12 %가"),
        # Abbreviations are spelled: 에스, 엔, 엘, 알.
        ("SES", SUBJECT, "SES가"),
        ("ARN", OBJECT, "ARN을"),
        ("URL", TOWARD, "URL로"),
        ("a VPC", OBJECT, "a VPC를"),
        # Words are read.
        ("SourceArn", OBJECT, "SourceArn을"),
        ("example.com", TOWARD, "example.com으로"),
        ("email", TOWARD, "email로"),
        ("error", SUBJECT, "error가"),
        ("marketing", OBJECT, "marketing을"),
        # Domains: 닷넷, 오알지, 케이알, 아이오.
        ("shop.net", OBJECT, "shop.net을"),
        ("no-reply@example.org", OBJECT, "no-reply@example.org를"),
        ("shop.co.kr", TOWARD, "shop.co.kr로"),
        ("shop.co.kr", OBJECT, "shop.co.kr을"),
        ("a.io", SUBJECT, "a.io가"),
        # Not certain: a mute e, a stop, a word in capitals, nothing, an ellipsis, another script.
        ("shop.example", TOWARD, "shop.example(으)로"),
        ("bucket", OBJECT, "bucket을(를)"),
        ("bucket", SUBJECT, "bucket이(가)"),
        ("group", COMPANION, "group과(와)"),
        ("", OBJECT, "을(를)"),
        ("long…", TOPIC, "long…은(는)"),
        ("門", TOPIC, "門은(는)"),
        # What stands in parentheses, in quotes or in backquotes is not the last word, or is it.
        ("정책(ses:SendEmail)", SUBJECT, "정책(ses:SendEmail)이"),
        ('1번 문(Sid "a")', SUBJECT, '1번 문(Sid "a")이'),
        ('"주소"', OBJECT, '"주소"를'),
        ("`7`", OBJECT, "`7`을"),
        ("(a) (b)", OBJECT, "(a) (b)을(를)"),
        # The copula has no second form.
        ("값", "이/", "값이"),
        ("주소", "이/", "주소"),
        ("value", "이/", "value(이)"),
    ],
)
def test_a_particle_follows_the_sound_before_it(text: str, forms: str, expected: str) -> None:
    assert with_particle(text, forms) == expected


def test_every_syllable_has_the_particle_of_its_final() -> None:
    finals = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
    for code in range(ord("가"), ord("힣") + 1):
        final = finals[(code - ord("가")) % len(finals)]
        assert with_particle(chr(code), OBJECT)[-1] == ("를" if final == " " else "을")
        assert with_particle(chr(code), TOWARD)[1:] == ("로" if final in " ㄹ" else "으로")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (message("one", pool=message("pool", name="shop")), "shop 사용자 풀을 봅니다"),
        (message("many", pools=("a1", "a2")), "a1 및 a2를 봅니다"),
        (message("many", pools=("a3",)), "a3을 봅니다"),
        (message("number", count=3), "3은"),
    ],
)
def test_a_template_asks_for_a_particle(said: Message, expected: str) -> None:
    language = Catalogue(
        language="xx",
        templates={
            "pool": "{name} 사용자 풀",
            "one": "{pool:을/를} 봅니다",
            "many": "{pools:and:을/를} 봅니다",
            "number": "{count:은/는}",
        },
        comma=", ",
        joiners={"and": " 및 "},
        inflect=with_particle,
    )

    assert language.text(said) == expected


def test_the_end_of_a_long_text_from_outside_decides_quickly() -> None:
    assert with_particle(" (" * 100_000 + "주소", OBJECT).endswith("주소를")
    assert with_particle("주소" + " " * 100_000, OBJECT).endswith("을(를)")


def filled(template: Template, name: str) -> dict[str, Argument]:
    """Arguments for a template: a pool of that name, and words of certain sound."""
    words: dict[str, Argument] = dict.fromkeys(arguments(template), "값")
    return words | {"pool": message("pool", name=name, id="us-east-1_Ab1CdEfGh")}


def test_a_name_from_outside_stands_before_a_word_that_takes_the_particle() -> None:
    bare = {
        (id_, name)
        for id_, template in KOREAN_TEXTS.items()
        for line in lines_of(template)
        for _, name, spec, _ in Formatter().parse(line)
        if name in NAMES_FROM_OUTSIDE and "/" in (spec or "") and id_ not in OF_DOCUMENTS
    }

    assert not bare, (
        "a name from outside has any sound: write a word after it that takes the particle, such as `{domain} 도메인이` "
        f"(docs/korean.md): {sorted(bare)}"
    )


def test_no_sentence_leaves_the_choice_of_a_particle_to_its_reader() -> None:
    both = {id_ for id_, template in KOREAN_TEXTS.items() if BOTH.search(" ".join(lines_of(template)))}
    shown_in = {
        found[0]
        for alert in some_alerts()
        for found in BOTH.finditer(" ".join(alert_text(korean(alert), catalogue=KOREAN).split()))
    }

    assert not both, f"write one particle, or one that follows an argument, such as {{pool:이/가}}: {sorted(both)}"
    assert shown_in == set()


@pytest.mark.parametrize("name", ["shop", "main", "가게", "상점", "pool-7", "pool-3", "prod (old)", "web[2]", "Ω"])
def test_a_pool_of_any_name_has_particles_of_certain_sound(name: str) -> None:
    left = {
        id_
        for id_, template in KOREAN_TEXTS.items()
        if "pool" in arguments(template) and id_.startswith("MW")
        if BOTH.search(KOREAN.text(message(id_, **filled(template, name))))
    }

    assert left == set()


def test_sentences_are_as_courteous_everywhere() -> None:
    curt = {
        id_
        for id_, template in KOREAN_TEXTS.items()
        for line in lines_of(template)
        if re.search(r"(해요|어요|아요|예요|십시오|한다|된다|있다|없다)[.)]?$", line)
        or (id_.startswith(("settings.", "document.", "order.", "question.")) and re.search(r"(함|임|됨|음)$", line))
    }

    assert curt == set()
