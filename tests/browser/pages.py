"""Pages as tests use them: they keep what the browser complained about, and know the elements by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Locator, Page, expect

from tests.sample import ROOT

#: Jupyter's own extensions complain about what has nothing to do with us; of those pages only our complaints count.
OURS = re.compile(r"knowhub|kh-|\blit\b", re.I)
#: Nobody's: Panel has no picture for its address, and Voila tries extensions of JupyterLab in a page without its parts.
NOBODYS = re.compile(r"/favicon\.ico|Shared module @\S+ doesn't exist in shared scope|voila/labextensions")
expect.set_options(timeout=15_000)
RESULTS = ROOT / "test-results"
#: Pages that are open now, for the picture of a failure.
VISITS: list[Visit] = []


class Visit:
    """A page of a new context, `page`, and the elements on it."""

    def __init__(self, context: BrowserContext, *, strict: bool) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.problems: list[str] = []
        self._strict = strict
        self.watch(self.page)
        context.add_init_script(RECORD)
        context.on("page", self.watch)

    def watch(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._complained(error.stack or error.message))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complained(f"{message.text} ({message.location.get('url', '')})")

    def _complained(self, text: str) -> None:
        if (self._strict or OURS.search(text)) and not NOBODYS.search(text):
            self.problems.append(text)

    # The elements

    @property
    def video(self) -> Locator:
        return self.page.locator("kh-player :is(video, audio)")

    @property
    def lines(self) -> Locator:
        return self.page.locator("kh-transcript .line")

    @property
    def active(self) -> Locator:
        return self.page.locator("kh-transcript .line.active")

    @property
    def chips(self) -> Locator:
        return self.page.locator("kh-ask .chip:not([disabled])")

    def time(self) -> float:
        """The second the player is at."""
        return float(self.video.evaluate("media => media.currentTime"))

    def ready(self) -> None:
        """Wait until the medium can be played and the transcript is there."""
        expect(self.lines.first).to_be_visible()
        self.until("media => media.readyState >= 1 && !media.seeking")

    def until(self, condition: str, argument: Any = None, *, seconds: float = 20) -> None:
        """Wait until a function of the medium returns something true."""
        holds, given = f"([media, more]) => ({condition})(media, more)", [self.video.element_handle(), argument]
        self.page.wait_for_function(holds, arg=given, timeout=1000 * seconds)

    def at(self, second: float, within: float = 0.5) -> None:
        """Wait until the playhead was put at a second; it may have played on from there since."""
        near = "([to, by]) => Math.abs((window.sought ?? []).at(-1) - to) <= by"
        self.page.wait_for_function(near, arg=[second, within])
        self.until("(media, [to, by]) => !media.seeking && media.currentTime >= to - by", [second, within])

    def pause(self) -> None:
        self.video.evaluate("media => media.pause()")

    def ask(self, question: str) -> None:
        """Ask, and wait for the whole answer."""
        box = self.page.get_by_role("textbox", name="Ask a question")
        box.fill(question)
        box.press("Enter")
        self.answered(question)

    def answered(self, question: str) -> Locator:
        """Wait for the whole answer to a question; return it."""
        turn = self.page.locator("kh-ask .turn").filter(has_text=question).first
        expect(turn).to_have_attribute("aria-busy", "false")
        return turn

    def tab_to(self, name: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until what has the focus is named so, and see that the focus can be seen there."""
        for _ in range(most):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if name in self.focused():
                assert self.page.evaluate(FOCUS_SHOWN), f"the focus on {self.focused()!r} cannot be seen"
                return
        raise AssertionError(f"Tab never comes to {name!r}; it ended at {self.focused()!r}")

    def citations(self) -> list[dict[str, Any]]:
        """What the last answer on this page cites, as the server said it."""
        self.page.wait_for_function("() => window.answers?.length")
        return list(self.page.evaluate("() => window.answers.at(-1).citations"))

    def focused(self) -> str:
        """Name what has the focus, through all shadow roots: `button Play (k)`."""
        return str(self.page.evaluate(FOCUSED))


#: Keeps whole answers, and where media were put: both are gone from the page a moment later.
RECORD = """(() => {
  addEventListener('kh-answer', ({ detail }) => (window.answers ??= []).push(detail.answer));
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    root.addEventListener('seeking', ({ target }) => (window.sought ??= []).push(target.currentTime), true);
    return root;
  };
})()"""
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return '';
  const by = (at.getAttribute('aria-labelledby') || '').split(' ')
    .map(id => at.getRootNode().getElementById?.(id)?.textContent.trim()).filter(Boolean).join(' ');
  return `${at.localName} ${at.getAttribute('aria-label') || by || at.textContent.trim()}`.replace(/\\s+/g, ' ');
}"""


#: Whether the element with the focus, or the field around it, has an outline, a ring or a border of its own for it.
FOCUS_SHOWN = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const look = one => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
    return { ring: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
             paint: [borderColor, backgroundColor].join() };
  };
  const around = [at, at.parentElement, at.parentElement?.parentElement].filter(Boolean);
  if (around.some(one => look(one).ring)) return true;
  const before = around.map(one => look(one).paint);
  at.blur();
  const after = around.map(one => look(one).paint);
  at.focus({ focusVisible: true });
  return before.some((paint, i) => paint !== after[i]);
}"""


def picture(name: str, visits: list[Visit]) -> None:
    """Keep what pages look like after a failure."""
    for number, visit in enumerate(visits):
        visit.page.screenshot(path=RESULTS / f"{re.sub('[^a-z0-9_]+', '-', name)[:80]}-{number}.png")


@contextmanager
def kept(kind: BrowserType, profile: Path, **options: Any) -> Iterator[Visit]:
    """Yield a page of a browser process of its own, which keeps what it stores in a folder; then end that process."""
    context = kind.launch_persistent_context(profile, viewport={"width": 1440, "height": 900}, **options)
    me = Visit(context, strict=False)
    VISITS.append(me)
    try:
        yield me
        assert not me.problems, "\n".join(me.problems)
    except BaseException:
        picture("kept", [me])
        raise
    finally:
        VISITS.remove(me)
        context.close()


@contextmanager
def visiting(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Yield what opens a page in a new context; fail when a page had problems that its test did not take out."""
    visits: list[Visit] = []

    def make(*, strict: bool = False, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, **options)
        visits.append(Visit(context, strict=strict))
        VISITS.append(visits[-1])
        return visits[-1]

    try:
        yield make
        problems = [problem for visit in visits for problem in visit.problems]
        assert not problems, "\n".join(problems)
    except BaseException:
        picture("opening", visits)
        raise
    finally:
        for visit in visits:
            VISITS.remove(visit)
            visit.context.close()
