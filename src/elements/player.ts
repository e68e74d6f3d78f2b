/** `<kh-player lesson|asset>`: a lecture's video or sound, its captions, its keys, and what was watched of it. */

import { type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Asset, Progress } from '../api/client';
import type { Problem } from '../api/problem';
import type { IPlayer, Playback } from '../model/playback';
import * as queries from '../model/queries';
import * as storage from '../model/storage';
import { parseTime } from '../model/times';
import { define, KhElement } from './base';
import { LessonNotes } from './lesson-notes';
import { act } from './player-acts';
import { Captions } from './player-captions';
import { type Action, actionOf } from './player-keys';
import { MediaAddress } from './player-media';
import { playerStyles } from './player-styles';
import { renderPlayer } from './player-view';
import { WatchReporter } from './player-watching';
import { Watch } from './watch';

const TELL_MS = 240;

export class KhPlayer extends KhElement implements IPlayer {
  static override styles = [...KhElement.styles, playerStyles];

  @property() lesson: string | null = null;
  /** One medium of a lesson; the lesson's primary one where it is not given. */
  @property() asset: string | null = null;
  /** Where to begin: `90`, `1:30`, `1h2m3s`. */
  @property() t: string | null = null;

  @state() problem: Problem | null = null;
  @state() head = { time: 0, duration: null as number | null, playing: false };
  @state() started = false;
  @state() speed = storage.load<number>('speed') ?? 0;
  @state() volume = storage.load<number>('volume') ?? 1;
  @state() silent = false;
  @state() resumed: number | null = null;
  @state() said = '';

  @query('video, audio') readonly media!: HTMLMediaElement | null;
  @query('dialog') readonly help!: HTMLDialogElement | null;
  @query('.frame') readonly frame!: HTMLElement;
  @query('.stage') private readonly stage!: HTMLElement;

  readonly detail = new Watch(this, () => (this.lesson ? queries.lesson(this.lesson) : null));
  private readonly alone = new Watch(this, () =>
    this.lesson || !this.asset ? null : queries.asset(this.asset)
  );
  readonly captions = new Captions(this);
  readonly progress = new Watch<Progress>(this, () =>
    this.medium ? queries.lessonProgress(this.medium.lesson) : null
  );

  readonly notes = new LessonNotes(this, () => this.medium?.lesson ?? null);

  private loaded: string | null = null;
  private address: MediaAddress | null = null;
  private reporter: WatchReporter | null = null;
  private detach: (() => void) | null = null;
  private startAt: number | null = null;
  private told = 0;

  /** The medium to play, once the server told. */
  get medium(): Asset | null {
    if (!this.lesson) {
      return this.alone.data ?? null;
    }
    const wanted = this.asset ?? this.detail.data?.primary;
    return this.detail.data?.assets.find(one => one.asset === wanted) ?? null;
  }

  get waiting(): Problem | null {
    return this.problem ?? this.detail.problem ?? this.alone.problem;
  }

  private get playback(): Playback {
    return this.hub.playback(this.medium?.lesson ?? this.lesson ?? '');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unload();
  }

  protected override render(): TemplateResult {
    return renderPlayer(this);
  }

  protected override updated(changed: PropertyValues): void {
    const medium = this.medium;
    const key = medium ? `${medium.asset}:${medium.revision}` : null;
    if (key !== this.loaded && this.isConnected) {
      this.unload();
      this.loaded = key;
      if (medium && this.media) {
        this.load(medium);
      }
    } else if (changed.has('t') && this.t !== null && changed.get('t') !== undefined) {
      this.seek(parseTime(this.t) ?? 0, this.head.playing);
    }
  }

  private load(medium: Asset): void {
    this.problem = null;
    this.speed ||= this.preferences.speed;
    this.address = new MediaAddress(this.hub, medium.asset, this);
    this.reporter = new WatchReporter(this.hub, medium.asset);
    this.startAt = parseTime(this.t);
    this.detach = this.playback.attach(this);
    this.playback.moved({ time: this.startAt ?? 0, duration: medium.duration, playing: false });
    this.head = { time: this.startAt ?? 0, duration: medium.duration, playing: false };
    void this.address.start();
    if (this.startAt === null) {
      this.attempt(
        () => this.resume(medium),
        () => undefined
      );
    }
  }

  private unload(): void {
    this.reporter?.stop();
    this.address?.stop();
    this.detach?.();
    this.reporter = this.address = this.detach = this.loaded = null;
    this.started = false;
  }

  /** Goes on where this person stopped, unless something else has moved the playhead meanwhile. */
  private async resume(medium: Asset): Promise<void> {
    const { position } = await this.hub.read(queries.lessonProgress(medium.lesson));
    const end = medium.duration ?? Infinity;
    if (
      position >= 3 &&
      position < end - 3 &&
      this.startAt === null &&
      !this.started &&
      this.head.time === 0
    ) {
      this.seek(position, false);
      this.resumed = position;
    }
  }

  // What others may ask of a player

  seek(time: number, play = this.head.playing): void {
    const media = this.media;
    const to = Math.max(0, Math.min(time, this.head.duration ?? time));
    this.resumed = null;
    if (!media || media.readyState < 1) {
      this.startAt = to;
    } else {
      media.currentTime = to;
    }
    this.moved({ time: to }, true);
    this.tell('kh-seek', { lesson: this.lesson, time: to });
    if (play) {
      this.play();
    }
  }

  play(): void {
    this.started = true;
    this.media?.play().catch(() => undefined);
  }

  pause(): void {
    this.media?.pause();
  }

  override focus(): void {
    this.stage?.focus();
  }

  lost(problem: Problem): void {
    this.problem = problem;
  }

  readonly again = (): void => {
    this.detail.again();
    this.unload();
    this.problem = null;
  };

  // What the medium reports

  readonly heard = {
    metadata: () => this.ready(),
    time: () => this.ticked(),
    play: () => this.changed(true),
    pause: () => this.changed(false),
    seeking: () => this.address?.swapping || this.reporter?.broke(),
    error: () => void this.address?.recover(),
    volume: () => {
      this.volume = this.media?.volume ?? 1;
      this.silent = this.media?.muted ?? false;
      storage.save('volume', this.volume);
    }
  };

  private ready(): void {
    const media = this.media;
    if (!media || this.address?.swapping) {
      return;
    }
    media.playbackRate = media.defaultPlaybackRate = this.speed;
    media.volume = this.volume;
    if (this.startAt !== null) {
      media.currentTime = this.startAt;
      this.startAt = null;
    }
    this.moved({ duration: Number.isFinite(media.duration) ? media.duration : this.head.duration }, true);
    this.captions.sync();
  }

  private ticked(): void {
    const media = this.media;
    // A medium that is being emptied reports the second 0, where nobody is.
    if (!media?.readyState || this.address?.swapping || this.startAt !== null) {
      return;
    }
    if (!media.paused && !media.seeking) {
      this.reporter?.tick(media.currentTime);
    }
    this.moved({ time: media.currentTime });
  }

  private changed(playing: boolean): void {
    if (this.address?.swapping || !this.media) {
      return;
    }
    this.started ||= playing;
    if (playing) {
      this.resumed = null;
      this.reporter?.tick(this.media.currentTime);
    } else {
      this.reporter?.tick(this.media.currentTime);
      this.reporter?.paused(this.media.currentTime);
    }
    this.moved({ playing }, true);
    this.tell(playing ? 'kh-play' : 'kh-pause', { lesson: this.lesson, time: this.head.time });
  }

  private moved(change: Partial<KhPlayer['head']>, now = false): void {
    this.head = { ...this.head, ...change };
    this.playback.moved(change);
    if (now || Date.now() - this.told >= TELL_MS) {
      this.told = Date.now();
      this.tell('kh-timeupdate', { lesson: this.lesson, ...this.head });
    }
  }

  // What the reader does

  readonly pressed = (event: KeyboardEvent): void => {
    if (this.help?.open) {
      event.stopPropagation();
      return;
    }
    const action = actionOf(event);
    if (action && this.medium) {
      event.preventDefault();
      event.stopPropagation();
      this.act(action);
    }
  };

  readonly act = (action: Action): void => act(this, action);

  readonly setSpeed = (speed: number): void => {
    this.speed = speed;
    storage.save('speed', speed);
    if (this.media) {
      this.media.playbackRate = this.media.defaultPlaybackRate = speed;
    }
    this.announce(`Speed ${speed}`);
  };

  readonly setVolume = (volume: number): void => {
    if (this.media) {
      this.media.volume = Math.round(Math.min(1, Math.max(0, volume)) * 100) / 100;
      this.media.muted = false;
    }
  };

  readonly announce = (text: string): void => {
    this.said = text;
    setTimeout(() => {
      this.said = this.said === text ? '' : this.said;
    }, 2500);
  };
}

define('kh-player', KhPlayer);
