/** What a widget model offers under every host: Jupyter, Voila, and Panel's AnyWidgetComponent. */

/** The traits of `knowhub_ext.widgets`. */
export interface ITraits {
  kind: 'lesson' | 'player' | 'transcript' | 'ask' | 'progress' | 'course' | 'jobs';
  api: string;
  bundle: string;
  lesson: string;
  course: string;
  asset: string;
  time: number;
  playing: boolean;
  duration: number;
  active_segment: string;
  question: string;
  answer: object;
  progress: object;
  /** The lesson a click asked for and the second, `{lesson, time}`. */
  opened: object;
  /** What such a click does: open the lesson's page, or leave it to the notebook, which hears of `opened`. */
  opens: 'page' | 'here';
  fallback: string;
}

export interface IModel {
  get<K extends keyof ITraits>(name: K): ITraits[K] | undefined;
  set<K extends keyof ITraits>(name: K, value: ITraits[K]): void;
  save_changes(): void;
  /** Panel knows `change:<trait>` and `msg:custom`, and nothing else. */
  on(event: string, listener: (message: unknown) => void): void;
  off?(event: string, listener: (message: unknown) => void): void;
  send?(content: unknown): void;
}

/** What the loader needs of the bundle it imported. */
export interface IBundle {
  attach(model: IModel, el: HTMLElement, fallback: (why: string) => void): () => void;
}
