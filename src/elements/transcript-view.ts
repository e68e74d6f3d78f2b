/** What `<kh-transcript>` shows. */

import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CellLink, Job, LessonDetail, Segment, SlideSpan, Transcript } from '../api/client';
import { bySegment as notesBySegment, type INote } from '../model/note-lists';
import { working } from '../model/queries';
import { jobLine } from '../model/jobs';
import { slidesByLine } from '../model/slides';
import { clock } from '../model/times';
import { type IMatch, provenance } from '../model/transcripts';
import { sentence } from './base';
import * as icons from './icons';
import { openSearch } from './search';
import type { KhTranscript } from './transcript';
import { noteSelection, openNote } from './transcript-notes';

export const jobStatus = (job: Job): TemplateResult =>
  html`<div class="status">
    <span>${jobLine(job)}</span>
    <progress max="1" .value=${job.progress} aria-label=${jobLine(job)}></progress>
  </div>`;

/** One sentence where there are no lines, with what helps. */
export function withoutLines(host: KhTranscript, lesson: LessonDetail): TemplateResult {
  const asset = lesson.assets.find(one => one.asset === (host.asset ?? lesson.primary));
  if (asset?.error) {
    return html`<div class="problem" role="alert">
      <strong>${sentence(asset.error.message)}</strong><span>${sentence(asset.error.cure)}</span>
      ${
        asset.status === 'failed'
          ? html`<button class="button" @click=${host.retry}>${icons.retry} Try again</button>`
          : nothing
      }
    </div>`;
  }
  if (asset && (working(asset.status) || lesson.job)) {
    return html`<p class="quiet soon">Lines appear here while speech is being recognised.</p>`;
  }
  if (asset?.status === 'empty') {
    return html`<div class="empty">
      <strong>No speech was found in this recording.</strong>
      <span>If there is speech, add a caption file of the same name (.vtt or .srt) beside it.</span>
    </div>`;
  }
  return html`<div class="empty">
    <strong>This lesson has no transcript.</strong>
    <span>Add a video, a recording or a caption file to it.</span>
  </div>`;
}

export function lines(
  host: KhTranscript,
  transcript: Transcript,
  { links, slides }: LessonDetail,
  matches: IMatch[]
): TemplateResult {
  const [linked, matched, noted] = [bySegment(links), byLine(matches), notesBySegment(host.notes.items)];
  const shown = slidesByLine(slides, transcript.segments);
  const one = (segment: Segment, index: number) =>
    line(host, segment, index, {
      links: linked,
      matches: matched,
      slide: shown.get(index),
      notes: noted.get(segment.id) ?? []
    });
  return html`${repeat(transcript.segments, segment => segment.id, one)}`;
}

/** What may stand beside a line. */
interface IBeside {
  links: Map<string, CellLink[]>;
  matches: Map<number, IMatch[]>;
  slide: SlideSpan | undefined;
  notes: INote[];
}

function line(
  host: KhTranscript,
  segment: Segment,
  index: number,
  { links, matches, slide, notes }: IBeside
): TemplateResult {
  return html`<div class="line" role="listitem" data-index=${index} @click=${host.clicked}>
    <button
      class="time"
      id="t${index}"
      tabindex=${index === 0 ? 0 : -1}
      aria-labelledby="t${index} s${index}"
      @click=${host.timed}
    >
      ${clock(segment.start)}
    </button>
    <span class="text" id="s${index}"
      >${segment.speaker ? html`<span class="speaker">${segment.speaker}</span>` : nothing}${marked(
        segment.text,
        matches.get(index) ?? [],
        host.match
      )}</span
    >
    <span class="marks">
      ${notes.length ? noteMark(host, segment, notes) : nothing} ${slide ? slideMark(host, slide) : nothing}
      ${(links.get(segment.id) ?? []).slice(0, 1).map(link => cellMark(host, link))}
    </span>
  </div>`;
}

function bySegment(links: CellLink[]): Map<string, CellLink[]> {
  const map = new Map<string, CellLink[]>();
  links.forEach(link => link.segment && map.set(link.segment, [...(map.get(link.segment) ?? []), link]));
  return map;
}

function byLine(matches: IMatch[]): Map<number, IMatch[]> {
  const map = new Map<number, IMatch[]>();
  matches.forEach(match => map.set(match.line, [...(map.get(match.line) ?? []), match]));
  return map;
}

const cellMark = (host: KhTranscript, link: CellLink): TemplateResult =>
  html`<button
    class="cell"
    title="Open the notebook cell of this sentence"
    aria-label="Open the notebook cell at ${clock(link.start)}"
    @click=${(event: Event) => host.openCell(event, link)}
  >
    ${icons.code} Cell
  </button>`;

function noteMark(host: KhTranscript, segment: Segment, notes: INote[]): TemplateResult {
  const bookmarks = notes.every(({ body }) => !body);
  const what = bookmarks ? 'bookmark' : 'note';
  return html`<button
    class="cell noted"
    title=${notes.map(({ body }) => body).find(Boolean) ?? 'Bookmark'}
    aria-label="Open your ${what} at ${clock(segment.start)}"
    @click=${(event: Event) => openNote(host, event, notes[0].note)}
  >
    ${bookmarks ? icons.bookmark : icons.note} ${notes.length > 1 ? notes.length : nothing}
  </button>`;
}

const slideMark = (host: KhTranscript, slide: SlideSpan): TemplateResult =>
  html`<button
    class="cell slide"
    title="Open slide ${slide.page}, which is spoken of from here"
    aria-label="Open slide ${slide.page}"
    @click=${(event: Event) => host.openSlide(event, slide)}
  >
    ${icons.ofKind('document')} Slide ${slide.page}
  </button>`;

function marked(text: string, matches: IMatch[], current: IMatch | null): unknown {
  const parts: unknown[] = [];
  let at = 0;
  for (const match of matches) {
    const { from, to } = match;
    parts.push(text.slice(at, from));
    parts.push(html`<mark class=${classMap({ now: match === current })}>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return parts.length ? [...parts, text.slice(at)] : text;
}

export function findBar(host: KhTranscript, count: string, course: LessonDetail['course']): TemplateResult {
  return html`<div class="find" role="search">
    <label>
      ${icons.search}<span class="sr">Find in the transcript</span>
      <input
        type="search"
        placeholder="Find in the transcript"
        .value=${host.words}
        @input=${(event: Event) => host.find((event.target as HTMLInputElement).value)}
        @keydown=${host.findKey}
      />
    </label>
    ${
      host.words
        ? html`<span class="count quiet" role="status">${count}</span>
            <button class="icon" aria-label="Previous match" @click=${() => host.step(-1)}>
              ${icons.up}
            </button>
            <button class="icon" aria-label="Next match" @click=${() => host.step(1)}>${icons.down}</button>
            <button class="icon" aria-label="Clear" @click=${() => host.find('')}>${icons.close}</button>`
        : nothing
    }
    ${host.words.trim() && count === 'none' ? beyond(host, course) : nothing}
  </div>`;
}

/** Where this lesson does not say it, another one may. */
const beyond = (host: KhTranscript, course: LessonDetail['course']): TemplateResult =>
  html`<button class="link beyond" @click=${() => openSearch(host.api, course, host.words.trim())}>
    Search the whole course for “${host.words.trim()}”
  </button>`;

/** What stands above the lines: a note of what is selected, and the way back to what is said. */
export function floating(host: KhTranscript, spoken: boolean): TemplateResult {
  const { follow, chosen, notes } = host;
  return html`<div class="floating">
    ${
      chosen.quote && notes.may
        ? html`<button
            class="button strong"
            title="Note on what is selected (n)"
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${() => noteSelection(host)}
          >
            ${icons.note} Note
          </button>`
        : nothing
    }
    ${
      follow.following || !spoken
        ? nothing
        : html`<button class="button strong" @click=${() => follow.resume()}>${icons.down} Follow</button>`
    }
  </div>`;
}

export function foot(host: KhTranscript, transcript: Transcript): TemplateResult {
  const { engine, model, segments } = transcript;
  return html`<footer class="quiet">
    <span>${provenance(engine, model)}</span>
    ${host.author ? html`<kh-recognise .api=${host.api} .lesson=${host.lesson}></kh-recognise>` : nothing}
    <span>${segments.length} ${segments.length === 1 ? 'line' : 'lines'}</span>
  </footer>`;
}
