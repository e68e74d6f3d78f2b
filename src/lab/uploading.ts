/** The plugin of uploads: a tab that takes files of one's own machine into a course, and the way to its speech settings. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { fileUploadIcon } from '@jupyterlab/ui-components';
import { coursePage } from '../api/address';
import { asProblem } from '../api/problem';
import { openSpeech } from '../elements/speech';
import * as queries from '../model/queries';
import { findHub } from '../model/runtime';
import { chooseCourse } from './adding';
import { CommandIDs, PLUGIN } from './commands';
import { knowhubIcon } from './icon';
import { UploadView } from './upload-view';

type Tab = MainAreaWidget<UploadView>;

interface IUploadTo {
  course?: string;
  toolbar?: boolean;
  /** Comes from the layout of an earlier page. */
  restored?: boolean;
}

/** One tab a course; Notebook 7 has no room for one, there the course's page opens. */
class Tabs {
  readonly tracker = new WidgetTracker<Tab>({ namespace: 'knowhub-upload' });

  constructor(private readonly shell: ILabShell | null) {}

  async open(course: string, restored: boolean): Promise<void> {
    const hub = findHub(null);
    const { id, title } = await hub.read(queries.course(course));
    if (!this.shell) {
      window.open(coursePage(hub.base, id), '_blank', 'noopener');
      return;
    }
    let tab = this.tracker.find(one => one.content.course === id);
    if (!tab) {
      tab = new MainAreaWidget({ content: new UploadView(id, title) });
      tab.id = `knowhub-upload-${id}`;
      tab.title.closable = true;
      this.shell.add(tab, 'main', { type: 'KnowHub upload' });
      void this.tracker.add(tab);
    }
    if (!restored) {
      this.shell.activateById(tab.id);
    }
  }
}

function addCommands(app: JupyterFrontEnd, tabs: Tabs, trans: TranslationBundle): void {
  const args = { type: 'object' as const, properties: { course: { type: 'string' as const } } };
  const inCourse = (title: string, ok: string, act: (course: string, given: IUploadTo) => unknown) => {
    return async (given: IUploadTo) => {
      try {
        const course = given.course ?? (await chooseCourse(findHub(null), trans, title, ok));
        await (course && act(course, given));
      } catch (error) {
        const { message, cure } = asProblem(error);
        if (!given.restored) {
          Notification.error(`${message} ${cure}`, { autoClose: false });
        }
      }
    };
  };
  const upload = inCourse(trans.__('Add lectures'), trans.__('Go on'), (course, { restored }) =>
    tabs.open(course, !!restored)
  );
  app.commands.addCommand(CommandIDs.addLectures, {
    label: ({ launcher }) => (launcher ? trans.__('Add lectures') : trans.__('Add KnowHub Lectures…')),
    caption: trans.__('Take files and folders of your computer into a course'),
    icon: ({ launcher }) => (launcher ? fileUploadIcon : knowhubIcon),
    describedBy: { args },
    execute: given => upload(given as IUploadTo)
  });
  const speech = inCourse(trans.__('Speech settings'), trans.__('Open'), course => openSpeech(null, course));
  app.commands.addCommand(CommandIDs.speechSettings, {
    label: trans.__('KnowHub Speech Settings…'),
    caption: trans.__('The model, the language and the words a course’s lectures are recognised with'),
    describedBy: { args },
    execute: given => speech(given as IUploadTo)
  });
}

export const uploading: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:uploading`,
  description:
    'A tab that takes files into a course. Without the Lab shell the course’s page opens; without a launcher there is no card.',
  autoStart: true,
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ) => {
    const tabs = new Tabs(shell);
    const trans = (translator ?? nullTranslator).load('knowhub');
    addCommands(app, tabs, trans);
    palette?.addItem({ command: CommandIDs.addLectures, category: trans.__('KnowHub') });
    palette?.addItem({ command: CommandIDs.speechSettings, category: trans.__('KnowHub') });
    launcher?.add({
      command: CommandIDs.addLectures,
      args: { launcher: true },
      category: 'KnowHub',
      rank: 2
    });
    if (shell && restorer) {
      void restorer.restore(tabs.tracker, {
        command: CommandIDs.addLectures,
        args: tab => ({ course: tab.content.course, restored: true }),
        name: tab => tab.content.course
      });
    }
  }
};
