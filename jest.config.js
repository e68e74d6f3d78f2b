// Units of src/api, src/model and src/elements; what needs a real browser is tested in tests/browser.
module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/src'],
  testRegex: '/__tests__/.*\\.spec\\.ts$',
  transform: { '\\.[jt]s$': '<rootDir>/scripts/jest-esbuild.cjs' },
  // Lit, query-core and marked are ES modules only, and so is what we use of tus-js-client.
  transformIgnorePatterns: [
    '/node_modules/(?!(lit|lit-html|lit-element|@lit|@tanstack|tus-js-client|marked)/)'
  ],
  setupFiles: ['<rootDir>/scripts/jest-setup.cjs']
};
