/** The plugin that adds files to a course: from the file browser's menu, followed until they are ready. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { asProblem } from '../api/problem';
import type { Hub } from '../model/hub';
import * as queries from '../model/queries';
import { findHub } from '../model/runtime';
import { followJobs } from './adding-jobs';
import { CommandIDs, PLUGIN } from './commands';
import { knowhubIcon } from './icon';

/** A slug of a title people typed: `Full Stack!` → `full-stack`. */
export function slugOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  const slug = plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');
  return slug || 'course';
}

async function create(hub: Hub, title: string): Promise<string> {
  const course = await hub.client.createCourse(slugOf(title), title);
  hub.invalidate([['courses']]);
  return course.course;
}

/** The course that was chosen or, where its title is new, made; null when the reader left the dialog. */
export async function chooseCourse(
  hub: Hub,
  trans: TranslationBundle,
  title = trans.__('Add to a KnowHub course'),
  okLabel = trans.__('Add')
): Promise<string | null> {
  const courses = await hub.read(queries.courses());
  const { button, value } = await InputDialog.getItem({
    title,
    label: trans.__('Choose a course, or type the name of a new one'),
    items: courses.map(course => course.title),
    editable: true,
    okLabel
  });
  const wanted = value?.trim();
  if (!button.accept || !wanted) {
    return null;
  }
  return courses.find(course => course.title === wanted)?.course ?? create(hub, wanted);
}

async function add(app: JupyterFrontEnd, paths: string[], trans: TranslationBundle): Promise<void> {
  const hub = findHub(null);
  const course = await chooseCourse(hub, trans);
  if (course === null) {
    return;
  }
  const added = await hub.client.addAssets(course, paths);
  hub.invalidate([['courses'], ['course'], ['jobs']]);
  followJobs(app, hub, added, trans);
}

export const adding: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:adding`,
  description:
    'Adds files of the server to a course. Without a file browser only the command with paths is left.',
  autoStart: true,
  optional: [IFileBrowserFactory, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    files: IFileBrowserFactory | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('knowhub');
    const selected = () => Array.from(files?.tracker.currentWidget?.selectedItems() ?? [], item => item.path);
    const guard = (action: () => Promise<unknown>) =>
      action().catch(error => {
        const { message, cure } = asProblem(error);
        Notification.error(`${message} ${cure}`, { autoClose: false });
      });
    app.commands.addCommand(CommandIDs.addToCourse, {
      label: trans.__('Add to a KnowHub course'),
      icon: knowhubIcon,
      isVisible: () => selected().length > 0,
      describedBy: { args: { type: 'object', properties: { paths: { type: 'array' } } } },
      execute: args => guard(() => add(app, (args.paths as string[] | undefined) ?? selected(), trans))
    });
    app.commands.addCommand(CommandIDs.createCourse, {
      label: args => (args.toolbar ? '' : trans.__('Create a KnowHub Course…')),
      caption: trans.__('Create a course'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () =>
        guard(async () => {
          const { button, value } = await InputDialog.getText({
            title: trans.__('Create a course'),
            label: trans.__('Name'),
            okLabel: trans.__('Create')
          });
          const title = value?.trim();
          return button.accept && title ? create(findHub(null), title) : null;
        })
    });
    palette?.addItem({ command: CommandIDs.createCourse, category: trans.__('KnowHub') });
    palette?.addItem({ command: CommandIDs.addToCourse, category: trans.__('KnowHub') });
  }
};
