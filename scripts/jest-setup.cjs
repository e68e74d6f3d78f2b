// What browsers have and jsdom lacks.
const { webcrypto } = require('node:crypto');
const { TextDecoder, TextEncoder } = require('node:util');
const { ReadableStream } = require('node:stream/web');

Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
Object.assign(globalThis, { TextDecoder, TextEncoder, ReadableStream });
globalThis.ResizeObserver ??= class {
  observe() {}
  disconnect() {}
};
HTMLDialogElement.prototype.showModal ??= function () {
  this.open = true;
};
