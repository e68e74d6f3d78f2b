/** One notification for files that were added: how far they are, then where they are or what went wrong. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Added, Job } from '../api/client';
import type { Hub } from '../model/hub';
import * as queries from '../model/queries';
import { percent } from '../model/times';
import { CommandIDs } from './commands';

const over = (job: Job) => job.state !== 'queued' && job.state !== 'running';

/** Sentences about the files that were refused at once. */
function refused(added: Added): string[] {
  const assets = added.lessons.flatMap(lesson => lesson.assets);
  return assets.flatMap(({ error }) => (error ? [`${error.message} ${error.cure}`] : []));
}

export function followJobs(app: JupyterFrontEnd, hub: Hub, added: Added, trans: TranslationBundle): void {
  const failures = refused(added);
  const wanted = new Set(added.jobs);
  if (!wanted.size) {
    const said = failures.join('\n') || trans.__('Nothing new: the course has these files already.');
    Notification.emit(said, failures.length ? 'error' : 'info', {
      autoClose: failures.length ? false : 6000
    });
    return;
  }
  const title = added.lessons[0]?.title ?? '';
  const id = Notification.emit(trans.__('Adding %1…', title), 'in-progress', { autoClose: false });
  const stop = hub.watch(queries.jobs(added.course), ({ data }) => {
    const mine = (data ?? []).filter(job => wanted.has(job.job));
    if (!mine.length) {
      return;
    }
    if (mine.length === wanted.size && mine.every(over)) {
      // The listener may be called before `watch` has returned its end.
      queueMicrotask(() => stop());
      finish(app, id, added, [...failures, ...mine.flatMap(failure)], trans);
      return;
    }
    const share = mine.reduce((sum, job) => sum + (over(job) ? 1 : job.progress), 0) / wanted.size;
    Notification.update({ id, message: trans.__('Adding %1… %2', title, percent(share)), progress: share });
  });
}

const failure = ({ error, state }: Job): string[] =>
  state !== 'done' && error ? [`${error.message} ${error.cure}`] : [];

function finish(
  app: JupyterFrontEnd,
  id: string,
  added: Added,
  failures: string[],
  trans: TranslationBundle
): void {
  const lesson = added.lessons.find(one => one.lesson);
  const open = {
    label: trans.__('Open'),
    callback: () => void app.commands.execute(CommandIDs.openLesson, { lesson: lesson?.lesson ?? '' })
  };
  Notification.update({
    id,
    type: failures.length ? 'error' : 'success',
    message: failures.join('\n') || trans.__('%1 is ready.', lesson?.title ?? ''),
    autoClose: failures.length ? false : 15_000,
    actions: lesson ? [open] : []
  });
}
