/** Binds a query of the hub to an element: it asks when the element shows it and renders when the answer changes. */

import type { ReactiveController } from 'lit';
import { asProblem, type Problem } from '../api/problem';
import type { IQuery } from '../model/queries';
import type { KhElement } from './base';

export class Watch<T> implements ReactiveController {
  data: T | undefined = undefined;
  problem: Problem | null = null;
  private key = '';
  private unwatch: (() => void) | null = null;

  /** `query` is asked before every render and may be null while the element lacks what it needs. */
  constructor(
    private readonly host: KhElement,
    private readonly query: () => IQuery<T> | null,
    private readonly changed: (data: T) => void = () => undefined
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.leave();
  }

  hostUpdate(): void {
    const query = this.query();
    const key = query ? JSON.stringify([this.host.api, query.key]) : '';
    if (key === this.key || !this.host.isConnected) {
      return;
    }
    this.leave();
    this.data = undefined;
    this.problem = null;
    this.key = key;
    if (query) {
      this.enter(query);
    }
  }

  /** Asks again now, after an error. */
  again = (): void => {
    this.leave();
    this.host.requestUpdate();
  };

  private enter(query: IQuery<T>): void {
    try {
      this.unwatch = this.host.hub.watch(query, ({ data, problem }) => {
        const fresh = data !== this.data;
        this.data = data;
        this.problem = problem;
        this.host.requestUpdate();
        if (fresh && data !== undefined) {
          this.changed(data);
        }
      });
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  private leave(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.key = '';
  }
}
