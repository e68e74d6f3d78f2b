/** Answers and a lesson as the server gives them, for tests of `<kh-ask>` and `<kh-history>`. */

export const lesson = {
  lesson: 'l1',
  slug: 'celery',
  title: 'Celery',
  position: 0,
  course: { course: 'fullstack', id: 'c1', title: 'Full Stack' },
  assets: [],
  primary: null,
  questions: [],
  slides: [],
  links: [],
  job: null
};

export const answered = (question: string, more: object = {}) => ({
  question,
  rewritten_query: null,
  answer: 'It is lost.',
  grounded: true,
  mode: 'quote',
  sentences: [{ index: 0, text: 'It is lost.', citations: [1], supported: true }],
  citations: [
    {
      n: 1,
      lesson: 'l1',
      asset: 'a1',
      title: 'Celery',
      kind: 'video',
      locator: { kind: 'time', start: 101, end: 104 },
      quote: 'It is lost.',
      gone: false
    }
  ],
  took_ms: 1,
  entry: null,
  notice: null,
  nearest: [],
  ...more
});

export const entry = (id: string, question: string, more: object = {}) => ({
  entry: id,
  lesson: 'l1',
  asked_at: new Date().toISOString(),
  answer: answered(question, { entry: id }),
  rating: null,
  ...more
});
