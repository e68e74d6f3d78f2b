/** Finding a cell of a notebook: opens it, scrolls to it, and shows for a moment which one it is. */

import type { NotebookPanel } from '@jupyterlab/notebook';

const FLASH_MS = 2200;

/** Activates the cell with `id`; false when the notebook has none. */
export async function showCell(panel: NotebookPanel, id: string): Promise<boolean> {
  await panel.context.ready;
  await panel.revealed;
  const { content } = panel;
  const index = content.widgets.findIndex(cell => cell.model.id === id);
  if (index < 0) {
    return false;
  }
  content.activeCellIndex = index;
  content.deselectAll();
  await content.scrollToItem(index, 'center').catch(() => undefined);
  const { node } = content.widgets[index];
  node.classList.add('knowhub-mod-found');
  setTimeout(() => node.classList.remove('knowhub-mod-found'), FLASH_MS);
  return true;
}
