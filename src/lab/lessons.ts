/** The plugin of lessons: a lesson as a main-area tab that survives a reload, its notebook beside it. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { LessonDetail } from '../api/client';
import { lessonPage } from '../api/address';
import * as queries from '../model/queries';
import { findHub } from '../model/runtime';
import { CommandIDs, type IOpenLesson, PLUGIN } from './commands';
import { LessonView } from './lesson-view';
import { labPreferences } from './settings';

type Tab = MainAreaWidget<LessonView>;

/** Opens lessons as tabs of the Lab, each once. */
class Lessons {
  readonly tracker = new WidgetTracker<Tab>({ namespace: 'knowhub-lesson' });

  constructor(
    private readonly shell: ILabShell,
    private readonly documents: IDocumentManager | null
  ) {}

  async open({ lesson, t, beside, restored }: IOpenLesson): Promise<Tab> {
    const hub = findHub(null);
    const id = lesson.includes('/') ? (await hub.read(queries.lessonByRef(lesson))).lesson : lesson;
    const open = this.tracker.find(tab => tab.content.lesson === id);
    const tab = open ?? this.create(id);
    if (t !== undefined) {
      hub.playback(id).seek(t);
    }
    if (!restored) {
      this.shell.activateById(tab.id);
      if (beside ?? (!open && labPreferences.openNotebook)) {
        await this.openNotebook(tab, await hub.read(queries.lesson(id)));
      }
    }
    return tab;
  }

  private create(id: string): Tab {
    const tab = new MainAreaWidget({ content: new LessonView(id) });
    tab.id = `knowhub-lesson-${id}`;
    tab.title.closable = true;
    this.shell.add(tab, 'main', { type: 'KnowHub lesson' });
    void this.tracker.add(tab);
    return tab;
  }

  /** The lesson's notebook to the right of it, unless it is open already. */
  private async openNotebook(tab: Tab, { assets }: LessonDetail): Promise<void> {
    const path = assets.find(asset => asset.kind === 'notebook' && asset.contents_path)?.contents_path;
    const documents = this.documents;
    const there = path
      ? await documents?.services.contents.get(path, { content: false }).catch(() => null)
      : null;
    if (path && there && documents && !documents.findWidget(path)) {
      documents.openOrReveal(path, 'default', undefined, {
        mode: 'split-right',
        ref: tab.id,
        activate: false
      });
    }
  }
}

/** Where there is no Lab shell (Notebook 7), a lesson is a page of its own. */
async function openPage({ lesson, t }: IOpenLesson): Promise<void> {
  const hub = findHub(null);
  const id = lesson.includes('/') ? (await hub.read(queries.lessonByRef(lesson))).lesson : lesson;
  window.open(lessonPage(hub.base, id, t), '_blank', 'noopener');
}

export const lessons: JupyterFrontEndPlugin<void> = {
  id: `${PLUGIN}:lessons`,
  description:
    'Opens lessons. Without the Lab shell they open as pages in a new tab; without a restorer they are not reopened.',
  autoStart: true,
  optional: [ILabShell, ILayoutRestorer, IDocumentManager, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    shell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    documents: IDocumentManager | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('knowhub');
    const tabs = shell ? new Lessons(shell, documents) : null;
    app.commands.addCommand(CommandIDs.openLesson, {
      label: trans.__('Open a KnowHub Lesson…'),
      describedBy: {
        args: { type: 'object', properties: { lesson: { type: 'string' }, t: { type: 'number' } } }
      },
      execute: async args => {
        if (!args.lesson) {
          return app.commands.execute(CommandIDs.showCourses);
        }
        const wanted = args as unknown as IOpenLesson;
        return tabs ? tabs.open(wanted) : openPage(wanted);
      }
    });
    palette?.addItem({ command: CommandIDs.openLesson, category: trans.__('KnowHub') });
    if (tabs && restorer) {
      void restorer.restore(tabs.tracker, {
        command: CommandIDs.openLesson,
        args: tab => ({ lesson: tab.content.lesson, restored: true }),
        name: tab => tab.content.lesson
      });
    }
  }
};
