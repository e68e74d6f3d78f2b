/** The plugin of the launcher card. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs, PLUGIN } from './commands';
import { knowhubIcon } from './icon';

const OPEN = 'knowhub:launch';

export const launcher: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:launcher`,
  description: 'A card in the launcher that shows the courses. Without a launcher there is no card.',
  autoStart: true,
  optional: [ILauncher, ITranslator],
  activate: (app: JupyterFrontEnd, card: ILauncher | null, translator: ITranslator | null) => {
    if (!card) {
      return;
    }
    const trans = (translator ?? nullTranslator).load('knowhub');
    app.commands.addCommand(OPEN, {
      label: trans.__('Courses'),
      caption: trans.__('Lectures beside their notebooks'),
      icon: knowhubIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.commands.execute(CommandIDs.showCourses)
    });
    card.add({ command: OPEN, category: 'KnowHub', rank: 1 });
  }
};
