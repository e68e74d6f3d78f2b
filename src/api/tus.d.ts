/** The library's own source, half the size of the module it names first, which is written for older browsers. */
declare module 'tus-js-client/lib/browser/index.js' {
  export * from 'tus-js-client';
}
