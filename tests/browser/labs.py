"""JupyterLab as tests use it: opening a lesson in a workspace of its own, and asking the notebook what it holds."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab, until

LESSON = "fullstack/celery-worker-dies"

#: The notebook in front: its cells as `[id, type, source]`, which one is active, and the mode.
NOTEBOOK = """path => {
  const panels = [...window.jupyterapp.shell.widgets('main')].filter(one => one.context?.path === path);
  const notebook = panels[0]?.content;
  return notebook?.widgets && {
    cells: notebook.widgets.map(({ model }) => [model.id, model.type, model.sharedModel.source]),
    active: notebook.activeCell?.model.id, mode: notebook.mode,
  };
}"""


KERNEL_READY = """path => [...window.jupyterapp.shell.widgets('main')]
  .find(one => one.context?.path === path)?.sessionContext?.session?.kernel?.status === 'idle'"""


def open_lesson(visit: Visit, lab: Lab, workspace: str, lesson: str = LESSON) -> None:
    """Open JupyterLab on a lesson beside its notebook, in a workspace that nothing else uses."""
    visit.page.goto(lab.url(f"/lab/workspaces/{workspace}", knowhub=lesson))
    expect(visit.video).to_be_visible(timeout=60_000)
    visit.until("media => media.readyState >= 1")
    expect(visit.page.locator(".jp-NotebookPanel:visible .knowhub-Chip").first).to_be_attached(timeout=30_000)


def remembered(visit: Visit, lab: Lab, workspace: str) -> None:
    """Wait until JupyterLab has saved that a lesson is open, which a reload before would not know."""
    saved = f"{lab.base}/lab/api/workspaces/{workspace}"
    until(lambda: "knowhub-lesson:" in visit.context.request.get(saved).text())


def run_all(visit: Visit, path: str) -> None:
    """Run the open notebook at a contents path, once its kernel is there."""
    visit.page.wait_for_function(KERNEL_READY, arg=path, timeout=60_000)
    command(visit, "notebook:run-all-cells")


def show(visit: Visit, tab: str) -> None:
    """Bring a tab of the lesson to the front."""
    visit.page.get_by_role("tab", name=tab, exact=True).click()


def notebook(visit: Visit, path: str) -> dict[str, Any]:
    """What the open notebook at a contents path holds now."""
    found = visit.page.evaluate(NOTEBOOK, path)
    assert found, f"{path} is not open"
    return dict(found)


def command(visit: Visit, name: str, **arguments: Any) -> None:
    """Start a command of the Lab, as the palette does."""
    visit.page.evaluate("([name, args]) => void window.jupyterapp.commands.execute(name, args)", [name, arguments])


def tabs(visit: Visit) -> Locator:
    """The tabs of the main area."""
    return visit.page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel")
