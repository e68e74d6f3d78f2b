/** The commands of the extension and what they take. */

export const CommandIDs = {
  /** `{ lesson: id | 'course-slug/lesson-slug', t?: seconds, beside?: boolean }` */
  openLesson: 'knowhub:open-lesson',
  /** `{ path, cell }`: a notebook by its contents path, at one of its cells. */
  openCell: 'knowhub:open-cell',
  /** Shows the panel with courses and jobs. */
  showCourses: 'knowhub:show-courses',
  createCourse: 'knowhub:create-course',
  /** The files selected in the file browser, or `{ paths }`. */
  addToCourse: 'knowhub:add-to-course',
  /** A tab where files of one's own machine go into a course: `{ course?: id | slug }`, else it is asked for. */
  addLectures: 'knowhub:add-lectures',
  /** `{ course?: id | slug }` */
  speechSettings: 'knowhub:speech-settings',
  /** `{ markdown }`: a Markdown cell under the active one of the notebook in front. */
  insertAnswer: 'knowhub:insert-answer',
  /** What search by meaning rests on: models, counts, what is out of date. */
  searchVectors: 'knowhub:search-vectors'
} as const;

export interface IOpenLesson {
  lesson: string;
  t?: number;
  /** Whether its notebook is opened beside it; the setting decides where this is not said. */
  beside?: boolean;
  /** Comes from the layout of an earlier page. */
  restored?: boolean;
}

export const PLUGIN = '@knowhub/jupyterlab';
export const SETTINGS = `${PLUGIN}:plugin`;
export const CATEGORY = 'KnowHub';
