/** How a course's speech settings change: pure, from one document to the next. */

import type { IHotWord, ISpeech, ISpeechSettings } from '../api/speech';

export const own = ({ hot_words }: ISpeech): IHotWord[] =>
  hot_words.filter(({ source }) => source === 'course');
const found = ({ hot_words }: ISpeech): IHotWord[] => hot_words.filter(({ source }) => source !== 'course');
export const used = (speech: ISpeech): IHotWord[] => found(speech).filter(({ kept }) => kept);
export const unused = (speech: ISpeech): IHotWord[] => found(speech).filter(({ kept }) => !kept);

const same = (one: string, other: string) =>
  one.localeCompare(other, undefined, { sensitivity: 'accent' }) === 0;

/** What the server is told of the settings as they are. */
export function settingsOf(speech: ISpeech): ISpeechSettings {
  return {
    hot_words: own(speech).map(({ word }) => word),
    hidden: unused(speech).map(({ word }) => word),
    model: speech.model,
    language: speech.language,
    task: speech.task
  };
}

/** What of the settings differs: the server keeps what is not told, such as words it did not list. */
export function changes(before: ISpeech, after: ISpeech): Partial<ISpeechSettings> {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const names = Object.keys(now) as (keyof ISpeechSettings)[];
  const differ = names.filter(name => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
  return Object.fromEntries(differ.map(name => [name, now[name]]));
}

/** With another model; one that knows only English leaves nothing else to choose. */
export function withModel(speech: ISpeech, model: string): ISpeech {
  const next = { ...speech, model };
  return englishOnly(next, model) ? { ...next, language: null, task: 'transcribe' } : next;
}

/** Words typed or pasted: one a line, or between commas. */
export const wordsOf = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map(word => word.trim().replace(/\s+/g, ' '))
    .filter(word => word !== '');

/** With more words of one's own, at the end; a found word among them moves there. The server says what is given. */
export function added(speech: ISpeech, words: string[]): ISpeech {
  const mine = own(speech);
  for (const word of words) {
    if (!mine.some(one => same(one.word, word))) {
      mine.push({ word, source: 'course', from: null, kept: true, given: true });
    }
  }
  const others = found(speech).filter(one => !mine.some(({ word }) => same(word, one.word)));
  return { ...speech, hot_words: [...mine, ...others] };
}

/** Without a word of one's own. */
export function removed(speech: ISpeech, word: string): ISpeech {
  return {
    ...speech,
    hot_words: speech.hot_words.filter(one => one.source !== 'course' || one.word !== word)
  };
}

/** With a found word used, or not. */
export function keeping(speech: ISpeech, word: string, kept: boolean): ISpeech {
  const change = (one: IHotWord) => (one.source !== 'course' && one.word === word ? { ...one, kept } : one);
  return { ...speech, hot_words: speech.hot_words.map(change) };
}

/** With a word of one's own `by` places further down. */
export function moved(speech: ISpeech, word: string, by: number): ISpeech {
  const mine = own(speech);
  const at = mine.findIndex(one => one.word === word);
  const to = Math.max(0, Math.min(mine.length - 1, at + by));
  if (at < 0 || to === at) {
    return speech;
  }
  mine.splice(to, 0, ...mine.splice(at, 1));
  return { ...speech, hot_words: [...mine, ...found(speech)] };
}

/** Languages Whisper knows best, by their ISO codes; a course may have another by the command line. */
const LANGUAGES = (
  'en de fr es it pt nl pl ru uk cs sk sl hr sr bg ro hu el tr sv da no fi et lv lt ' +
  'ar he fa hi bn ta te ur zh ja ko vi th id ms sw ca gl eu'
).split(' ');

const names = () => new Intl.DisplayNames(['en'], { type: 'language' });
export const languageName = (code: string): string => names().of(code) ?? code;

/** `[code, name]` in the order of their names; `also` is listed even if it is no common one. */
export function languages(also: string | null): [string, string][] {
  const codes = also && !LANGUAGES.includes(also) ? [...LANGUAGES, also] : LANGUAGES;
  const named = codes.map((code): [string, string] => [code, languageName(code)]);
  return named.sort(([, a], [, b]) => a.localeCompare(b));
}

/** Whether the model in use knows only English, so that there is nothing to choose. */
export function englishOnly(speech: ISpeech, model: string): boolean {
  const one = speech.models.find(({ name, chosen }) => (model === 'auto' ? chosen : name === model));
  return one?.languages === 'en';
}
