"""Korean is complete: every text of English is there, with its arguments and commands, and no English word is left."""

import re
from functools import cache
from itertools import islice
from pathlib import Path
from string import Formatter

import mailwarden
from mailwarden.domain.incidents.alert import Alert, alert_of
from mailwarden.message import message, verbatim
from mailwarden.presentation.alerts.document import alert_body, notice_from_body
from mailwarden.presentation.alerts.email_text import alert_short_text, alert_subject, alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.catalogue.catalogue import Plural, Template
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN, KOREAN_TEXTS
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import ENGLISH, catalogue_of
from mailwarden.presentation.catalogue.spoken import speak, spoken
from mailwarden.presentation.columns import width_of
from mailwarden.presentation.slack.message import slack_message
from tests.unit.presentation.alerts_of_rules import every_alert, every_finding, record_of_finding
from tests.unit.presentation.notices import a_notice
from tests.unit.presentation.test_foreign_language import PAGES, english_words, shown
from tests.unit.presentation.test_slack_message import MARKUP, NASTY, objections, texts

# What Korean does not translate, beside what the other texts of the same id quote: names, terms of AWS and of the mail.
TERMS_OF_AWS = """
A ARN ARNs API ASCII AWS Allow Amazon Amplify B C CDK CNAME CloudFormation CloudTrail CloudWatch Cognito Condition
CustomEmailSender DEVELOPER Developer DKIM DMARC DNS Deny DynamoDB EventBridge FROM From Gen IAM ID IP ISO JSON KMS
Lambda MAIL MFA MX Mailwarden Null Punycode REPLY-TO REQUIRE Resource SDK SES SMS SNS SPF SQS SSM Security Hub Shop
Sid Slack Support TLS Terraform URL UTC account address args arn aws budget by confirm detail-type elevated false high
http https id mailwarden no-reply null off pool reason report safe sweep token true until url userpool yes
"""
TERMS = frozenset(TERMS_OF_AWS.split())
# A prime, so that the states and the manners take turns.
STRIDE = 31
HANGUL = re.compile("[가-힣]")
CODE = re.compile(r"`[^`]*`")
# Parts of an ARN, members of a document, names of calls and of hosts.
NAMES = re.compile(
    r"[A-Za-z0-9-]*[:/_.@=][A-Za-z0-9:/_.@=*-]*[A-Za-z0-9*]|[A-Za-z]+[a-z][A-Z][A-Za-z]*|[a-z]+-[a-z]+-[0-9]"
    r"|[A-Z]{4}-MM-DD|MW[0-9]{3}"
)
# What a text claims in digits, and the names in it: a change of the English text that Korean missed.
FACT = re.compile(r"[0-9][0-9.,:-]*(?<![.,:-])|MW[0-9]{3}|[A-Za-z]+[a-z][A-Z][A-Za-z]*|[A-Z_]{2,}=[a-z]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z-]*")
PARTICLES = frozenset({"은/는", "이/가", "을/를", "과/와", "으로/로", "이/"})
BARE_PARTICLE = re.compile(r"\}(을|를|은|는|이|가|과|와|으로|로)(?=[ ,.;:)]|$)")
COURTEOUS = re.compile(r"(니다|세요|습니까)[.)]?$")


def lines_of(template: Template) -> tuple[str, ...]:
    return (template.one, template.other) if isinstance(template, Plural) else (template,)


def arguments(template: Template) -> dict[str, set[str]]:
    """The names of the arguments, each with the joiners that it is used with."""
    found: dict[str, set[str]] = {}
    for line in lines_of(template):
        for _, name, spec, _ in Formatter().parse(line):
            if name is not None:
                joiners = {part for part in (spec or "").split(":") if part and "/" not in part}
                found.setdefault(name, set()).update(joiners)
    return found


def code(template: Template) -> set[str]:
    """The commands and the names in a text."""
    return set(CODE.findall(" ".join(lines_of(template))))


def prose(template: Template) -> str:
    """The words of a text, without its arguments and its code."""
    return " ".join(literal for line in lines_of(template) for literal, *_ in Formatter().parse(CODE.sub(" ", line)))


@cache
def some_alerts() -> tuple[Alert, ...]:
    """Each finding, and of what follows it in every state and manner of handling as many as a quick test takes."""
    return (
        *(alert_of(record_of_finding(finding)) for finding in every_finding()),
        *islice(every_alert(), 0, None, STRIDE),
    )


def korean(alert: Alert) -> Notice:
    return notice_of(alert, rule_pages=PAGES, catalogue=KOREAN)


def test_every_text_is_there_in_korean() -> None:
    missing = {id_: template for id_, template in ENGLISH.templates.items() if id_ not in KOREAN_TEXTS}

    assert not missing, "\n".join(
        ["translate in catalogue/korean:", *(f"{id_} {text}" for id_, text in missing.items())]
    )
    assert not KOREAN_TEXTS.keys() - ENGLISH.templates.keys(), "texts that English does not have"


def test_a_text_has_the_arguments_and_the_code_of_the_english_one() -> None:
    wrong = {
        id_
        for id_, ours in KOREAN_TEXTS.items()
        for theirs in [ENGLISH.templates.get(id_, "")]
        if {"count": set(), **arguments(ours)} != {"count": set(), **arguments(theirs)}
        or (isinstance(theirs, str) and "count" in arguments(ours) and "count" not in arguments(theirs))
        or code(ours) != code(theirs)
    }

    assert not wrong, f"use the arguments and the code of the English text: {sorted(wrong)}"


def test_a_text_has_the_numbers_and_the_names_of_the_english_one() -> None:
    lacking = {
        (id_, fact)
        for id_, ours in KOREAN_TEXTS.items()
        for theirs in [ENGLISH.templates.get(id_, "")]
        for fact in FACT.findall(prose(theirs.other if isinstance(theirs, Plural) else theirs))
        if fact not in prose(ours)
    }

    assert not lacking, f"say these names and numbers in Korean, too: {sorted(lacking)}"


def test_no_english_word_is_left_in_a_text() -> None:
    left = {
        (id_, word)
        for id_, template in KOREAN_TEXTS.items()
        for word in LATIN.findall(NAMES.sub(" ", prose(template)))
        if word not in TERMS and len(word) > 1
    }

    assert not left, f"translate (docs/korean.md has the terms), or add a name to TERMS of this file: {sorted(left)}"


def test_every_text_with_words_has_korean_words() -> None:
    same = {
        id_
        for id_, template in KOREAN_TEXTS.items()
        if LATIN.search(NAMES.sub(" ", prose(ENGLISH.templates.get(id_, "")))) and not HANGUL.search(prose(template))
    }

    assert {id_ for id_ in same if not set(LATIN.findall(prose(KOREAN_TEXTS[id_]))) <= TERMS} == set()


def test_a_particle_after_an_argument_depends_on_it() -> None:
    bare = {id_ for id_, template in KOREAN_TEXTS.items() if BARE_PARTICLE.search(" ".join(lines_of(template)))}
    odd = {
        (id_, part)
        for id_, template in KOREAN_TEXTS.items()
        for line in lines_of(template)
        for _, _, spec, _ in Formatter().parse(line)
        for part in (spec or "").split(":")
        if "/" in part and part not in PARTICLES
    }

    assert not bare, (
        "write a particle that follows an argument into it, such as `{pool:이/가}`, and a word between a name from "
        f"outside and its particle, such as `{{domain}} 도메인이` (docs/korean.md): {sorted(bare)}"
    )
    assert not odd, f"none of the particles {sorted(PARTICLES)}: {sorted(odd)}"


def test_what_a_rule_says_is_a_courteous_sentence() -> None:
    curt = {
        id_
        for id_, template in KOREAN_TEXTS.items()
        if re.match(r"MW[0-9]{3}\.(why|remediation)(\.|$)", id_)
        for line in lines_of(template)
        if not COURTEOUS.search(re.sub(r": (\{[a-z_]+\}|`[^`]+`|\".*)$", "", line))
    }

    assert not curt, f"end what a rule says with 합니다 or 하세요, as docs/korean.md describes: {sorted(curt)}"


def test_every_alert_of_every_rule_is_korean_and_within_the_limits_of_every_channel() -> None:
    left: dict[str, str] = {}
    commands = {word for template in ENGLISH.templates.values() for each in code(template) for word in each.split()}
    commands = {word.strip("`") for word in commands}
    for alert in some_alerts():
        notice = korean(alert)
        name = f"{notice.rule_id} {notice.state.value}"
        for text in shown(notice, KOREAN):
            for word in english_words(text) - TERMS - commands:
                left.setdefault(word, name)
        payload = slack_message(notice, catalogue=KOREAN)
        assert isinstance(payload, dict)
        assert list(objections(dict(payload))) == [], name
        assert len(alert_subject(notice, catalogue=KOREAN)) < 100, name
        assert len(alert_short_text(notice, catalogue=KOREAN).encode("utf-16-be")) <= 140, name
        assert len(alert_body(notice, catalogue=KOREAN).encode()) < 100_000, name

    assert left == {}


def test_a_labeled_line_of_a_mail_is_at_most_78_cells_wide() -> None:
    wide = {
        line
        for alert in some_alerts()
        for line in alert_text(korean(alert), catalogue=KOREAN).split("\n\n")[1].splitlines()
        if width_of(line) > 78 and " " in line.strip()
    }

    assert wide == set()


def test_the_texts_behind_the_labels_of_a_mail_begin_in_one_column() -> None:
    lines = alert_text(a_notice(), catalogue=KOREAN).split("\n\n")[1].splitlines()

    assert {width_of(re.match(r"\S+( \S+)* {2,}", line)[0]) for line in lines if not line.startswith(" ")} == {13}  # type: ignore[index]


def test_a_text_from_outside_is_as_inert_in_korean() -> None:
    notice = a_notice(message=verbatim(NASTY), why=verbatim(NASTY), remediation=verbatim(NASTY), pool_name=NASTY)
    payload = slack_message(notice, catalogue=KOREAN)
    assert isinstance(payload, dict)

    for kind, text in texts(payload["blocks"]):
        if kind == "mrkdwn":
            assert all(found.startswith("<https://") and "evil" not in found for found in MARKUP.findall(text)), text
        else:
            assert "<" not in text
        assert "\u202e" not in text
    assert "\u202e" not in alert_text(notice, catalogue=KOREAN)
    assert list(objections(dict(payload))) == []


def test_an_alert_comes_back_from_the_queue_in_korean() -> None:
    notice = a_notice(pool_name="쇼핑몰")

    assert notice_from_body(alert_body(notice, catalogue=KOREAN)).pool_name == "쇼핑몰"


def test_a_text_that_korean_lacks_is_shown_in_english() -> None:
    id_ = "headline.MW301"
    lacking = {**ENGLISH.templates, **{key: text for key, text in KOREAN_TEXTS.items() if key != id_}}

    assert KOREAN.templates.keys() == ENGLISH.templates.keys() | KOREAN_TEXTS.keys()
    assert lacking[id_] == ENGLISH.templates[id_]
    assert KOREAN.text(message("alert.pools", count=1)) == "사용자 풀 1개"


def test_nothing_but_the_catalogues_chooses_a_language() -> None:
    root = Path(mailwarden.__file__).parent
    choosing = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"languages import .*(DEFAULT|ENGLISH)", path.read_text(encoding="utf-8"))
    }

    assert choosing == {
        "presentation/catalogue/korean_catalogue.py",
        "presentation/catalogue/spoken.py",
        "adapters/aws/sns/alert_topic.py",
    }, "use spoken()"


def test_a_process_speaks_the_language_of_its_deployment() -> None:
    assert catalogue_of(Language.KOREAN) is KOREAN
    assert catalogue_of(Language.ENGLISH) is ENGLISH is spoken()
    speak(KOREAN)
    try:
        assert misunderstood("undo", message("undo.busy"))["text"] == KOREAN.text(message("undo.busy"))
        assert alert_text(a_notice()) == alert_text(a_notice(), catalogue=KOREAN)
    finally:
        speak(ENGLISH)
