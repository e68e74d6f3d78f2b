/** The plugin that opens what elements ask for, in a tab, a panel or a notebook's output: lessons, cells, files. */

import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookPanel } from '@jupyterlab/notebook';
import { showCell } from './cells';
import { CommandIDs, PLUGIN } from './commands';

interface IOpenFile {
  contents_path: string | null;
  lesson: string | null;
  cell?: string;
  kind?: string;
}

/** Opens a file of the server to the right of its lesson, or reveals it where it is open. */
function reveal(documents: IDocumentManager, path: string, lesson: string | null) {
  const beside = lesson ? document.getElementById(`knowhub-lesson-${lesson}`) : null;
  const options = beside ? { mode: 'split-right' as const, ref: beside.id } : {};
  return documents.openOrReveal(path, 'default', undefined, options);
}

export const opening: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:opening`,
  description: 'Opens lessons, notebook cells and files that KnowHub elements on the page ask for.',
  autoStart: true,
  optional: [IDocumentManager, ILabShell],
  activate: (app: JupyterFrontEnd, documents: IDocumentManager | null, shell: ILabShell | null) => {
    const openCell = async (path: string, cell: string, lesson: string | null) => {
      const widget = documents && reveal(documents, path, lesson);
      if (widget instanceof NotebookPanel) {
        shell?.activateById(widget.id);
        await showCell(widget, cell);
      }
    };
    app.commands.addCommand(CommandIDs.openCell, {
      label: 'Open a Notebook at a Cell',
      describedBy: {
        args: { type: 'object', properties: { path: { type: 'string' }, cell: { type: 'string' } } }
      },
      execute: args => openCell(String(args.path), String(args.cell), null)
    });
    const listen = <T>(type: string, take: (detail: T) => boolean) =>
      document.addEventListener(type, event => {
        if (take((event as CustomEvent<T>).detail)) {
          event.preventDefault();
        }
      });
    listen('kh-open-lesson', ({ lesson, t }: { lesson: string; t?: number }) => {
      void app.commands.execute(CommandIDs.openLesson, t === undefined ? { lesson } : { lesson, t });
      return true;
    });
    listen('kh-open-cell', ({ contents_path, cell, lesson }: IOpenFile) => {
      if (contents_path && cell && documents) {
        void openCell(contents_path, cell, lesson);
      }
      return !!(contents_path && cell && documents);
    });
    listen('kh-open-file', ({ contents_path, kind, lesson }: IOpenFile) => {
      const ours = !!contents_path && !!documents && kind === 'notebook';
      if (ours) {
        reveal(documents, contents_path, lesson);
      }
      return ours;
    });
  }
};
