/** How a course's lectures are recognised, as the server tells it. */

/** `course` are words somebody wrote; the others were found in the course's files. */
export type WordSource = 'course' | 'notebook' | 'document' | 'slides';

export interface IHotWord {
  word: string;
  source: WordSource;
  /** The file it was found in. */
  from: string | null;
  /** Whether it is used; false for a found word that somebody does not want. */
  kept: boolean;
}

export interface ISpeechModel {
  name: string;
  languages: 'en' | 'many';
  why: string;
  chosen: boolean;
  available: boolean;
}

export type Task = 'transcribe' | 'translate';

export interface ISpeech {
  hot_words: IHotWord[];
  /** How many words the recogniser takes. */
  limit: number;
  model: string;
  language: string | null;
  task: Task;
  models: ISpeechModel[];
}

/** What an educator decides; what is left out stays as it is. Words in order, found words not to use, and the model. */
export interface ISpeechSettings {
  hot_words: string[];
  hidden: string[];
  model: string;
  language: string | null;
  task: Task;
}

/** A lecture recognised again; `start` and `end` in seconds limit it to a stretch. */
export interface IRecognise {
  model?: string;
  start?: number;
  end?: number;
  /** `auto`: found out by listening; null: as the course says. */
  language?: string | null;
  task?: Task;
  /** Also where captions that somebody made are the transcript. */
  replace_captions?: boolean;
}
