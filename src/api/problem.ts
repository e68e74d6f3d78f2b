/** Errors as people read them: what went wrong and the cure. */

import type { Problem as ProblemDocument } from './client';

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    message: string,
    readonly cure: string,
    readonly requestId = ''
  ) {
    super(message);
    this.name = 'Problem';
  }

  static from(document: Partial<ProblemDocument>, status: number): Problem {
    return new Problem(
      document.status ?? status,
      (document.type ?? '').split(/[/:#]/).pop() ?? '',
      document.detail || document.title || `The server answered with status ${status}.`,
      document.cure ?? '',
      document.request_id ?? ''
    );
  }
}

export const unreachable = () =>
  new Problem(
    0,
    'unreachable',
    'The KnowHub server cannot be reached.',
    'Check that the Jupyter server is running; this page tries again by itself.'
  );

export const noHub = (status = 0) =>
  new Problem(
    status,
    'no-hub',
    'This page is not served beside a KnowHub server.',
    'Install it with `pip install knowhub-ext`, restart the Jupyter server, and open the page from there.'
  );

export const signedOut = () =>
  new Problem(401, 'signed-out', 'You are signed out.', 'Sign in to Jupyter again, then reload this page.');

export const otherVersion = (theirs: string, ours: number) =>
  new Problem(
    0,
    'api-version',
    `This page speaks version ${ours} of the KnowHub interface and the server version ${theirs}.`,
    'Reload the page; if that does not help, update knowhub-ext where the server runs and restart it.'
  );

/** What a refused request means; `version` is its KnowHub-API header, which only the hub itself sends. */
export function refusal(status: number, version: string | null, said: unknown): Problem {
  const document = said as Record<string, string> | null;
  if (version === null && !document?.cure) {
    return status === 404 ? noHub(404) : Problem.from({ detail: document?.message }, status);
  }
  return Problem.from(document ?? {}, status);
}

/** Whether trying again by itself can help. */
export function passing(error: unknown): boolean {
  return (
    error instanceof Problem && (error.slug === 'unreachable' || error.status === 429 || error.status >= 500)
  );
}

/** Any thrown thing as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  // Problems of another bundle on the page are not instances of this class, but have its fields.
  const other = error as Partial<Problem> | null;
  if (other && typeof other.message === 'string' && typeof other.cure === 'string') {
    return new Problem(other.status ?? 0, other.slug ?? '', other.message, other.cure, other.requestId);
  }
  return new Problem(0, 'unexpected', String((other && other.message) || error), 'Reload the page.');
}
