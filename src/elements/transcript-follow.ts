/** Keeps the spoken line in view until the reader scrolls away. */

import type { ReactiveController } from 'lit';
import type { KhElement } from './base';

const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End', ' ']);

export class Follow implements ReactiveController {
  following = true;

  /** A hidden list cannot scroll: it catches up when it is shown. */
  private readonly sizes = new ResizeObserver(() => this.show());

  constructor(
    private readonly host: KhElement,
    private readonly scroller: () => HTMLElement | null,
    private readonly active: () => HTMLElement | null
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.following = this.host.preferences.follow;
    this.sizes.observe(this.host);
  }

  hostDisconnected(): void {
    this.sizes.disconnect();
  }

  /** What the reader does with the list; scrolling by code sends none of these. */
  readonly scrolled = (event: Event): void => {
    const byKey = event instanceof KeyboardEvent;
    if (byKey && !SCROLL_KEYS.has(event.key)) {
      return;
    }
    // A press on the list itself, not on a line, is a press on its scrollbar.
    if (event.type === 'pointerdown' && event.target !== this.scroller()) {
      return;
    }
    this.pause();
  };

  pause(): void {
    if (this.following) {
      this.following = false;
      this.host.requestUpdate();
    }
  }

  resume(): void {
    this.following = true;
    this.host.requestUpdate();
    this.show(this.active());
  }

  /**
   * Brings `line`, or else the spoken one while it is followed, to the upper middle of the list. Moves nothing but
   * the list, so that a notebook stays put.
   */
  show(wanted?: HTMLElement | null): void {
    const line = wanted ?? (this.following ? this.active() : null);
    const scroller = this.scroller();
    if (!line || !scroller?.clientHeight) {
      return;
    }
    const offset = () => line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    const room = scroller.clientHeight;
    const top = offset();
    if (!wanted && top > room * 0.2 && top + line.offsetHeight < room * 0.62) {
      return;
    }
    const near = Math.abs(top - room * 0.35) < room * 1.5;
    const calm = window.matchMedia?.('(prefers-reduced-motion: reduce)').matches;
    const move = () => scroller.scrollTop + offset() - room * 0.35;
    scroller.scrollTo({ top: move(), behavior: near && !calm ? 'smooth' : 'auto' });
    if (!near) {
      settle(() => Math.abs(offset() - room * 0.35) < 4 || scroller.scrollTo({ top: move() }));
    }
  }
}

/** Lines far away had only an estimated height until they came into view, which takes some frames. */
function settle(step: () => unknown, frames = 6): void {
  requestAnimationFrame(() => {
    step();
    if (frames > 0) {
      settle(step, frames - 1);
    }
  });
}
