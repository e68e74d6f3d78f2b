/** Which part of a course a search looks at, and what that part is called. */

export type Part = 'all' | 'lectures' | 'documents' | 'notebooks';

export interface IScope {
  readonly part: Part;
  /** Only what the reader has watched, with the documents of these lessons. */
  readonly watched: boolean;
}

export const WHOLE: IScope = { part: 'all', watched: false };

/** The parts in their order: what the choice is called, and the kinds of files it stands for. */
export const PARTS: readonly { part: Part; label: string; kinds: string | null }[] = [
  { part: 'all', label: 'All', kinds: null },
  { part: 'lectures', label: 'Lectures', kinds: 'video,audio,captions' },
  { part: 'documents', label: 'Documents', kinds: 'document' },
  { part: 'notebooks', label: 'Notebooks', kinds: 'notebook' }
];

export const narrowed = ({ part, watched }: IScope): boolean => part !== 'all' || watched;

/** What a request says of a scope; nothing of one that does not narrow. */
export const within = ({ part, watched }: IScope): { kinds: string | null; watched: number | null } => ({
  kinds: PARTS.find(one => one.part === part)?.kinds ?? null,
  watched: watched ? 1 : null
});

/** The scope within a sentence: `this course`, `the lectures`, `the lectures you have watched`. */
export function scopeName({ part, watched }: IScope): string {
  if (part === 'all') {
    return watched ? 'what you have watched' : 'this course';
  }
  const seen = part === 'lectures' ? 'you have watched' : 'of what you have watched';
  return watched ? `the ${part} ${seen}` : `the ${part}`;
}
