/** The plugin of the search vectors: the way to the window that shows and rebuilds them. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { openEmbeddings } from '../elements/embeddings';
import { CommandIDs, PLUGIN } from './commands';

export const vectors: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:vectors`,
  description: 'The window of search by meaning. Without a palette it is opened by its command alone.',
  autoStart: true,
  optional: [ICommandPalette, ITranslator],
  activate: (app: JupyterFrontEnd, palette: ICommandPalette | null, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('knowhub');
    app.commands.addCommand(CommandIDs.searchVectors, {
      label: trans.__('KnowHub Search by Meaning…'),
      caption: trans.__('The sentence model, what is out of date, and preparing it anew'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => openEmbeddings(null)
    });
    palette?.addItem({ command: CommandIDs.searchVectors, category: trans.__('KnowHub') });
  }
};
