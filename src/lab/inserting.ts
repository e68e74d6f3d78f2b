/** The plugin that puts an answer into the notebook in front, as a Markdown cell under the active one. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Inserting } from '../model/inserting';
import { runtime } from '../model/runtime';
import { CommandIDs, PLUGIN } from './commands';

/** Adds the cell and shows it rendered; the focus stays where it is. */
async function insert(panel: NotebookPanel, markdown: string): Promise<void> {
  await panel.context.ready;
  const { content } = panel;
  NotebookActions.insertBelow(content);
  NotebookActions.changeCellType(content, 'markdown');
  content.activeCell?.model.sharedModel.setSource(markdown);
  await NotebookActions.run(content, panel.sessionContext);
}

export const inserting: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:inserting`,
  description: 'Puts an answer into the notebook in front. Without notebooks it is not offered.',
  autoStart: true,
  optional: [INotebookTracker, ITranslator],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker | null, translator: ITranslator | null) => {
    if (!notebooks) {
      return;
    }
    const trans = (translator ?? nullTranslator).load('knowhub');
    app.commands.addCommand(CommandIDs.insertAnswer, {
      label: trans.__('Insert the Answer into the Notebook'),
      describedBy: { args: { type: 'object', properties: { markdown: { type: 'string' } } } },
      isEnabled: () => notebooks.currentWidget !== null,
      execute: async ({ markdown }) => {
        if (notebooks.currentWidget && typeof markdown === 'string') {
          await insert(notebooks.currentWidget, markdown);
        }
      }
    });
    const ours = new Inserting(markdown => app.commands.execute(CommandIDs.insertAnswer, { markdown }));
    const tell = () => {
      const panel = notebooks.currentWidget;
      ours.changed(panel && PathExt.basename(panel.context.path));
      app.commands.notifyCommandChanged(CommandIDs.insertAnswer);
    };
    notebooks.currentChanged.connect(tell);
    runtime().inserting = ours;
    tell();
  }
};
