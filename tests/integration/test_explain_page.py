"""The page of an explanation as a browser sees it: what it shows, and that it loads and runs nothing."""

import shutil
from pathlib import Path

import pytest

from identity.explaining.evidence import Edge
from identity.explaining.explain import Break, Together
from identity.explaining.explain_page import together_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

HOSTILE = 'till:<img src="http://localhost:9/x.png" onerror="document.title=1"><script>document.title=2</script>'
BY_EMAIL = Edge(
    "crm:1", "shop:1", "deterministic", "same_email_and_name", 14.0,
    '{"given_name":["same",2.0],"family_name":["different",-3.1],"email":["same",8.2]}',
)  # fmt: skip
BY_NAME = Edge("shop:1", HOSTILE, "probabilistic", "names", 5.5, '{"birth_date":["same",10.0],"phone":["same",5.5]}')
FOUND = Together(
    customer_id="cus_abc",
    records=("crm:1", "shop:1", HOSTILE),
    answer=f"crm:1 and {HOSTILE} are one customer, cus_abc.",
    is_path=True,
    edges=(BY_EMAIL, BY_NAME),
    prior=-10.0,
    weakest=Break((BY_NAME,), None, (("crm:1", "shop:1"), (HOSTILE,))),
    bridges=(Break((BY_NAME,), None, (("crm:1", "shop:1"), (HOSTILE,))),),
    fields=(Break((BY_EMAIL,), "email", (("shop:1", HOSTILE), ("crm:1",))),),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_the_answer_and_loads_and_runs_nothing(tmp_path: Path, scheme) -> None:
    from playwright.sync_api import expect, sync_playwright

    file = tmp_path / "explain.html"
    file.write_text(together_page(FOUND), encoding="utf-8")
    asked = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1600}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_timeout(200)

        expect(page).to_have_title("Why are these one customer?")
        expect(page.get_by_role("heading", level=1)).to_have_text(FOUND.answer)
        expect(page.get_by_role("img")).to_have_count(2)
        expect(page.locator("script, img, link, iframe")).to_have_count(0)
        expect(page.locator("ol.path .record")).to_have_text(["crm:1", "shop:1", HOSTILE])
        assert page.get_by_role("row").count() == 3
        assert asked == [file.as_uri()]
        assert _contrast(page, "h1") >= 7
        assert _contrast(page, "article p") >= 4.5
        assert _is_inside(page)
        browser.close()


def _contrast(page, selector: str) -> float:
    """Of text against its card or the page, as the accessibility guidelines count it (WCAG 2.1, 1.4.3)."""
    inks = page.evaluate(
        "s => [getComputedStyle(document.querySelector(s)).color, "
        "getComputedStyle(document.querySelector(s).closest('article') || document.body).backgroundColor]",
        selector,
    )
    bright, dark = sorted((_luminance(ink) for ink in inks), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(ink: str) -> float:
    shares = [int(part) / 255 for part in ink.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _is_inside(page) -> bool:
    """No word of a chart reaches out of it."""
    return page.evaluate(
        "() => [...document.querySelectorAll('svg.waterfall text')].every(text => {"
        " const box = text.getBoundingClientRect(), frame = text.ownerSVGElement.getBoundingClientRect();"
        " return box.left >= frame.left - 1 && box.right <= frame.right + 1; })"
    )
