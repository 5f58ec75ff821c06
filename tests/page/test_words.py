"""Words on the page: markup, dates and names as their reader sees them, and nothing that could run."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser, Page, expect

from sandbox import Sandbox
from sandbox.text import Reader, read_mrkdwn
from tests.journeys.conftest import MANIFEST
from tests.page.conftest import PATIENCE, OpenWindow

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
UNIX = int(NOON.timestamp())
DRAWING = """async () => {
  const { h, render } = await import("/page/static/js/dom.js");
  const { mrkdwn } = await import("/page/static/js/text/mrkdwn.js");
  const { markdown } = await import("/page/static/js/text/markdown.js");
  const { RichText } = await import("/page/static/js/text/rich.js");
  const { Blocks } = await import("/page/static/js/blocks/blocks.js");
  const { Attachments } = await import("/page/static/js/blocks/attachments.js");
  const place = { kind: "message", channel: "C", ts: "1.0", values: {} };
  const kinds = {
    mrkdwn, markdown, rich: (elements) => RichText({ elements }),
    blocks: (blocks) => Blocks({ blocks, place }), attachments: (attachments) => Attachments({ attachments, place }),
  };
  window.drawn = ([kind, what]) => {
    const box = document.createElement("div");
    render(box, h("div", {}, kinds[kind](what)));
    return box.firstChild;
  };
}"""
"""Gives the page `drawn([kind, what])`: an element with what the page makes of some words."""
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def workspace() -> AsyncIterator[Sandbox]:
    """One workspace for all words."""
    async with Sandbox(MANIFEST) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browser: Browser, workspace: Sandbox) -> AsyncIterator[Page]:
    """Ann's window at noon, the same for all words; what goes wrong in its script is an error."""
    context, wrong = await browser.new_context(), list[str]()
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.clock.set_fixed_time(NOON)
    await page.goto(f"{workspace.url}/?as=ann")
    await page.get_by_role("textbox", name="Message general").wait_for(timeout=PATIENCE)
    await page.evaluate(DRAWING)
    yield page
    await context.close()
    assert wrong == []


@pytest.fixture
def reader(workspace: Sandbox) -> Reader:
    """Ann's eyes, without a browser."""
    return replace(workspace.person("ann").screen.reader(), now=NOON)


MARKUP = [
    *(
        "*",
        "_",
        "~",
        "`",
        "```",
        "\n",
        "> ",
        "&gt; ",
        "&gt;",
        "&lt;",
        "&amp;",
        " ",
        " ",
        "<",
        ">",
        "|",
        ":",
        "(",
        ")",
        ".",
    ),
    *("word", "snake_case", "2*3*4", "é", "<@ANN>", "<@BO|old>", "<@U0NOBODY>", "<@U0NOBODY|old name>", "<!here>"),
    *("<#GENERAL>", "<#C0NONE>", "<#C0NONE|>", "<#C0NONE|plans>", "<!subteam^S0NONE|@oncall>", "<!subteam^S0NONE>"),
    *("<https://a.b/x_y_z|a label>", "<https://a.b/_x_?a=1&amp;b=2>", "<mailto:x@y.z>", "<mailto:x@y.z|write>"),
    *("https://a.b/_c_", "http://a.b.", "<javascript:alert(1)|press>", ":nosuch_emoji:", "• ", "1. "),
    f"<!date^{UNIX}^{{date_short_pretty}} at {{time}}^https://a.b/|then>",
    f"<!date^{UNIX - 90 * 86400}^{{date_long}} {{ago}} {{time_secs}}|then>",
    f"<!date^{UNIX + 400 * 86400}^{{date}} {{date_num}} {{date_slash}}|then>",
    *("<!date^1^{nonsense}|then>", "<!date^soon^{time}|then>", "<script>alert(1)</script>"),
]


def ids_in(text: str, slack: Sandbox) -> str:
    """The text with the ids of people and channels of this workspace."""
    ann, bo, general = (slack.person("ann").id, slack.person("bo").id, slack.workspace.channel_named("general"))
    assert general is not None
    return text.replace("<@ANN", f"<@{ann}").replace("<@BO", f"<@{bo}").replace("<#GENERAL", f"<#{general.id}")


@FEW
@given(st.lists(st.sampled_from(MARKUP), max_size=14).map("".join))
@example("_*both*_ *_both_* ~*_all_*~ *a `*b` c* `<@ANN>`")
@example("&gt; quoted\n&gt; *more*\nnot\n```\n*code*\n\n&lt;b&gt;```\n> again")
async def test_markup_on_the_page_says_what_the_reader_of_the_sandbox_reads(
    page: Page, workspace: Sandbox, reader: Reader, text: str
) -> None:
    written = ids_in(text, workspace)

    said = await page.evaluate("(what) => drawn(what).textContent", ["mrkdwn", written])

    assert said == read_mrkdwn(written, reader)


async def html(page: Page, kind: str, what: object) -> str:
    """What the page makes of some words, as HTML."""
    return str(await page.evaluate("(what) => drawn(what).innerHTML", [kind, what]))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*_both_* ~no~", "<b><i>both</i></b> <s>no</s>"),
        ("`*code*` a_b_c", "<code>*code*</code> a_b_c"),
        ("&gt; one\n&gt; two\nthree", "<blockquote>one\ntwo\n</blockquote>three"),
        ("see\n```\n*x*\n\n```\nso", "see\n<pre>*x*\n</pre>so"),
        ("<!channel>", '<span class="mention me">@channel</span>'),
        ("<#C0NONE>", '<span class="mention">private channel</span>'),
        (":nosuch_emoji: a:b", ":nosuch_emoji: a:b"),
        ("<javascript:alert(1)|press>", "press"),
        (
            "https://a.b/c.",
            '<a href="https://a.b/c" target="_blank" rel="noreferrer noopener">https://a.b/c</a>.',
        ),
    ],
)
async def test_mrkdwn_is_drawn_as_slack_draws_it(page: Page, written: str, shown: str) -> None:
    assert await html(page, "mrkdwn", written) == shown


MARKDOWN = [
    ("# One\ntwo", '<div class="heading level-1" role="heading" aria-level="3">One</div><p>two</p>'),
    ("**a** *b* ***c*** ~~d~~ `*e*`", "<p><b>a</b> <i>b</i> <b><i>c</i></b> <s>d</s> <code>*e*</code></p>"),
    (r"\*no\* snake_case_name 2*3", "<p>*no* snake_case_name 2*3</p>"),
    ("- a\n  - b", '<ul class="mark-0"><li><p>a</p><ul class="mark-1"><li><p>b</p></li></ul></li></ul>'),
    ("- a\n\n- b\nc", '<ul class="mark-0"><li><p>a</p></li><li><p>b</p></li></ul><p>c</p>'),
    ("3. a\n4. b", '<ol class="mark-0" start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
    ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
    ("```py\n# a\n```\n---", "<pre># a</pre><hr>"),
    ("<b>a</b> &amp; [x](javascript:y)", "<p>&lt;b&gt;a&lt;/b&gt; &amp; x</p>"),
    ("a\n\nb", "<p>a</p><p>b</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), MARKDOWN)
async def test_markdown_is_drawn_and_what_is_not_known_stays_text(page: Page, written: str, shown: str) -> None:
    assert await html(page, "markdown", written) == f'<div class="markdown">{shown}</div>'


async def test_markdown_of_one_sign_over_and_over_is_drawn_as_it_stands(page: Page) -> None:
    """Patterns that try every way to read such a text would not end."""
    texts = [
        "a".join("`" * length for length in range(1, 150)),
        "**a " * 3000,
        ">" * 11_000,
        "[a](" * 3000,
    ]

    drawn = [await page.evaluate("(what) => drawn(what).textContent.length", ["markdown", text]) for text in texts]

    assert min(drawn) > 10_000


async def test_markdown_has_tables_tasks_and_links(page: Page) -> None:
    text = "| a | b |\n|---|--:|\n| `1` | 2 \\| 3 |\n\n- [x] done\n- [ ] to do\n\n[*here*](https://a.b/c_(d))"

    drawn = await html(page, "markdown", text)

    assert '<th class="align-left">a</th><th class="align-right">b</th>' in drawn
    assert '<td class="align-left"><code>1</code></td><td class="align-right">2 | 3</td>' in drawn
    assert drawn.count('type="checkbox"') == 2
    assert 'aria-label="Done"' in drawn
    assert 'aria-label="To do"' in drawn
    assert 'href="https://a.b/c_(d)"' in drawn
    assert "<i>here</i></a>" in drawn


async def test_rich_text_shows_every_kind_of_leaf_in_its_styles(page: Page) -> None:
    leaves = [
        {"type": "text", "text": "a", "style": {"bold": True, "code": True, "underline": True, "highlight": True}},
        {"type": "link", "url": "javascript:alert(1)", "text": " b "},
        {"type": "emoji", "name": "nosuch", "unicode": "1f44d-1f3fd"},
        {"type": "date", "timestamp": UNIX - 86400, "format": " {date_short_pretty} at {time} ", "fallback": "x"},
        {"type": "color", "value": "#ff8800"},
        {"type": "color", "value": "red;x:y"},
        {"type": "usergroup", "usergroup_id": "S0NONE"},
        {"type": "broadcast", "range": "here"},
    ]

    drawn = await page.evaluate_handle(
        "(what) => drawn(what)", ["rich", [{"type": "rich_text_section", "elements": leaves}]]
    )

    assert await drawn.evaluate("box => box.textContent") == (
        "a b \U0001f44d\U0001f3fd yesterday at 1:00 PM #ff8800red;x:y@group@here"
    )
    assert await drawn.evaluate("box => box.querySelector('mark b u code').textContent") == "a"
    assert await drawn.evaluate("box => box.querySelectorAll('.swatch').length") == 1


async def test_words_that_are_nothing_but_a_few_emoji_are_large(page: Page) -> None:
    def section(*names: str) -> list[dict[str, object]]:
        return [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": name} for name in names]}]

    assert '<div class="rich large">' in await html(page, "rich", section("tada", "wave"))
    assert '<div class="rich large">' not in await html(page, "rich", section("tada", "nosuch_emoji"))
    assert '<div class="rich large">' not in await html(page, "rich", section(*["tada"] * 24))


async def test_lists_of_rich_text_are_nested_by_their_depth_and_go_on_counting(page: Page) -> None:
    def items(words: str) -> list[dict[str, object]]:
        return [{"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in words]

    parts = [
        {"type": "rich_text_list", "style": "ordered", "elements": items("a")},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": items("b")},
        {"type": "rich_text_list", "style": "ordered", "offset": 1, "elements": items("c")},
    ]

    assert await html(page, "rich", parts) == (
        '<div class="rich"><ol class="depth-0 mark-0"><li>a</li></ol><ul class="depth-1 mark-1"><li>b</li></ul>'
        '<ol class="depth-0 mark-0" start="2"><li>c</li></ol></div>'
    )


HOSTILE = [
    *(
        "<",
        ">",
        '"',
        "'",
        "`",
        "```",
        "(",
        ")",
        "[",
        "]",
        "|",
        "\n",
        " ",
        "*",
        "&lt;",
        "&gt;",
        "# ",
        "- ",
        "> ",
        "&#60;",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "JaVaScRiPt:alert(1)"),
    *("<javascript:alert(1)|x>", "[x](javascript:alert(1))", "![x](data:text/html,y)", "<data:text/html,y|x>"),
    *("<https://a.b|x>", '<https://a.b/" onclick="alert(1)|x>', '[x](https://a.b/"onclick=y)', "<mailto:a@b|x>"),
    *("<iframe srcdoc=x>", "<a href=javascript:x>", "<style>*{}</style>", "java\tscript:x", "vbscript:x", "//a.b"),
    *(f"<!date^{UNIX}^{{time}}^javascript:alert(1)|x>", "<@U1|<script>>", "<#C1|x>", "<!subteam^S1|y>"),
]
OLD_KEYS = ("title", "title_link", "author_name", "author_link", "image_url", "thumb_url", "color", "service_name")
HARM = r"""(all_kinds) => {
  const all = all_kinds.flatMap((what) => [...drawn(what).querySelectorAll("*")]);
  const isBad = (one) => ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "STYLE", "FORM", "LINK", "BASE"].includes(one.tagName)
    || one.getAttributeNames().some((name) => name.startsWith("on") || name === "srcdoc")
    || !/^$|^(border-left-color|background-color): [-#(), a-z0-9]+;$/.test(one.getAttribute("style") ?? "")
    || (one.hasAttribute("href") && !/^(https?:|mailto:|\/\?as=)/.test(one.getAttribute("href")))
    || (one.tagName === "IMG" && !/^(\/page\/|data:image\/)/.test(one.getAttribute("src")));
  return all.filter(isBad).map((one) => one.outerHTML);
}"""


@FEW
@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=10).map("".join))
async def test_whatever_a_message_says_nothing_in_it_can_run(page: Page, text: str) -> None:
    leaf = {"type": "link", "url": text, "text": text}
    words = {"type": "mrkdwn", "text": text}
    image: dict[str, object] = {
        "type": "image",
        "image_url": text,
        "alt_text": text,
        "title": {"type": "plain_text", "text": text},
    }
    video = image | {"type": "video", "video_url": text, "title_url": text, "thumbnail_url": text}
    blocks: list[dict[str, object]] = [
        {"type": "section", "text": words, "fields": [words], "accessory": image},
        image,
        video,
    ]
    old = dict.fromkeys(OLD_KEYS, text)

    kinds = [
        ("mrkdwn", text),
        ("markdown", text),
        ("rich", [{"type": "rich_text_section", "elements": [leaf, {"type": "color", "value": text}]}]),
        ("blocks", [{"block_id": str(i)} | block for i, block in enumerate(blocks)]),
        ("attachments", [old | {"text": text, "pretext": text, "footer": text}]),
    ]
    assert await page.evaluate(HARM, kinds) == []


async def test_a_mention_opens_a_card_from_which_one_writes_to_them(slack: Sandbox, window: OpenWindow) -> None:
    await slack.person("bo").types("ask *@ann* or @bo:\n- first", channel="general")

    async with window("ann") as page:
        await expect(page.get_by_role("article").get_by_role("listitem")).to_have_text("first")
        await page.get_by_role("button", name="@bo").click()
        card = page.get_by_role("dialog", name="Bo")
        await expect(card).to_contain_text("local time")
        await page.keyboard.press("Escape")
        await expect(card).to_be_hidden()
        await expect(page.get_by_role("button", name="@bo")).to_be_focused()
        await page.keyboard.press("Enter")
        await card.get_by_role("button", name="Message").click()

        await expect(page.get_by_role("textbox", name="Message Bo")).to_be_visible()
        await expect(card).to_be_hidden()
