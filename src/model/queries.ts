/** What elements read from the server: one key and one fetch for each kind, and how fast it may change. */

import type {
  Asset,
  Client,
  Content,
  Course,
  CourseDetail,
  CourseProgress,
  Embeddings,
  IWishes,
  Job,
  LearnerNote,
  LessonDetail,
  Plan,
  Progress,
  RemovedFile,
  Session,
  Status,
  Transcript
} from '../api/client';
import type { ISpeech } from '../api/speech';

export type Key = readonly (string | null)[];

export interface IQuery<T> {
  key: Key;
  fetch(client: Client, signal: AbortSignal): Promise<T>;
  /** Whether work is going on, so that a page without the live socket looks again soon. */
  busy?(data: T): boolean;
}

export const working = (status: Status) => status === 'queued' || status === 'processing';
const unfinished = (job: Job) => job.state === 'queued' || job.state === 'running';

export const session = (): IQuery<Session> => ({ key: ['session'], fetch: client => client.session() });

export const courses = (): IQuery<Course[]> => ({
  key: ['courses'],
  async fetch(client, signal) {
    const all: Course[] = [];
    for (let next: string | null | undefined = undefined; next !== null;) {
      const page: Awaited<ReturnType<Client['courses']>> = await client.courses(next, { signal });
      all.push(...page.items);
      next = page.next;
    }
    return all;
  }
});

export const course = (id: string): IQuery<CourseDetail> => ({
  key: ['course', id],
  fetch: (client, signal) => client.course(id, { signal }),
  busy: detail => detail.lessons.some(lesson => working(lesson.status))
});

export const lesson = (id: string): IQuery<LessonDetail> => ({
  key: ['lesson', id],
  fetch: (client, signal) => client.lesson(id, { signal }),
  busy: detail => detail.job !== null || detail.assets.some(asset => working(asset.status))
});

/** The files that were taken out of a course; for those who may change it. */
export const removed = (course: string): IQuery<RemovedFile[]> => ({
  key: ['removed', course],
  fetch: async (client, signal) => (await client.removed(course, { signal })).items
});

/** By id, or by `course-slug/lesson-slug`. */
export const lessonByRef = (ref: string): IQuery<LessonDetail> => ({
  key: ['lesson-ref', ref],
  fetch: (client, signal) => client.findLesson(ref, { signal })
});

export const transcript = (id: string, asset: string | null = null): IQuery<Transcript> => ({
  key: ['transcript', id, asset],
  fetch: (client, signal) => client.transcript(id, asset, { signal }),
  busy: found => !found.complete
});

export const captions = (id: string, asset: string | null = null): IQuery<string> => ({
  key: ['captions', id, asset],
  fetch: (client, signal) => client.captions(id, asset, { signal })
});

export const lessonProgress = (id: string): IQuery<Progress> => ({
  key: ['progress', 'lesson', id],
  fetch: (client, signal) => client.lessonProgress(id, { signal })
});

export const courseProgress = (id: string): IQuery<CourseProgress> => ({
  key: ['progress', 'course', id],
  fetch: (client, signal) => client.courseProgress(id, { signal })
});

export const plan = (id: string, wishes: IWishes): IQuery<Plan> => ({
  key: ['progress', 'plan', id, String(wishes.minutes), wishes.days, wishes.start],
  fetch: (client, signal) => client.plan(id, wishes, { signal })
});

/** The reader's own notes of a lesson, in its order; a visitor has none. */
export const notes = (id: string): IQuery<LearnerNote[]> => ({
  key: ['notes', id],
  async fetch(client, signal) {
    if (!mayKeep(await client.session())) {
      return [];
    }
    const all: LearnerNote[] = [];
    for (let next: string | null | undefined = undefined; next !== null;) {
      const page: Awaited<ReturnType<Client['notes']>> = await client.notes(id, next, { signal });
      all.push(...page.items);
      next = page.next;
    }
    return all;
  }
});

export const asset = (id: string): IQuery<Asset> => ({
  key: ['asset', id],
  fetch: (client, signal) => client.asset(id, { signal }),
  busy: found => working(found.status)
});

export const content = (id: string): IQuery<Content> => ({
  key: ['content', id],
  fetch: (client, signal) => client.content(id, { signal })
});

export const jobs = (ofCourse: string | null): IQuery<Job[]> => ({
  key: ['jobs', ofCourse],
  fetch: async (client, signal) => (await client.jobs(ofCourse, { signal })).items,
  busy: items => items.some(unfinished)
});

export const speech = (ofCourse: string): IQuery<ISpeech> => ({
  key: ['speech', ofCourse],
  fetch: (client, signal) => client.speech(ofCourse, { signal })
});

export const embeddings = (): IQuery<Embeddings> => ({
  key: ['embeddings'],
  fetch: (client, signal) => client.embeddings({ signal }),
  busy: ({ courses: all }) => all.some(({ jobs: open }) => open > 0)
});

/** Whether this person may add to courses and correct them. */
export const mayAuthor = ({ roles, course: only }: Session): boolean =>
  only === null && roles.some(role => role === 'owner' || role === 'educator');

/** Whether something of this person is kept; of a visitor nothing is. */
export const mayKeep = ({ roles }: Session): boolean => roles.some(role => role !== 'viewer');
