/** Jobs in words, and which of them a list shows. */

import type { Job } from '../api/client';
import { percent, remaining } from './times';

const SHOWN_DONE = 5;
const DOING: Record<string, string> = {
  probe: 'Looking at the file',
  read: 'Reading the file',
  passages: 'Preparing the search',
  vectors: 'Preparing the search'
};

export const isOver = (job: Job): boolean => job.state !== 'queued' && job.state !== 'running';
/** Over, and nothing to do about it. */
export const isFinished = (job: Job): boolean => job.state === 'done' || job.state === 'cancelled';
export const isFailure = (job: Job): boolean => job.state === 'failed' || job.state === 'dead';

/** What is being done, as people call it. */
export function stage(job: Job): string {
  if (job.stage === 'read' && (job.media === undefined || job.media === 'video' || job.media === 'audio')) {
    return 'Recognising speech';
  }
  return DOING[job.stage] ?? DOING.vectors;
}

/** `Recognising speech… 43 % · about 1 min left`. */
export function jobLine(job: Job): string {
  const left = remaining(job.eta_s);
  const tail = left ? ` · ${left}` : '';
  if (job.state === 'queued') {
    return `${job.attempts ? 'Waiting to be tried again' : 'Waiting for its turn'}${left ? tail : '…'}`;
  }
  return `${stage(job)}… ${percent(job.progress)}${tail}`;
}

/**
 * The job that does the work on an uploaded file. Captions that came before their medium are read again once it is
 * there: then a newer job has taken over, unless that one is of another upload, which replaced this file.
 */
export function jobOf(mine: string | null, jobs: Job[], uploads: { job: string | null }[]): Job | undefined {
  const job = jobs.find(one => one.job === mine);
  if (!job?.superseded) {
    return job;
  }
  const newer = jobs.find(one => one.asset === job.asset && one.kind === job.kind && !one.superseded);
  return newer && !uploads.some(upload => upload.job === newer.job) ? newer : job;
}

/** What happened between two looks, for who cannot see the list change: a sentence a job, at most three. */
export function news(before: Job[], after: Job[]): string {
  const was = new Map(before.map(job => [job.job, job.state]));
  const said = after
    .filter(job => was.has(job.job) && was.get(job.job) !== job.state && isOver(job))
    .map(job => `${job.title ?? job.kind} ${ENDED[job.state] ?? ''}.`);
  return said.length > 3 ? `${said.length} jobs are over.` : said.join(' ');
}

const ENDED: Record<string, string> = {
  done: 'is ready',
  cancelled: 'was cancelled',
  failed: 'failed',
  dead: 'was given up'
};

/** Work and failures all, of what is finished the newest few. */
export function shown(jobs: Job[]): Job[] {
  let finished = 0;
  return jobs.filter(job => !isFinished(job) || finished++ < SHOWN_DONE);
}
