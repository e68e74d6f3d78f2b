/** A lesson as the content of a main-area tab. */

import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import '../elements/all';
import { knowhubIcon } from './icon';

export class LessonView extends Widget {
  private readonly element = document.createElement('kh-lesson');

  /** `lesson` is an id. */
  constructor(readonly lesson: string) {
    super();
    this.addClass('knowhub-LessonView');
    this.title.label = 'Lesson';
    this.title.icon = knowhubIcon;
    this.element.setAttribute('lesson', lesson);
    this.element.setAttribute('fill', '');
    this.element.setAttribute('author', '');
    this.element.addEventListener('kh-lesson', this.named);
    this.node.append(this.element);
  }

  private readonly named = (event: Event): void => {
    const { title } = (event as CustomEvent<{ title: string }>).detail;
    this.title.label = title;
    this.title.caption = title;
  };

  protected override onActivateRequest(_message: Message): void {
    const player = this.element.shadowRoot?.querySelector<HTMLElement>('kh-player');
    const focused = document.activeElement;
    if (focused === this.node || !this.node.contains(focused)) {
      player?.focus(); // the player's keys work at once
    }
  }
}
