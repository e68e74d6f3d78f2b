/** Vectors of courses in words that a teacher understands, and what may be done about them: pure. */

import type { CourseVectors, Embeddings, VectorSet } from '../api/client';
import { percent, remaining } from './times';

const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const passages = (n: number): string => count(n, 'passage');
const every = (n: number): string => (n === 1 ? 'Its one passage' : `All ${passages(n)}`);

/** `12.3 MB`, `840 kB`. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** How much of a course is ready for the model it is to be searched by, 0 to 1. */
export const ready = ({ passages: all, stale }: CourseVectors): number => (all ? 1 - stale / all : 1);

/** How a course stands, a sentence or two. */
export function standing(course: CourseVectors, chosen: string): string {
  const { state, passages: all, model, coming } = course;
  switch (state) {
    case 'empty':
      return 'There is nothing to search yet.';
    case 'building': {
      const left = remaining(course.eta_s);
      const meanwhile = course.search === 'words' ? 'Until then only words are searched.' : 'Search goes on.';
      return `Being prepared: ${percent(ready(course))}${left ? ` · ${left}` : ''}. ${meanwhile}`;
    }
    case 'words':
      return `Only words are searched: the model ${model} is not on this machine.`;
    case 'stale':
      return coming
        ? `The change to ${coming} was not finished: ${passages(course.stale)} to go. It is searched by ${model}.`
        : reasons(course);
    case 'other':
      return `${every(all)} can be found by meaning, with ${model}. New courses use ${chosen}.`;
    default:
      return `${every(all)} can be found by meaning.`;
  }
}

/** What is out of date, and what a learner notices of it. */
function reasons({ missing, coarse, outdated }: CourseVectors): string {
  const said = [
    missing ? `${passages(missing)} can be found by words only.` : '',
    coarse
      ? `${passages(coarse)} were cut by older rules: a hit may open a little before or after where the answer starts.`
      : '',
    outdated && !coarse ? `${passages(outdated)} were prepared by older rules.` : ''
  ];
  return said.filter(Boolean).join(' ');
}

/** What the button of a course does; null where there is nothing to do, or something is being done. */
export function action(course: CourseVectors, wanted: string): string | null {
  if (course.state === 'empty' || course.state === 'building') {
    return null;
  }
  if ((course.model ?? wanted) !== wanted) {
    return course.coming === wanted ? 'Go on' : `Change to ${wanted}`;
  }
  return course.stale || course.coming ? 'Rebuild' : null;
}

/** Courses that rebuilding would change. */
export const due = ({ courses }: Embeddings, wanted: string): CourseVectors[] =>
  courses.filter(course => action(course, wanted) !== null);

/** Who uses a set of vectors, or that nobody does. */
export function usage({ used, courses, available }: VectorSet): string {
  const lack = available ? '' : ' Its model is not on this machine.';
  if (!used) {
    return `No course uses it any more.${lack}`;
  }
  const who = courses.length ? `Used by ${courses.join(', ')}.` : 'Used by a course in the trash.';
  return `${who}${lack}`;
}

/** `320 vectors · 384 numbers each · 0.5 MB`. */
export const amount = (set: VectorSet): string =>
  `${count(set.vectors, 'vector')} · ${set.dimensions} numbers each · ${size(set.bytes)}`;

/** What is lost with a set of vectors. */
export function farewell({ vectors, bytes, available }: VectorSet): string {
  const after = available
    ? 'To make them again takes a while.'
    : 'Its model is not on this machine: here they cannot be made again.';
  return `Delete ${count(vectors, 'vector')}, ${size(bytes)}? ${after}`;
}

/** What happened between two looks, for who cannot see the list change. */
export function news(before: Embeddings | null, after: Embeddings): string {
  const was = new Map((before?.courses ?? []).map(course => [course.course, course]));
  const over = after.courses.filter(
    course => was.get(course.course)?.state === 'building' && course.state !== 'building'
  );
  const told = over.map(course => `${course.title}: ${standing(course, after.chosen.model)}`);
  return told.length > 3 ? `${told.length} courses are no longer being prepared.` : told.join(' ');
}
