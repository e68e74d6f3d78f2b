/** What `<kh-ask>` shows of one question: its answer sentence by sentence, each with the places it comes from. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Answer, Citation, Sentence, Session } from '../api/client';
import { lost, parted, type ITurn } from '../model/conversation';
import type { KhAsk } from './ask';
import { slideAt } from '../model/slides';
import { sentence } from './base';
import { openDocument } from './document';
import { rate, rating } from './ask-rating';
import * as icons from './icons';
import { aboutName, openLesson, placeName, sourceName, spokenPlace } from './places';

export function renderTurn(host: KhAsk, turn: ITurn): TemplateResult {
  return html`<article class="turn" aria-busy=${turn.state === 'asking'}>
    <h3>${turn.question}</h3>
    ${moment(host, turn)} ${rewritten(host, turn)}
    ${turn.problem ? host.renderProblem(turn.problem, () => host.ask(turn.question, turn.how)) : answer(host, turn)}
    ${turn.citations.length ? sources(host, turn.citations) : nothing} ${apart(turn)}
    ${turn.state === 'done' ? foot(host, turn) : nothing} ${host.taking.note(turn)} ${rating(host, turn)}
    ${turn.state === 'stopped' ? html`<p class="quiet">Stopped.</p>` : nothing}
  </article>`;
}

/** The minute that was asked about, which plays again when it is pressed. */
function moment(host: KhAsk, { answer }: ITurn): TemplateResult | typeof nothing {
  const about = answer?.moment;
  return about
    ? html`<p class="rewritten quiet">
        <button @click=${() => host.replay(about)}>${aboutName(about)}</button>
      </p>`
    : nothing;
}

/** What was searched for where a question leaned on those before it, and the way to have it taken as it is. */
function rewritten(host: KhAsk, { question, answer }: ITurn): TemplateResult | typeof nothing {
  const query = answer?.rewritten_query;
  return query
    ? html`<p class="rewritten quiet">
        Searched for: <q>${query}</q>
        <button aria-label="Ask “${question}” alone" @click=${() => host.ask(question, { alone: true })}>
          Ask it alone
        </button>
      </p>`
    : nothing;
}

function answer(host: KhAsk, turn: ITurn): TemplateResult {
  const refused = turn.answer !== null && !turn.answer.grounded;
  if (refused && !turn.citations.length) {
    return html`<p class="answer">${turn.answer?.answer}</p>
      ${nearest(host, turn.answer?.nearest ?? [])}`;
  }
  const { proven } = parted(turn.sentences);
  return html`<p class="answer">
    ${proven.map(said => renderSentence(host, said, turn.citations))}
    ${turn.draft ? html`<span class="draft" aria-label="Draft">${turn.draft}</span>` : nothing}
    ${
      turn.state === 'asking' && !turn.draft && !turn.sentences.length
        ? html`<span class="thinking">Reading the course…</span>`
        : nothing
    }
  </p>`;
}

/** The lessons that come nearest to a question nobody answers here: a way on, not a source. */
const nearest = (host: KhAsk, lessons: NonNullable<Answer['nearest']>): TemplateResult | typeof nothing =>
  lessons.length
    ? html`<div class="nearest quiet">
        <span>Nearest to it:</span>
        <ul aria-label="Lessons nearest to it">
          ${lessons.map(
            lesson => html`<li><button @click=${() => openLesson(host, lesson)}>${lesson.title}</button></li>`
          )}
        </ul>
      </div>`
    : nothing;

/** What the chat model said and the course does not prove: behind the sources, which are not its own, and named so. */
function apart(turn: ITurn): TemplateResult | typeof nothing {
  const { unproven } = parted(turn.sentences);
  return unproven.length
    ? html`<aside class="apart" aria-label="Not proven by the course">
        <span class="flag">Not proven by the course</span>
        ${unproven.map(({ text }) => html`<span class="unproven">${text}</span> `)}
      </aside>`
    : nothing;
}

/** The numbers stay with the sentence's last word. */
function renderSentence(host: KhAsk, said: Sentence, citations: Citation[]): TemplateResult {
  const { text } = said;
  const cut = text.lastIndexOf(' ') + 1;
  const chips = said.citations.map(n =>
    chip(
      host,
      n,
      citations.find(one => one.n === n)
    )
  );
  return html`<span>${text.slice(0, cut)}</span
    ><span class="end"><span>${text.slice(cut)}</span>${chips}</span> `;
}

/** A number; where it leads is known once the whole answer is. */
function chip(host: KhAsk, n: number, citation: Citation | undefined): TemplateResult {
  if (!citation) {
    return html`<button class="chip" disabled aria-label="Source ${n}">${n}</button>`;
  }
  if (lost(citation)) {
    return html`<button class="chip" disabled aria-label="Source ${n}, which is not there any more">
      ${n}
    </button>`;
  }
  const show = (event: Event) => host.showQuote(event.currentTarget as HTMLElement, citation);
  return html`<button
    class="chip"
    aria-label="Source ${n}: ${sourceName(citation)}, ${citation.title}, ${spokenPlace(citation.locator)}"
    @click=${() => host.open(citation)}
    @mouseenter=${show}
    @focus=${show}
    @mouseleave=${host.hideQuote}
    @blur=${host.hideQuote}
  >
    ${n}
  </button>`;
}

const sources = (host: KhAsk, citations: Citation[]): TemplateResult =>
  html`<ol class="sources quiet" aria-label="Sources">
    ${citations.map(citation =>
      lost(citation)
        ? unopened(citation)
        : html`<li>
            <button @click=${() => host.open(citation)}>
              <span class="n">${citation.n}</span>
              <span class="kind" title=${sourceName(citation)}
                >${icons.ofKind(citation.kind ?? null)}<span class="sr">${sourceName(citation)}: </span></span
              >
              <span class="title">${citation.title}</span>
              <span class="where">${placeName(citation.locator)}</span>
              ${citation.state === 'moved' ? html`<span>moved since</span>` : nothing}
            </button>
            ${slide(host, citation)}
          </li>`
    )}
  </ol>`;

/** A source of an earlier answer that was deleted or changed: its words stay, its place is not there any more. */
const unopened = (citation: Citation): TemplateResult =>
  html`<li class="gone">
    <span class="n">${citation.n}</span>
    <span class="title">${citation.title}: “${citation.quote}”</span>
    <span
      >${citation.gone ? 'not in the course any more' : 'not said there any more, the file was changed'}</span
    >
  </li>`;

/** The slide that was shown at a cited second of this lesson, which opens the deck there. */
function slide(host: KhAsk, { lesson, locator }: Citation): TemplateResult | typeof nothing {
  const detail = host.detail.data;
  const spans = locator.kind === 'time' && detail?.lesson === lesson ? detail.slides : [];
  const shown = slideAt(spans, locator.start ?? 0);
  const open = () =>
    shown && openDocument({ api: host.api, asset: shown.asset, locator: { kind: 'page', page: shown.page } });
  return shown
    ? html`<button class="slide" aria-label="Open slide ${shown.page}" @click=${open}>
        slide ${shown.page}
      </button>`
    : nothing;
}

function foot(host: KhAsk, turn: ITurn): TemplateResult {
  const answers = host.session.data?.answers;
  return html`<div class="foot quiet">
    <span
      >${turn.answer?.notice ? `${turn.answer.notice} ` : ''}${sentence(turn.answer?.grounded ? answeredBy(turn, answers) : noModelHint(answers))}</span
    >
    <span class="acts">${rate(host, turn)} ${host.taking.buttons(turn)}</span>
  </div>`;
}

/** Which mode answered; without a chat model, how to get one. */
function answeredBy(turn: ITurn, answers: Session['answers'] | undefined): string {
  if (turn.answer?.mode === 'model') {
    return `Answered by ${answers?.model ?? 'a chat model'}, every source checked`;
  }
  const why = answers?.model ? '' : ` · no chat model${answers?.hint ? `: ${answers.hint}` : ''}`;
  return `Answered with verbatim quotes${why}`;
}

const noModelHint = (answers: Session['answers'] | undefined): string =>
  answers && !answers.model && answers.hint ? `No chat model: ${answers.hint}` : '';
