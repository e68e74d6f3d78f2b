/** The plugin of cell chips: a cell that belongs to a moment of a lecture shows it, and opens it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Cell } from '@jupyterlab/cells';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { type PanelLayout, Widget } from '@lumino/widgets';
import { clock, spoken } from '../model/times';
import { CommandIDs, PLUGIN } from './commands';

interface IMoment {
  start: number;
  quote?: string;
}

/** The moments a cell belongs to, as `metadata.knowhub.segments` says. */
export function moments(metadata: unknown): IMoment[] {
  const segments = (metadata as { segments?: unknown } | undefined)?.segments;
  return Array.isArray(segments) ? segments.filter(one => typeof one?.start === 'number') : [];
}

class Chips extends Widget {
  constructor(
    found: IMoment[],
    private readonly open: (start: number) => void,
    private readonly leave: () => void
  ) {
    super();
    this.addClass('knowhub-Chips');
    // Enter and Space must press the chip, not run or edit the cell.
    this.node.setAttribute('data-lm-suppress-shortcuts', 'true');
    this.node.append(...found.map(moment => this.chip(moment)));
    this.node.addEventListener('keydown', event => this.pressed(event));
  }

  private chip({ start, quote }: IMoment): HTMLElement {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'knowhub-Chip';
    chip.textContent = `▶ ${clock(start)}`;
    chip.title = quote ? `“${quote}”` : 'Play this moment of the lecture';
    chip.setAttribute('aria-label', `Play the lecture at ${spoken(start)}${quote ? `: ${quote}` : ''}`);
    chip.addEventListener('click', event => {
      event.stopPropagation();
      this.open(start);
    });
    return chip;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.leave();
    }
  }
}

/** Keeps the chips of one notebook's cells as its metadata says. */
class NotebookChips {
  private readonly shown = new Map<Cell, { chips: Widget | null; key: string }>();

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly panel: NotebookPanel
  ) {
    void panel.context.ready.then(() => {
      panel.content.modelContentChanged.connect(this.update, this);
      panel.content.model?.metadataChanged.connect(this.update, this);
      this.update();
    });
  }

  private update(): void {
    const cells = new Set(this.panel.content.widgets);
    this.shown.forEach((_, cell) => cells.has(cell) || this.shown.delete(cell));
    cells.forEach(cell => this.show(cell));
  }

  private show(cell: Cell): void {
    const found = moments(cell.model.getMetadata('knowhub'));
    const key = JSON.stringify(found);
    const before = this.shown.get(cell);
    if (before?.key === key || (!before && !found.length)) {
      return;
    }
    before?.chips?.dispose();
    const chips = found.length
      ? new Chips(
          found,
          start => this.open(start),
          () => this.leave()
        )
      : null;
    if (chips) {
      (cell.layout as PanelLayout).insertWidget(0, chips);
    }
    this.shown.set(cell, { chips, key });
  }

  private open(t: number): void {
    const { course, lesson } = (this.panel.content.model?.getMetadata('knowhub') ?? {}) as Record<
      string,
      string
    >;
    if (course && lesson) {
      void this.app.commands.execute(CommandIDs.openLesson, {
        lesson: `${course}/${lesson}`,
        t,
        beside: false
      });
    }
  }

  private leave(): void {
    this.panel.content.activate();
    this.panel.content.activeCell?.node.focus();
  }
}

export const chips: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:chips`,
  description:
    'Shows on notebook cells which moment of a lecture they belong to. Without notebooks there is nothing.',
  autoStart: true,
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker | null) => {
    notebooks?.widgetAdded.connect((_tracker, panel) => void new NotebookChips(app, panel));
    notebooks?.forEach(panel => void new NotebookChips(app, panel));
  }
};
