/** The two choices that speech settings and hearing a lecture again have in common. */

import { html, nothing, type TemplateResult } from 'lit';
import type { ISpeech, ISpeechModel } from '../api/speech';
import { englishOnly, languages } from '../model/speech-settings';

const valueOf = (event: Event) => (event.target as HTMLSelectElement).value;

/** `tiny.en`, and what keeps it from being used. */
const named = ({ name, languages: known, available }: ISpeechModel) =>
  `${name} · ${known === 'en' ? 'English' : 'many languages'}${available ? '' : ' · not installed'}`;

/** A model, or the best of this machine; why it is that one stands beneath. */
export function modelField(speech: ISpeech, model: string, choose: (model: string) => void): TemplateResult {
  const best = speech.models.find(({ chosen }) => chosen);
  const why = speech.models.find(({ name }) => name === (model === 'auto' ? best?.name : model))?.why;
  return html`<div class="field">
    <label for="model">Model</label>
    <select id="model" aria-describedby="model-why" @change=${(event: Event) => choose(valueOf(event))}>
      <option value="auto" ?selected=${model === 'auto'}>
        The best here${model === 'auto' && best ? ` (${best.name})` : ''}
      </option>
      ${speech.models.map(
        one =>
          html`<option value=${one.name} ?selected=${one.name === model} ?disabled=${!one.available}>
            ${named(one)}
          </option>`
      )}
    </select>
    <span class="quiet" id="model-why">${why ?? nothing}</span>
  </div>`;
}

const HEARD = 'Found out by listening';

/** The language that is spoken; null lets the model find out, or is what `unsaid` says: then `auto` lets it. */
export function languageField(
  speech: ISpeech,
  model: string,
  language: string | null,
  choose: (language: string | null) => void,
  unsaid?: string
): TemplateResult {
  const english = englishOnly(speech, model);
  const heard = html`<option value="auto" ?selected=${language === 'auto'}>${HEARD}</option>`;
  return html`<div class="field">
    <label for="language">Spoken language</label>
    <select
      id="language"
      aria-describedby="language-why"
      ?disabled=${english}
      @change=${(event: Event) => choose(valueOf(event) || null)}
    >
      ${
        english
          ? html`<option>English</option>`
          : html`<option value="" ?selected=${language === null}>${unsaid ?? HEARD}</option>
              ${unsaid ? heard : nothing}
              ${languages(language === 'auto' ? null : language).map(
                ([code, name]) => html`<option value=${code} ?selected=${code === language}>${name}</option>`
              )}`
      }
    </select>
    <span class="quiet" id="language-why">${english ? 'This model knows only English.' : nothing}</span>
  </div>`;
}
