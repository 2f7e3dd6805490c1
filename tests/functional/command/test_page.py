"""The HTML report as text: nothing but this file is needed, nothing hostile is markup, and it stays small."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

import mailwarden_command.output.html as package
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.presentation.catalogue.catalogue import Plural, Template
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden_command.audit.days import days_of
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.html.page import html_lines, page_of
from mailwarden_command.output.html.wording import TEXTS, NoSuchText, key_of, say
from tests.pages.city import a_city, many_pools, with_hostile_names

FOLDER = Path(str(package.__file__)).parent
MARKUP = "</script></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}&lt;"
HIDDEN = "\u202email\u2066\u0007\u2028\ufeff"
HOSTILE = (MARKUP, HIDDEN, f"<b>{'x' * 131_072}")
# Elements that load something, and the attributes by which others do.
LOADING = {"audio", "base", "embed", "frame", "iframe", "img", "image", "link", "object", "source", "video"}
# In bytes, and more than any text from outside may take in one place.
MOST, LONGEST = 1_000_000, 3_000


class Elements(HTMLParser):
    """Every element with its attributes, the text of scripts and styles, and all other text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in {"script", "style"}:
            self.raw[self.cdata_elem] = self.raw.get(self.cdata_elem, "") + data
        else:
            self.texts.append(data)


@cache
def city() -> AuditReport:
    return a_city(has_suppression=True)


def written(report: AuditReport) -> str:
    return "\n".join(html_lines(report))


def elements(text: str) -> Elements:
    parser = Elements()
    parser.feed(text)
    parser.close()
    return parser


def test_the_page_needs_nothing_but_itself_and_its_policy_lets_nothing_else_run() -> None:
    page = elements(written(city()))

    (policy,) = [attrs["content"] for tag, attrs in page.found if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    hashes = {
        tag: f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}" for tag, text in page.raw.items()
    }
    assert policy == (
        f"default-src 'none'; script-src '{hashes['script']}'; style-src '{hashes['style']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not LOADING & {tag for tag, _ in page.found}
    assert not [attrs for _, attrs in page.found if {"src", "srcset", "style"} & set(attrs)]
    assert not [name for _, attrs in page.found for name in attrs if name.startswith("on")]
    assert "url(" not in page.raw["style"]
    assert "@import" not in page.raw["style"]
    outside = {attrs["href"] for _, attrs in page.found if not (attrs.get("href") or "#").startswith("#")}
    assert all(
        re.fullmatch(r"https://github\.com/mailwarden/mailwarden/blob/main/docs/rules/MW\d{3}\.md", str(link))
        for link in outside
    )


def test_every_link_within_the_page_leads_somewhere_and_every_id_is_one_element() -> None:
    page = elements(written(city()))

    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert len(set(ids)) == len(ids)
    links = {str(attrs["href"])[1:] for _, attrs in page.found if (attrs.get("href") or "").startswith("#")}
    assert links <= set(ids)
    assert len(links) > 40


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "hidden characters", "131,072 characters"])
def test_a_hostile_name_is_text_and_of_bounded_length(text: str) -> None:
    written_page = written(with_hostile_names(text))
    page = elements(written_page)

    sound = {tag for tag, _ in elements(written(city())).found}
    assert {tag for tag, _ in page.found} <= sound
    assert [tag for tag, _ in page.found].count("script") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u2028\u2029\u0000-\u0008\ufeff]", written_page)
    assert max(map(len, [*page.texts, *(str(value) for _, attrs in page.found for value in attrs.values())])) < LONGEST
    if text == MARKUP:
        assert [each for each in page.texts if "<script>alert(1)</script><img src=x" in each and "{{7*7}}" in each]


def test_a_thousand_pools_with_findings_of_their_own_stay_below_a_megabyte() -> None:
    text = written(many_pools(1_000))

    assert len(text.encode()) < MOST
    assert text.count('class="pool"') == 1_000
    # Every pool is there with its verdict; what is left out of the findings is counted.
    assert "further causes are left out" in text


def test_the_page_counts_what_the_report_holds() -> None:
    page = page_of(city())

    assert dict(page.total.counts) == {key_of(answer): number for answer, number in city().verdicts.items()}
    assert [sum(dict(bar.counts)[key] for bar in page.regions) for key, _ in page.total.counts] == [
        number for _, number in page.total.counts
    ]
    assert sum(len(group.pools) for group in page.groups) + len(page.unread) == page.total.total
    assert [bar.region for bar in page.regions if bar.refusal] == ["ap-northeast-2"]
    assert {card.name for card in page.identities if card.outsiders} == {"club.example"}
    assert {each.name for each in page.exemptions} == {"signup-production", "legacy-internal"}


def test_a_day_without_a_figure_has_no_bar_and_is_no_zero() -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    series = {at - timedelta(hours=hours): Figures(sends=5) for hours in (1, 2, 30)}
    series[at - timedelta(days=3)] = Figures(sends=0)
    series[at - timedelta(days=4)] = Figures(bounce_rate=0.1)

    days = days_of(series, at)

    assert [each.sends for each in days] == [None, None, None, 0, None, 5, 10]
    assert [each.day.day for each in days] == [24, 25, 26, 27, 28, 1, 2]
    chart = re.findall(r'<svg class="days".*?</svg>', written(city()))
    assert {len(re.findall("<rect", each)) for each in chart} == {6, 7}
    assert "2026-02-24: \N{EN DASH}, 2026-02-25: 10,032" in written(city())


def used_ids() -> set[str]:
    """The ids that the template and the page name, with those that they put together from a key."""
    source = "".join(
        (FOLDER / name).read_text(encoding="utf-8") for name in ("report.html.jinja", "page.py", "findings.py")
    )
    ids = set(re.findall(r"""\b(?:t|say)\(\s*['"]([a-z.-]+)['"]\s*[,)]""", source))
    ids |= {id_ for pair in re.findall(r"""t\("([a-z.-]+)" if [^)]*? else "([a-z.-]+)"\)""", source) for id_ in pair}
    keys = {
        "answer.": map(key_of, Answer),
        "tile.": map(key_of, Answer),
        "state.": map(key_of, LinkState),
        "link.": map(key_of, Link),
        "level.": (level.label for level in RateLevel),
        "effect.": ("lost", "unknown", "at-risk", "none"),
        "severity.": ("critical", "high", "medium", "low"),
        "section.": (name for name, _ in page_of(city()).contents),
        "pool.sender.": ("default", "custom", "malformed"),
        "identity.": ("verified", "unverified", "missing", "unreadable"),
        "outsiders.": ("customers", "public", "accounts"),
        "rate.": ("bounce", "complaint"),
    }
    assert set(re.findall(r"""t\(['"]([a-z.-]+)['"] ~ """, source)) == set(keys)
    return ids | {f"{prefix}{key}" for prefix, each in keys.items() for key in each}


@pytest.fixture
def in_korean() -> Iterator[None]:
    """Speak Korean, as `--language ko` does."""
    speak(catalogue_of(Language.KOREAN))
    yield
    speak(catalogue_of(Language.ENGLISH))


@pytest.mark.parametrize("language", Language)
def test_every_sentence_of_the_page_is_in_the_catalogue_and_every_one_there_is_used(language: Language) -> None:
    assert used_ids() == set(TEXTS[language])


def test_a_sentence_in_korean_has_the_arguments_and_the_commands_of_the_english_one() -> None:
    for id_, english in TEXTS[Language.ENGLISH].items():
        korean = TEXTS[Language.KOREAN][id_]
        assert {"count", *facts(korean)} == {"count", *facts(english)}, id_
        assert re.search("[가-힣]", str(korean)) or id_ in {
            "identity.dkim",
            "identity.mail-from",
            "pool.identity-region",
        }


def facts(template: Template) -> set[str]:
    """The arguments and the commands of a text."""
    text = template.other if isinstance(template, Plural) else template
    return set(re.findall(r"`[^`]*`", text)) | {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.usefixtures("in_korean")
def test_the_page_in_korean_has_no_sentence_in_english() -> None:
    page = elements(written(city()))

    assert dict(page.found)["html"] == {"lang": "ko"}
    english = {
        text for text in TEXTS[Language.ENGLISH].values() if isinstance(text, str) and " " in text and "{" not in text
    }
    assert not english & {text.strip() for text in page.texts}
    # Names of rules stay as they are.
    assert not [text for text in page.texts if re.search(r"(?<![\w-])(?:the|is|and|which|may|not)(?![\w-])", text)]


def test_a_sentence_that_is_missing_is_an_error_and_no_page_with_an_id() -> None:
    with pytest.raises(NoSuchText):
        say("no.such.text")


def test_no_english_is_in_the_template() -> None:
    template = (FOLDER / "report.html.jinja").read_text(encoding="utf-8")
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template, flags=re.DOTALL)

    assert set(re.findall(r"[A-Za-z]{2,}", bare)) == {"Mailwarden"}


def test_the_views_hold_plain_values_only() -> None:
    page = page_of(city())

    assert is_dataclass(page)
    markup = {field.name for field in fields(page) if hasattr(getattr(page, field.name), "__html__")}
    assert markup == {"style", "script"}
