/** `<kh-speech course>`: how a course's lectures are recognised: the model, the language, and the words to expect. */

import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { IHotWord, ISpeech, Task } from '../api/speech';
import { asProblem, type Problem } from '../api/problem';
import * as queries from '../model/queries';
import * as settings from '../model/speech-settings';
import { define, KhElement } from './base';
import { openDialog } from './dialog';
import * as icons from './icons';
import { languageField, modelField } from './speech-fields';
import { formStyles, speechStyles } from './speech-styles';
import { Watch } from './watch';

const SOURCES: Record<string, string> = {
  course: 'yours',
  notebook: 'notebook',
  document: 'document',
  slides: 'slides'
};

export class KhSpeech extends KhElement {
  static override styles = [...KhElement.styles, formStyles, speechStyles];

  /** Slug or id. */
  @property() course: string | null = null;

  /** What was changed here and the server has not told back yet. */
  @state() private draft: ISpeech | null = null;
  @state() private said = '';
  @state() private failed: Problem | null = null;
  @query('.add input') private readonly input!: HTMLInputElement | null;

  private readonly found = new Watch<ISpeech>(this, () => (this.course ? queries.speech(this.course) : null));
  private saving: Promise<unknown> = Promise.resolve();
  /** The settings as the server told them last. */
  private stored: ISpeech | null = null;
  private changes = 0;

  protected override render(): TemplateResult {
    const speech = this.draft ?? this.found.data;
    const problem = this.failed ?? this.found.problem;
    if (!speech) {
      return problem
        ? this.renderProblem(problem, this.found.again)
        : this.renderLoading('the speech settings');
    }
    return html`${problem ? this.renderProblem(problem, this.again) : nothing}
      <section aria-label="Model and language">
        <div class="fields">
          ${modelField(speech, speech.model, model => this.set(settings.withModel(speech, model)))}
          ${languageField(speech, speech.model, speech.language, language => this.set({ ...speech, language }))}
          ${this.task(speech)}
        </div>
        <p class="quiet">
          This holds for lectures added from now on. To hear one again, open it and choose “Recognise again…”
          beneath its transcript.
        </p>
      </section>
      ${this.words(speech)}
      <p class="saved quiet" role="status">${this.said}</p>`;
  }

  private task(speech: ISpeech): TemplateResult | typeof nothing {
    if (settings.englishOnly(speech, speech.model)) {
      return nothing;
    }
    const choice = (task: Task, name: string) =>
      html`<label class="choice"
        ><input
          type="radio"
          name="task"
          .checked=${speech.task === task}
          @change=${() => this.set({ ...speech, task })}
        />${name}</label
      >`;
    return html`<fieldset>
      <legend>Write</legend>
      ${choice('transcribe', 'what is said')} ${choice('translate', 'it in English')}
    </fieldset>`;
  }

  // Words

  private words(speech: ISpeech): TemplateResult {
    const all = [...settings.own(speech), ...settings.used(speech)];
    const given = all.filter(one => one.given);
    const beyond = all.filter(one => !one.given);
    const off = settings.unused(speech);
    return html`<section aria-label="Hot words">
        <h3>Hot words</h3>
        <p class="quiet">
          Names and terms that the recogniser should expect. It is given yours, ${speech.limit} at most. Words
          found in the course’s files fill up to ${speech.fill} in all; for a lecture that has files of its
          own, theirs come first among those.
        </p>
        <form class="add" @submit=${(event: Event) => this.submitted(event, speech)}>
          <input type="text" aria-label="Words to add" placeholder="Celery, B-tree, PostgreSQL" />
          <button class="button">Add</button>
        </form>
        ${
          all.length
            ? this.list('Words in use', speech, given, 0)
            : html`<p class="quiet">
                There are none yet. Add some, or add notebooks, slides and documents to the course.
              </p>`
        }
        ${
          beyond.length
            ? html`<p class="quiet limit">
                  Not given to the recogniser, which more words would mislead. Put what matters among yours.
                </p>
                ${this.list('Words beyond', speech, beyond, given.length)}`
            : nothing
        }
      </section>
      ${
        off.length
          ? html`<details>
              <summary>Not used (${off.length})</summary>
              <div class="words beyond" role="list" aria-label="Words not used">
                ${off.map(one => this.hiddenWord(speech, one))}
              </div>
            </details>`
          : nothing
      }`;
  }

  private list(name: string, speech: ISpeech, words: IHotWord[], from: number): TemplateResult {
    return html`<div class="words ${from ? 'beyond' : ''}" role="list" aria-label=${name}>
      ${repeat(
        words,
        ({ word, source }) => `${source}:${word}`,
        (one, at) => this.word(speech, one, from + at + 1)
      )}
    </div>`;
  }

  private word(speech: ISpeech, one: IHotWord, place: number): TemplateResult {
    const { word, source } = one;
    const own = settings.own(speech);
    const act = (name: string, icon: TemplateResult, next: () => ISpeech, off = false) =>
      html`<button
        class="icon"
        title=${`${name} ${word}`}
        aria-label=${`${name} ${word}`}
        ?disabled=${off}
        @click=${(event: Event) => this.acted(event, next())}
      >
        ${icon}
      </button>`;
    const acts =
      source === 'course'
        ? [
            act('Move up', icons.up, () => settings.moved(speech, word, -1), one === own[0]),
            act('Move down', icons.down, () => settings.moved(speech, word, 1), one === own.at(-1)),
            act('Remove', icons.close, () => settings.removed(speech, word))
          ]
        : [
            act('Put among yours', icons.up, () => settings.added(speech, [word])),
            act('Do not use', icons.close, () => settings.keeping(speech, word, false))
          ];
    return html`<div class="word" role="listitem">
      <span class="place">${place}</span><b>${word}</b>${this.origin(one)}<span class="acts">${acts}</span>
    </div>`;
  }

  private hiddenWord(speech: ISpeech, one: IHotWord): TemplateResult {
    return html`<div class="word" role="listitem">
      <span></span><b>${one.word}</b>${this.origin(one)}
      <button
        class="icon"
        title="Use ${one.word} again"
        aria-label="Use ${one.word} again"
        @click=${(event: Event) => this.acted(event, settings.keeping(speech, one.word, true))}
      >
        ${icons.retry}
      </button>
    </div>`;
  }

  private origin({ source, from }: IHotWord): TemplateResult {
    const text =
      source === 'course' || !from ? (SOURCES[source] ?? source) : `${SOURCES[source] ?? source} · ${from}`;
    return html`<span class="from quiet" title=${text}>${text}</span>`;
  }

  private submitted(event: Event, speech: ISpeech): void {
    event.preventDefault();
    const words = settings.wordsOf(this.input?.value ?? '');
    if (words.length && this.input) {
      this.input.value = '';
      this.set(settings.added(speech, words));
    }
  }

  /** Keeps the focus where the reader is when a row moves or goes. */
  private acted(event: Event, next: ISpeech): void {
    const name = (event.currentTarget as HTMLElement).getAttribute('aria-label');
    this.set(next);
    void this.updateComplete.then(() => {
      const buttons = [...(this.shadowRoot?.querySelectorAll<HTMLButtonElement>('.acts button') ?? [])];
      const again = buttons.find(one => one.getAttribute('aria-label') === name && !one.disabled);
      (again ?? (this.shadowRoot?.activeElement ? null : this.input))?.focus();
    });
  }

  // Saving

  /** Shows the change at once and saves it; changes are saved in their order, the last answer is shown. */
  private set(next: ISpeech): void {
    const course = this.course ?? '';
    const change = ++this.changes;
    this.draft = next;
    this.failed = null;
    this.said = 'Saving…';
    const save = async () => {
      const told = settings.changes(this.stored ?? (this.found.data as ISpeech), next);
      const answer = await this.hub.client.setSpeech(course, told);
      this.stored = answer;
      if (change === this.changes) {
        this.draft = answer;
        this.said = 'Saved.';
        this.hub.invalidate([['speech']]);
      }
    };
    this.saving = this.saving.then(save).catch(error => {
      if (change === this.changes) {
        this.failed = asProblem(error);
        this.said = 'Not saved.';
      }
    });
  }

  private readonly again = (): void => {
    if (this.failed && this.draft) {
      this.set(this.draft);
    } else {
      this.found.again();
    }
  };
}

/** Shows the settings of a course in a window. */
export function openSpeech(api: string | null, course: string): void {
  const content = Object.assign(document.createElement('kh-speech') as KhSpeech, { api, course });
  openDialog(api, 'Speech settings', content);
}

define('kh-speech', KhSpeech);
