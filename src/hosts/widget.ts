/**
 * The notebook widget: a loader of a few kB. It imports the hub's content-hashed bundle, asks the kernel for it
 * where the page cannot fetch it, and shows plain text where neither is there.
 */

import type { IBundle, IModel } from './model';

const LOADED = Symbol.for('knowhub.bundle');
const ANSWER_MS = 10_000;
const page = globalThis as { [LOADED]?: Promise<IBundle> };

/** Where the Jupyter server of this page, or the `api` trait of a page without one, keeps its bundles. */
function address(model: IModel): string | null {
  const config = document.getElementById('jupyter-config-data')?.textContent;
  const base = config ? (JSON.parse(config) as { baseUrl?: string }).baseUrl : undefined;
  const api = base !== undefined ? `${base.replace(/\/+$/, '')}/knowhub/api` : model.get('api');
  return api ? new URL(api, document.baseURI).href.replace(/\/+$/, '') : null;
}

/** The kernel's copy of the bundle, as a module of the page. */
function fromKernel(model: IModel): Promise<IBundle> {
  return new Promise((resolve, reject) => {
    const give = (message: unknown) => {
      const source = (message as { bundle?: string } | null)?.bundle;
      if (typeof source === 'string') {
        model.off?.('msg:custom', give);
        const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
        (source ? import(url) : Promise.reject(new Error('not built'))).then(resolve, reject);
      }
    };
    model.on('msg:custom', give);
    model.send?.({ need: 'bundle' });
    setTimeout(reject, ANSWER_MS, new Error('no answer'));
  });
}

function load(model: IModel): Promise<IBundle> {
  const api = address(model);
  const name = model.get('bundle');
  const served =
    api && name
      ? (import(new URL(`${api}/../static/${name}`).href) as Promise<IBundle>)
      : Promise.reject<IBundle>(new Error('no address'));
  page[LOADED] ??= served.catch(() => fromKernel(model));
  page[LOADED].catch(() => delete page[LOADED]);
  served.catch(() => undefined);
  return page[LOADED];
}

/** The same in plain words, never a blank: what is meant, why it is not here, and where it is. */
function showFallback(model: IModel, el: HTMLElement, why: string): void {
  const note = document.createElement('div');
  note.className = 'knowhub-fallback';
  note.style.cssText = 'padding:12px 16px;border:1px solid currentColor;border-radius:8px;line-height:1.5';
  const text = document.createElement('p');
  text.style.margin = '0';
  text.textContent = [model.get('fallback'), why.replaceAll('`', '')].filter(Boolean).join(' ');
  note.append(text);
  const api = address(model);
  const [lesson, course] = [model.get('lesson'), model.get('course')];
  if (api && !why && (lesson || course)) {
    const link = document.createElement('a');
    link.textContent = 'Open the page';
    link.href = new URL(`${api}/../${lesson ? `lesson/${lesson}` : `course/${course}`}`).href;
    note.append(link);
  }
  el.replaceChildren(note);
}

function render({ model, el }: { model: IModel; el: HTMLElement }): () => void {
  let stop = () => undefined as void;
  let over = false;
  const fallback = (why: string) => !over && showFallback(model, el, why);
  load(model).then(
    bundle => {
      if (!over) {
        stop = bundle.attach(model, el, fallback);
      }
    },
    () => fallback('')
  );
  return () => {
    over = true;
    stop();
  };
}

export default { render };
