/** The plugin of start addresses: `/lab?knowhub=course-slug/lesson-slug&t=101` opens that lesson, once. */

import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { asProblem } from '../api/problem';
import { parseTime } from '../model/times';
import { CommandIDs, PLUGIN } from './commands';

/** Takes the lesson out of the address, so that a reload does not open it again. */
function take(): { lesson: string; t: number | null } | null {
  const url = new URL(window.location.href);
  const lesson = url.searchParams.get('knowhub');
  if (!lesson) {
    return null;
  }
  const t = parseTime(url.searchParams.get('t'));
  url.searchParams.delete('knowhub');
  url.searchParams.delete('t');
  window.history.replaceState(window.history.state, '', url.href);
  return { lesson, t };
}

export const start: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:start`,
  description:
    'Opens the lesson that the address of the page names, beside its notebook. Only in JupyterLab.',
  autoStart: true,
  optional: [ILabShell],
  activate: (app: JupyterFrontEnd, shell: ILabShell | null) => {
    const wanted = shell ? take() : null;
    if (!wanted) {
      return;
    }
    const { lesson, t } = wanted;
    const open = () =>
      app.commands.execute(CommandIDs.openLesson, { lesson, beside: true, ...(t === null ? {} : { t }) });
    void app.restored.then(open).catch(error => {
      const { message, cure } = asProblem(error);
      Notification.error(`${message} ${cure}`);
    });
  }
};
