/** One function a route, with the types of openapi.yaml. */

import type { Connection, IOptions } from './request';
import type { IRecognise, ISpeech, ISpeechSettings } from './speech';
import type { components } from './types';
import {
  discard,
  type IListener,
  type ISent,
  type IUploadDocument,
  type IUploadPage,
  Sending
} from './uploads';

type Schemas = components['schemas'];
export type Added = Schemas['Added'];
export type Answer = Schemas['Answer'];
export type Asset = Schemas['Asset'];
export type CellLink = Schemas['CellLink'];
export type Citation = Schemas['Citation'];
export type Content = Schemas['Content'];
export type Course = Schemas['Course'];
export type CourseDetail = Schemas['CourseDetail'];
export type CoursePage = Schemas['CoursePage'];
export type CourseProgress = Schemas['CourseProgress'];
export type Plan = Schemas['Plan'];
export type CourseVectors = Schemas['CourseVectors'];
export type EmbedderOffer = Schemas['EmbedderOffer'];
export type Embeddings = Schemas['Embeddings'];
export type Deletion = Schemas['Deletion'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type HistoryPage = Schemas['HistoryPage'];
export type HubEvent = Schemas['Event'];
export type Job = Schemas['Job'];
export type JobPage = Schemas['JobPage'];
export type LearnerNote = Schemas['LearnerNote'];
export type LessonDetail = Schemas['LessonDetail'];
export type LessonSummary = Schemas['LessonSummary'];
export type Locator = Schemas['Locator'];
export type MediaUrl = Schemas['MediaUrl'];
export type NewLearnerNote = Schemas['NewLearnerNote'];
export type Problem = Schemas['Problem'];
export type Progress = Schemas['Progress'];
export type RemovedFile = Schemas['RemovedFile'];
export type SearchResult = Schemas['SearchResult'];
export type Sentence = Schemas['Sentence'];
export type Session = Schemas['Session'];
export type SlideSpan = Schemas['SlideSpan'];
export type Transcript = Schemas['Transcript'];
export type Segment = Transcript['segments'][number];
export type Status = Asset['status'];
export type VectorSet = Schemas['VectorSet'];
export type Watched = Schemas['Watched'];
export type Question = Schemas['Question'];

/** Which part of a course is searched. */
export interface ISearchWithin {
  kinds?: string | null;
  watched?: number | null;
}

const id = encodeURIComponent;

/** `?a=1&b=2` of the values that are there. */
/** When a learner has time: minutes of media a day, on these days of the week (`mo,we`), from a day on. */
export interface IWishes {
  minutes: number;
  days: string;
  start: string;
}

function query(values: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return pairs.length ? '?' + new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])) : '';
}

export class Client {
  constructor(readonly connection: Connection) {}

  session = () => this.connection.session();

  courses = (cursor?: string | null, options?: IOptions) =>
    this.connection.get<CoursePage>(`/courses${query({ cursor, limit: 100 })}`, options);

  createCourse = (slug: string, title: string) =>
    this.connection.post<CourseDetail>('/courses', { slug, title });

  course = (course: string, options?: IOptions) =>
    this.connection.get<CourseDetail>(`/courses/${id(course)}`, options);

  addAssets = (course: string, paths: string[]) =>
    this.connection.post<Added>(`/courses/${id(course)}/assets`, { paths });

  /** `within` narrows: kinds of files, separated by commas; 1 for what was watched. */
  search = (course: string, q: string, within: ISearchWithin = {}, options?: IOptions) =>
    this.connection.get<SearchResult>(
      `/courses/${id(course)}/search${query({ q, limit: 10, ...within })}`,
      options
    );

  ask = (course: string, question: Question, options?: IOptions) =>
    this.connection.stream(`/courses/${id(course)}/ask`, question, options);

  /** The reader's own questions, newest first; `within`: of one lesson, from behind a cursor. */
  history = (course: string, within: { lesson?: string; cursor?: string; limit?: number } = {}) =>
    this.connection.get<HistoryPage>(`/courses/${id(course)}/history${query({ limit: 20, ...within })}`);

  rate = (entry: string, helpful: boolean | null, comment: string | null) =>
    this.connection.put<HistoryEntry>(`/history/${id(entry)}/rating`, { helpful, comment });

  deleteEntry = (entry: string) => this.connection.delete<Deletion>(`/history/${id(entry)}`);

  clearHistory = (course: string) => this.connection.delete<Deletion>(`/courses/${id(course)}/history`);

  restoreHistory = (course: string, deletion: string) =>
    this.connection.post<Schemas['Restored']>(`/courses/${id(course)}/history/restore`, { deletion });

  /** The reader's own notes of a lesson, in its order. */
  notes = (lesson: string, cursor?: string | null, options?: IOptions) =>
    this.connection.get<Schemas['LearnerNotePage']>(
      `/lessons/${id(lesson)}/notes${query({ cursor, limit: 100 })}`,
      options
    );

  addNote = (lesson: string, note: NewLearnerNote) =>
    this.connection.post<LearnerNote>(`/lessons/${id(lesson)}/notes`, note);

  note = (note: string) => this.connection.get<LearnerNote>(`/notes/${id(note)}`);

  editNote = (note: string, body: string, version: number) =>
    this.connection.put<LearnerNote>(`/notes/${id(note)}`, { body, version });

  deleteNote = (note: string) => this.connection.delete<Schemas['LearnerNoteDeleted']>(`/notes/${id(note)}`);

  restoreNote = (note: string) => this.connection.post<LearnerNote>(`/notes/${id(note)}/restore`, {});

  /** The address of a file of one's notes. */
  notesFile = (lesson: string, format: 'md' | 'ipynb') =>
    `${this.connection.base}/lessons/${id(lesson)}/notes/export${query({ format })}`;

  courseProgress = (course: string, options?: IOptions) =>
    this.connection.get<CourseProgress>(`/courses/${id(course)}/progress`, options);

  plan = (course: string, wishes: IWishes, options?: IOptions) =>
    this.connection.get<Plan>(`/courses/${id(course)}/plan${query({ ...wishes })}`, options);

  /** The address of the same plan as a calendar file. */
  planFile = (course: string, wishes: IWishes): string =>
    `${this.connection.base}/courses/${id(course)}/plan${query({ ...wishes, format: 'ics' })}`;

  findLesson = (ref: string, options?: IOptions) =>
    this.connection.get<LessonDetail>(`/lessons${query({ ref })}`, options);

  lesson = (lesson: string, options?: IOptions) =>
    this.connection.get<LessonDetail>(`/lessons/${id(lesson)}`, options);

  transcript = (lesson: string, asset?: string | null, options?: IOptions) =>
    this.connection.get<Transcript>(`/lessons/${id(lesson)}/transcript${query({ asset })}`, options);

  captions = (lesson: string, asset?: string | null, options?: IOptions) =>
    this.connection.text(`/lessons/${id(lesson)}/transcript${query({ asset, format: 'vtt' })}`, options);

  lessonProgress = (lesson: string, options?: IOptions) =>
    this.connection.get<Progress>(`/lessons/${id(lesson)}/progress`, options);

  asset = (asset: string, options?: IOptions) => this.connection.get<Asset>(`/assets/${id(asset)}`, options);

  /** The signed address of a medium, made absolute. */
  media = async (asset: string, options?: IOptions): Promise<MediaUrl> => {
    const media = await this.connection.get<MediaUrl>(`/assets/${id(asset)}/media`, options);
    return { ...media, url: new URL(media.url, `${this.connection.base}/`).href };
  };

  content = (asset: string, options?: IOptions) =>
    this.connection.get<Content>(`/assets/${id(asset)}/content`, options);

  watched = (asset: string, watched: Watched, options?: IOptions) =>
    this.connection.post<Progress>(`/assets/${id(asset)}/watched`, watched, options);

  jobs = (course?: string | null, options?: IOptions) =>
    this.connection.get<JobPage>(`/jobs${query({ course, limit: 50 })}`, options);

  /** Takes jobs that are over off the lists, with `failed` those that failed too. */
  clearJobs = (course: string | null, failed: boolean) =>
    this.connection.post<{ cleared: number }>('/jobs/clear', { course, failed });

  cancelJob = (job: string) => this.connection.post<Job>(`/jobs/${id(job)}/cancel`, {});

  retryJob = (job: string) => this.connection.post<Job>(`/jobs/${id(job)}/retry`, {});

  /** Takes a file out of its lesson; `restoreAsset` puts it back. */
  removeAsset = (asset: string) => this.connection.delete<void>(`/assets/${id(asset)}`);

  restoreAsset = (asset: string) => this.connection.post<Asset>(`/assets/${id(asset)}/restore`, {});

  removed = (course: string, options?: IOptions) =>
    this.connection.get<{ items: RemovedFile[] }>(`/courses/${id(course)}/removed`, options);

  embeddings = (options?: IOptions) => this.connection.get<Embeddings>('/embeddings', options);

  rebuildEmbeddings = (courses: string[], model: string) =>
    this.connection.post<Schemas['Rebuilt']>('/embeddings/rebuild', { courses, model });

  cancelEmbeddings = (courses: string[]) =>
    this.connection.post<Schemas['Stopped']>('/embeddings/cancel', { courses });

  deleteEmbeddings = (model: string) =>
    this.connection.delete<Schemas['VectorsDeleted']>(`/embeddings/${id(model)}`);

  uploads = (course: string, cursor?: string | null, options?: IOptions) =>
    this.connection.get<IUploadPage>(`/uploads${query({ course, cursor })}`, options);

  upload = (upload: string, options?: IOptions) =>
    this.connection.get<IUploadDocument>(`/uploads/${id(upload)}`, options);

  /** Begins to send a file, or goes on with it. */
  send = (what: ISent, listener: IListener, checked = true) =>
    new Sending(this.connection, what, listener, checked);

  discardUpload = (upload: string) => discard(this.connection, upload);

  speech = (course: string, options?: IOptions) =>
    this.connection.get<ISpeech>(`/courses/${id(course)}/speech`, options);

  setSpeech = (course: string, settings: Partial<ISpeechSettings>) =>
    this.connection.put<ISpeech>(`/courses/${id(course)}/speech`, settings);

  recognise = (lesson: string, how: IRecognise) =>
    this.connection.post<{ job: string }>(`/lessons/${id(lesson)}/recognise`, how);
}
