"""The HTML report in a browser: its layout, its filter, the keyboard, colors, print, and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pages.city import a_city
from tests.pages.conftest import HOSTILE, Open

WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")
POOLS = sum(a_city().verdicts.values())
# Elements that reach beyond the window, and are in nothing that scrolls.
SPILLING = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const box = element.getBoundingClientRect();
  const isOutside = box.right > innerWidth + 1 || box.left < -1;
  return box.width && isOutside && !element.closest(".scroll, pre, .symbols, .skip");
}).map((element) => element.outerHTML.slice(0, 120))"""


def shown(page: Page, selector: str) -> int:
    return page.locator(f":is({selector}):visible").count()


def unfold(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


@pytest.mark.parametrize(
    ("name", "width"), [*(("city", width) for width in WIDTHS), ("hostile", min(WIDTHS)), ("korean", min(WIDTHS))]
)
def test_nothing_reaches_beyond_the_window(visit: Open, name: str, width: int) -> None:
    watched = visit(name, width=width)
    unfold(watched.page)

    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.page.evaluate(SPILLING) == []
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_no_violation(visit: Open, width: int, scheme: str) -> None:
    watched = visit(width=width, scheme=scheme)
    unfold(watched.page)

    found = Axe().run(watched.page, options={"resultTypes": ["violations"]})

    assert found.response["violations"] == [], found.generate_report()
    assert len(found.response["passes"]) > 20


def test_a_hostile_name_is_text(visit: Open) -> None:
    watched = visit("hostile")
    unfold(watched.page)

    assert watched.page.evaluate("document.scripts.length") == 1
    assert watched.page.locator("img, iframe, [onload], [onerror]").count() == 0
    assert HOSTILE.partition("\u202e")[0] in watched.page.locator("main").inner_text()
    assert "\u202e" not in watched.page.content()
    assert watched.faults == []


def test_the_filter_finds_by_text_verdict_region_and_rule_and_shows_all_again(visit: Open) -> None:
    watched = visit()
    page = watched.page
    result, reset = page.locator("#f-result"), page.get_by_role("button", name="Show all")
    expect(result).to_have_text(f"All {POOLS} pools")

    page.get_by_label("Search").fill("CHECKOUT")
    expect(result).to_have_text(f"1 of {POOLS} pools match")
    assert shown(page, ".pool") == 1
    assert page.locator(".cause:visible h4").first.inner_text().startswith("Pool checkout-production")
    reset.click()
    expect(result).to_have_text(f"All {POOLS} pools")

    page.get_by_label("cannot send").check()
    assert shown(page, ".pool") == 7
    assert {badge.strip() for badge in page.locator(".path:visible .badge").all_inner_texts()} == {"cannot send"}
    page.get_by_label("Region", exact=True).select_option("eu-west-1")
    assert shown(page, ".pool") == 3
    reset.click()

    page.get_by_label("Rule", exact=True).select_option("MW302")
    assert page.locator(".pool:visible .name").all_inner_texts() == ["newsletter"]
    assert shown(page, ".cause") == 1
    assert page.locator(".identity:visible .name").all_inner_texts() == ["news.example"]
    assert shown(page, "#unknown, #exemptions, .contents a[href='#unknown']") == 0
    page.get_by_label("Search").fill("nothing is named so")
    expect(result).to_have_text(f"0 of {POOLS} pools match")
    assert shown(page, ".pool, .cause, .identity") == 0
    reset.click()
    expect(result).to_have_text(f"All {POOLS} pools")
    unfold(page)
    assert shown(page, ".pool") == POOLS
    assert watched.faults == []


def test_a_filter_unfolds_what_it_finds_and_folds_it_again(visit: Open) -> None:
    page = visit().page
    folded = page.locator("details:not([open])").count()
    assert folded

    page.get_by_label("Search").fill("wholesale")

    assert shown(page, ".pool") == 4
    page.get_by_label("Search").fill("")
    assert page.locator("details:not([open])").count() == folded


def test_the_keyboard_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(visit: Open) -> None:
    page = visit().page
    reached: list[str] = []
    for _ in range(24):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
          const element = document.activeElement, style = getComputedStyle(element);
          const box = element.getBoundingClientRect(), chip = element.closest(".chip");
          const outline = chip ? getComputedStyle(chip) : style;
          return {
            name: element.id || element.name || element.textContent.trim() || element.className,
            isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0,
            hasOutline: outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2,
          };
        }""")
        assert at["isSeen"], at
        assert at["hasOutline"], at
        reached.append(at["name"])

    assert reached[:3] == ["Skip to the content", "theme", "print"]
    wanted = ["At a glance", "Exemptions and consents", "f-text", "f-region", "f-rule", "verdict", "Show all"]
    places = [next(place for place, name in enumerate(reached) if name.startswith(each)) for each in wanted]
    assert places == sorted(places)
    page.locator("#f-text").focus()
    page.keyboard.type("newsletter")
    assert shown(page, ".pool") == 1


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_switch_turns_the_colors_of_the_system_around(visit: Open, scheme: str) -> None:
    page = visit(scheme=scheme).page
    switch = page.get_by_role("button", name="Dark colors")
    color = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(color)
    assert switch.get_attribute("aria-pressed") == str(scheme == "dark").lower()

    switch.click()

    assert switch.get_attribute("aria-pressed") == str(scheme != "dark").lower()
    assert page.evaluate(color) != before
    switch.click()
    assert page.evaluate(color) == before


def test_a_command_is_copied_as_it_is(visit: Open) -> None:
    watched = visit()
    box = watched.page.locator(".paste").first

    box.get_by_role("button", name="Copy").click()

    expect(box.get_by_role("button")).to_have_text("Copied")
    assert watched.page.evaluate("navigator.clipboard.readText()") == box.locator("code").inner_text()
    assert watched.faults == []


def test_without_scripts_the_page_is_a_document(visit: Open) -> None:
    page = visit(scripts=False).page

    assert page.locator(".pool").count() == POOLS
    assert shown(page, ".filter, .tools, .paste button") == 0
    page.locator("details > summary").last.click()
    assert shown(page, "details[open] .pool") > 0
    page.get_by_role("link", name="checkout-production").first.click()
    expect(page.locator(".pool:target .name")).to_have_text("checkout-production")


def test_the_print_view_is_light_has_every_pool_and_no_controls(visit: Open) -> None:
    watched = visit(scheme="dark")
    page = watched.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert shown(page, ".pool") == POOLS
    assert shown(page, "button, input, select, summary, nav") == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 30, 34)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("details:not([open])").count() > 0
    assert watched.faults == []


def test_a_thousand_pools_are_searched_at_once(visit: Open) -> None:
    watched = visit("large")
    page = watched.page

    milliseconds = page.evaluate("""() => {
      const field = document.getElementById("f-text"), from = performance.now();
      field.value = "team-00421-production";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return performance.now() - from;
    }""")

    expect(page.locator("#f-result")).to_have_text("1 of 1000 pools match")
    assert shown(page, ".pool") == 1
    # It takes some 20 ms; a machine under load may take far longer, a search that is quadratic takes minutes.
    assert milliseconds < 5_000
    assert watched.faults == []
