// Units of src/api, src/model and src/elements; what needs a real browser is tested in tests/browser.
module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/src'],
  testRegex: '/__tests__/.*\\.spec\\.ts$',
  // The half of the library that browsers get.
  moduleNameMapper: { '^tus-js-client$': '<rootDir>/node_modules/tus-js-client/lib.es5/browser/index.js' },
  transform: { '\\.[jt]s$': '<rootDir>/scripts/jest-esbuild.cjs' },
  // Lit and query-core are ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(lit|lit-html|lit-element|@lit|@tanstack)/)'],
  setupFiles: ['<rootDir>/scripts/jest-setup.cjs']
};
