/** How a course's lectures are recognised, as the server tells it. */

/** `course` are words somebody wrote; the others were found in the course's files. */
export type WordSource = 'course' | 'notebook' | 'document' | 'slides';

export interface IHotWord {
  word: string;
  source: WordSource;
  /** The file it was found in. */
  from: string | null;
  /** Whether it may be used; false for a found word that somebody does not want. */
  kept: boolean;
  /** Whether the recogniser is given it; for a lecture with files of its own, theirs come before other found words. */
  given: boolean;
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
  /** How many of the course's own words the recogniser is given at most. */
  limit: number;
  /** Up to how many words in all found ones are added to those. */
  fill: number;
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
