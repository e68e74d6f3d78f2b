/** How helpful an answer was: two buttons, and a sentence for who likes to say more. */

import { html, nothing, type TemplateResult } from 'lit';
import type { ITurn } from '../model/conversation';
import type { KhAsk } from './ask';
import * as icons from './icons';

/** The buttons; pressed again they take it back. Of an answer that is not kept there is nothing to rate. */
export function rate(host: KhAsk, turn: ITurn): TemplateResult | typeof nothing {
  if (!turn.answer?.entry) {
    return nothing;
  }
  const button = (helpful: boolean, name: string, icon: TemplateResult) => {
    const pressed = turn.rating?.helpful === helpful;
    return html`<button
      class="icon"
      title=${name}
      aria-label=${name}
      aria-pressed=${pressed}
      @click=${() => host.rate(turn, pressed ? null : helpful)}
    >
      ${icon}
    </button>`;
  };
  return html`<span role="group" aria-label="Was this helpful?"
    >${button(true, 'Helpful', icons.helpful)}${button(false, 'Not helpful', icons.unhelpful)}</span
  >`;
}

/** What may be said with a rating, or that it was not kept. */
export function rating(host: KhAsk, turn: ITurn): TemplateResult | typeof nothing {
  if (host.unrated && host.unrated.turn === turn.answer?.entry) {
    return host.renderProblem(host.unrated.problem);
  }
  if (!turn.rating) {
    return nothing;
  }
  const { helpful, comment } = turn.rating;
  if (comment) {
    return html`<p class="quiet" role="status">You said: “${comment}”</p>`;
  }
  const send = (event: Event) => {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement).get('comment') as string;
    if (said.trim()) {
      host.rate(turn, helpful, said.trim());
    }
  };
  return html`<form class="comment" @submit=${send} @keydown=${(event: Event) => event.stopPropagation()}>
    <input
      type="text"
      name="comment"
      maxlength="1000"
      aria-label=${helpful ? 'What was good about it?' : 'What was wrong with it?'}
      placeholder=${helpful ? 'What was good about it? (if you like)' : 'What was wrong with it? (if you like)'}
    />
    <button class="button">Send</button>
  </form>`;
}
