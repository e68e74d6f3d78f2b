/**
 * The one runtime of a page. The first bundle that arrives makes it (the Lab extension, a widget, a page), later
 * ones join, so that all elements share session, cache, socket and playheads whoever defined them.
 */

import { apiAddress } from '../api/address';
import { API_VERSION } from '../api/request';
import { otherVersion, noHub } from '../api/problem';
import { Hub } from './hub';
import type { Inserting } from './inserting';

/** What a reader prefers; the Lab's settings write it, storage remembers the rest. */
export interface IPreferences {
  speed: number;
  follow: boolean;
}

export interface IRuntime {
  readonly version: number;
  readonly hubs: Map<string, Hub>;
  readonly preferences: IPreferences;
  /** Address of the interface as the host of the page knows it; null where elements find it alone. */
  address: string | null;
  /** Notebooks of the page's host; not there where it has none, or where an older bundle made the runtime. */
  inserting?: Inserting;
  make(base: string): Hub;
}

const NAME = Symbol.for('knowhub');
const page = globalThis as { [NAME]?: IRuntime };

/** The page's runtime; throws a problem when another version of this code already made it. */
export function runtime(): IRuntime {
  page[NAME] ??= {
    version: API_VERSION,
    hubs: new Map(),
    preferences: { speed: 1, follow: true },
    address: null,
    make: base => new Hub(base)
  };
  const found = page[NAME];
  if (found.version !== API_VERSION) {
    throw otherVersion(String(found.version), API_VERSION);
  }
  return found;
}

/** The hub an element with this `api` attribute talks to. */
export function findHub(attribute: string | null): Hub {
  const shared = runtime();
  const base = apiAddress(attribute, shared.address);
  if (base === null) {
    throw noHub();
  }
  const hub = shared.hubs.get(base) ?? shared.make(base);
  shared.hubs.set(base, hub);
  return hub;
}
