import type { ISpeech } from '../../api/speech';
import * as settings from '../speech-settings';
import { fingerprint, kindOf, sorted } from '../upload-files';
import { Rate, sizeText } from '../upload-rate';

it.each([
  ['a.mp4', 'video'],
  ['A.MP4', 'video'],
  ['a.tar.vtt', 'captions'],
  ['.mp4', null],
  ['mp4', null],
  ['a.exe', null],
  ['slides.pptx', 'document']
])('%p is %p', (name, kind) => expect(kindOf(name)).toBe(kind));

it('leaves litter out silently, and names what it cannot take', () => {
  const names = ['.DS_Store', 'Thumbs.db', '~$lecture.docx', 'lecture.docx', 'run.sh', 'old.ppt'];
  const { files, left } = sorted(names.map(name => ({ file: new File(['x'], name), path: null })));
  expect([files.map(({ file }) => file.name), left]).toEqual([['lecture.docx', 'old.ppt'], ['run.sh']]);
});

it('tells files apart by folder, size, time and course', () => {
  const look = { name: 'a.mp4', path: 'w1/a.mp4', size: 5, mtime: 7 };
  const prints = [
    fingerprint('c1', look),
    fingerprint('c2', look),
    fingerprint('c1', { ...look, path: 'w2/a.mp4' }),
    fingerprint('c1', { ...look, size: 6 }),
    fingerprint('c1', { ...look, mtime: 8 })
  ];
  expect(new Set(prints).size).toBe(5);
  expect(fingerprint('c1', { ...look })).toBe(prints[0]);
});

it('measures speed over the last seconds, and begins anew after a cut', () => {
  const rate = new Rate();
  rate.add(0, 0);
  expect(rate.perSecond).toBeNull();
  rate.add(1000, 1000);
  rate.add(2000, 2000);
  expect(rate.perSecond).toBe(1000);
  for (let second = 3; second <= 20; second++) {
    rate.add(2000 + (second - 2) * 5000, second * 1000);
  }
  expect(rate.perSecond).toBe(5000);
  rate.add(500, 21_000);
  expect(rate.perSecond).toBeNull();
});

it.each([
  [0, '0\u202fbytes'],
  [999, '999\u202fbytes'],
  [1500, '2\u202fkB'],
  [1_449_000, '1.4\u202fMB'],
  [12_300_000, '12\u202fMB'],
  [2_000_000_000, '2.0\u202fGB']
])('%p bytes are %p', (bytes, text) => expect(sizeText(bytes)).toBe(text));

const speech: ISpeech = {
  hot_words: [
    { word: 'Celery', source: 'course', from: null, kept: true, given: true },
    { word: 'Redis', source: 'course', from: null, kept: true, given: true },
    { word: 'worker', source: 'notebook', from: 'celery.ipynb', kept: true, given: true },
    { word: 'print', source: 'notebook', from: 'celery.ipynb', kept: false, given: false }
  ],
  limit: 40,
  fill: 25,
  model: 'auto',
  language: null,
  task: 'transcribe',
  models: [
    { name: 'tiny.en', languages: 'en', why: 'Fast.', chosen: true, available: true },
    { name: 'base', languages: 'many', why: 'Right more often.', chosen: false, available: true }
  ]
};
const told = (one: ISpeech) => settings.settingsOf(one);

it('tells the server words in order and found words that are not wanted', () => {
  expect(told(speech)).toEqual({
    hot_words: ['Celery', 'Redis'],
    hidden: ['print'],
    model: 'auto',
    language: null,
    task: 'transcribe'
  });
});

it('adds, removes, moves, hides and restores words', () => {
  expect(told(settings.added(speech, ['GIN', 'celery', 'worker'])).hot_words).toEqual([
    'Celery',
    'Redis',
    'GIN',
    'worker'
  ]);
  expect(settings.used(settings.added(speech, ['worker']))).toEqual([]);
  expect(told(settings.removed(speech, 'Celery')).hot_words).toEqual(['Redis']);
  expect(told(settings.moved(speech, 'Redis', -1)).hot_words).toEqual(['Redis', 'Celery']);
  expect(settings.moved(speech, 'Celery', -1)).toBe(speech);
  expect(told(settings.keeping(speech, 'worker', false)).hidden).toEqual(['worker', 'print']);
  expect(told(settings.keeping(speech, 'print', true)).hidden).toEqual([]);
});

it('tells the server only what was changed', () => {
  expect(settings.changes(speech, settings.moved(speech, 'Redis', -1))).toEqual({
    hot_words: ['Redis', 'Celery']
  });
  expect(settings.changes(speech, settings.withModel(speech, 'base'))).toEqual({ model: 'base' });
  expect(settings.changes(speech, speech)).toEqual({});
});

it('leaves nothing to choose beside a model that knows only English', () => {
  const german: ISpeech = { ...speech, model: 'base', language: 'de', task: 'translate' };
  expect(settings.withModel(german, 'tiny.en')).toMatchObject({ language: null, task: 'transcribe' });
  expect(settings.withModel(german, 'base')).toMatchObject({ language: 'de', task: 'translate' });
});

it('splits what was pasted', () =>
  expect(settings.wordsOf(' Celery, B-tree;\n\nPostgre  SQL ,')).toEqual([
    'Celery',
    'B-tree',
    'Postgre SQL'
  ]));

it('knows whether a model has a choice of languages', () => {
  expect(settings.englishOnly(speech, 'auto')).toBe(true);
  expect(settings.englishOnly(speech, 'base')).toBe(false);
});
