/** What `<kh-upload>` shows: a row for each file, the whole, and what was left out. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Job } from '../api/client';
import { jobLine } from '../model/jobs';
import { percent, remaining } from '../model/times';
import { kindOf } from '../model/upload-files';
import { ended, type IUpload, onItsWay, unsent } from '../model/upload-items';
import { sizeText } from '../model/upload-rate';
import { sentence } from './base';
import * as icons from './icons';
import type { KhUpload } from './upload';

const left = ({ size, sent, rate }: IUpload): string =>
  rate ? ` · ${sizeText(rate)}/s · ${remaining((size - sent) / rate)}` : '';

/** `12 MB of 40 MB · 3.1 MB/s · about 9 s left`; plain words for every other state. */
export function stateLine(item: IUpload, job: Job | undefined): string {
  const { state, sent, size } = item;
  const part = `${sizeText(sent)} of ${sizeText(size)}`;
  switch (state) {
    case 'waiting':
      return sent ? `Waiting its turn · ${part}` : `Waiting its turn · ${sizeText(size)}`;
    case 'uploading':
      return part + left(item);
    case 'cut':
      return `The connection is cut; goes on by itself · ${part}`;
    case 'paused':
      return `Paused · ${part}`;
    case 'finishing':
      return 'All there; the server is checking it…';
    case 'done':
      return item.here ? 'Already in this course' : (job ? ofJob(job) : 'Uploaded') + placed(item);
    case 'asleep':
      return asleep(item, part);
    default:
      return '';
  }
}

/** What it is to the file of its name: nobody finds a lecture replaced, or twice, without a word. */
function placed({ place }: IUpload): string {
  const said = { beside: 'kept beside the lesson of that name', replaced: 'replaced the earlier version' };
  return place ? ` · ${said[place]}` : '';
}

function asleep({ elsewhere, handle }: IUpload, part: string): string {
  if (elsewhere) {
    return `Begun in another browser · ${part}. Go on there, or cancel it here.`;
  }
  return handle ? `Interrupted · ${part}` : `Interrupted · ${part}. Drop the same file again to go on.`;
}

function ofJob(job: Job): string {
  switch (job.state) {
    case 'queued':
    case 'running':
      return `Uploaded · ${jobLine(job)}`;
    case 'cancelled':
      return 'Uploaded · reading it was cancelled';
    default:
      return 'Ready';
  }
}

const broken = (job: Job | undefined) => job && ['failed', 'dead'].includes(job.state) && job.error;

export function row(host: KhUpload, item: IUpload, job: Job | undefined): TemplateResult {
  const { key, name, path, size, sent, state } = item;
  const problem = item.problem && state !== 'cut' ? item.problem : broken(job) || null;
  const share = size ? Math.min(1, sent / size) : 0;
  const folder = path && path !== name ? path.slice(0, -name.length) : '';
  const line = stateLine(item, job);
  return html`<div class="file ${problem ? 'bad' : ''}" role="listitem" data-key=${key} data-state=${state}>
    ${icons.ofKind(kindOf(name))}
    <span class="name" title=${path ?? name}><span class="folder">${folder}</span>${name}</span>
    <span class="acts">${problem && state === 'done' ? nothing : acts(host, item)}</span>
    ${ended(state) || state === 'finishing' ? nothing : meter(name, share, line, onItsWay(state))}
    ${
      problem
        ? html`<span class="wide">${sentence(problem.message)}</span
            ><span class="quiet wide">${sentence(problem.cure)}</span>`
        : html`<span class="wide quiet ${state === 'cut' ? 'cut' : ''}">${line}</span>`
    }
  </div>`;
}

const meter = (name: string, share: number, line: string, moving: boolean): TemplateResult =>
  html`<span
    class="meter ${moving ? '' : 'still'}"
    role="progressbar"
    aria-label=${name}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(share * 100)}
    aria-valuetext=${line}
    ><i .style=${`width:${share * 100}%`}></i
  ></span>`;

function acts(host: KhUpload, item: IUpload): unknown {
  const { key, name, state } = item;
  const cancel = () => button(`Cancel ${name}`, icons.close, () => host.cancel(key));
  const again = () => button(`Try ${name} again`, icons.retry, () => host.queue.resume(key));
  const resume = () => button(`Resume ${name}`, icons.play, () => host.queue.resume(key));
  switch (state) {
    case 'waiting':
    case 'uploading':
    case 'cut':
      return [button(`Pause ${name}`, icons.pause, () => host.queue.pause(key)), cancel()];
    case 'paused':
      return [resume(), cancel()];
    case 'asleep':
      return [item.handle ? resume() : nothing, cancel()];
    case 'failed':
      return [host.queue.readable(key) ? again() : nothing, cancel()];
    case 'refused':
      return button(`Remove ${name} from the list`, icons.close, () => host.cancel(key));
    case 'done':
      return html`<span class="tick" role="img" aria-label="Uploaded">${icons.check}</span>`;
    default:
      return nothing;
  }
}

const button = (name: string, icon: TemplateResult, act: () => void): TemplateResult =>
  html`<button class="icon" title=${name} aria-label=${name} @click=${act}>${icon}</button>`;

/** The whole in one line, for eyes and, where it changes in steps, for ears. */
export function wholeLine(items: IUpload[]): string {
  const sending = items.filter(({ state }) => unsent(state) || state === 'finishing' || state === 'paused');
  const done = items.filter(({ state }) => state === 'done').length;
  const failed = items.filter(({ state }) => state === 'failed' || state === 'refused').length;
  const asleep = items.filter(({ state }) => state === 'asleep').length;
  const parts = sending.length
    ? [`${done} of ${done + sending.length} uploaded`]
    : done
      ? [`${done} uploaded`]
      : [];
  const also = [failed ? `${failed} not taken` : '', asleep ? `${asleep} interrupted` : ''].filter(Boolean);
  return [...parts, ...also].join(' · ');
}

/** How much of the bytes is there, how fast, and how long it will take. */
export function wholeRate(items: IUpload[]): string {
  const sending = items.filter(({ state }) => unsent(state));
  if (!sending.length) {
    return '';
  }
  const counted = items.filter(({ state }) => unsent(state) || state === 'finishing' || state === 'done');
  const sum = (of: (item: IUpload) => number) => counted.reduce((total, item) => total + of(item), 0);
  const [size, sent] = [
    sum(({ size }) => size),
    sum(item => (item.state === 'done' ? item.size : item.sent))
  ];
  const rate = sum(({ rate }) => rate ?? 0);
  return ` · ${percent(size ? sent / size : 1)}${rate ? ` · ${remaining((size - sent) / rate)}` : ''}`;
}

export function leftOut(names: string[], dismiss: () => void): TemplateResult {
  const one = names.length === 1;
  return html`<div class="left" role="status">
    <strong
      >${one ? '1 file was' : `${names.length} files were`} left out: KnowHub cannot read
      ${one ? 'it' : 'them'}.</strong
    >
    ${button('Hide the files that were left out', icons.close, dismiss)}
    <ul class="quiet" tabindex="0" aria-label="Files that were left out">
      ${names.map(name => html`<li>${name}</li>`)}
    </ul>
    <span class="quiet">It takes video, audio, captions, documents and notebooks.</span>
  </div>`;
}
