// The floors of src/, the one caller of the network, and no HTML from strings; messages say what to do instead.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import noUnsanitized from 'eslint-plugin-no-unsanitized';
import tseslint from 'typescript-eslint';

const ORDER = 'Floors: api <- model <- elements <- lab <- index; hosts -> elements.';
const above = {
  api: ['model', 'elements', 'lab', 'hosts'],
  model: ['elements', 'lab', 'hosts'],
  elements: ['lab', 'hosts'],
  lab: ['hosts'],
  hosts: ['lab']
};

const tus = {
  regex: '^tus-js-client($|/)',
  message: 'Only src/api/uploads.ts sends files: through it they carry session and XSRF.'
};
const unsafeHtml = {
  group: ['lit/directives/unsafe-*', 'lit-html/directives/unsafe-*'],
  message: 'Text of courses and models is bound as text; build elements with html`` instead.'
};
const jupyter = {
  group: ['@jupyterlab/*', '@lumino/*'],
  message: 'Only src/lab may know JupyterLab; elements run in pages that have none. Dispatch an event instead.'
};

function patterns(name) {
  const climbing = {
    regex: `(^|/)(${above[name].join('|')})(/|$)`,
    message: `src/${name} may not import from above or beside it. ${ORDER} Move the shared part down.`
  };
  return [climbing, unsafeHtml, tus, ...(name === 'lab' ? [] : [jupyter])];
}

function floor(name) {
  return {
    files: [`src/${name}/**/*.ts`],
    ignores: ['**/__tests__/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns(name) }] }
  };
}

const NETWORK = 'Only src/api/request.ts talks to the network: it knows the address, the session and XSRF.';

export default defineConfig([
  { ignores: ['**/*.js', '**/*.cjs', 'lib/', 'knowhub_ext/', 'node_modules/', '.venv/', 'src/api/types.ts'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  noUnsanitized.configs.recommended,
  { files: ['*.mjs', 'scripts/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['src/**/*.ts'],
    languageOptions: { globals: globals.browser },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: true } }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', 6],
      'no-console': 'error',
      'prefer-arrow-callback': 'error'
    }
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/api/request.ts', '**/__tests__/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map(name => ({ name, message: NETWORK }))
      ],
      'no-restricted-properties': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource'].flatMap(property =>
          ['window', 'globalThis', 'self'].map(object => ({ object, property, message: NETWORK }))
        ),
        { object: 'ServerConnection', property: 'makeRequest', message: NETWORK }
      ]
    }
  },
  ...Object.keys(above).map(floor),
  {
    files: ['src/api/uploads.ts', 'src/api/tus.d.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns('api').filter(one => one !== tus) }] }
  },
  {
    files: ['src/hosts/widget.ts'],
    rules: { 'no-unsanitized/method': 'off' } // the loader's purpose is import() of an address from the server
  },
  {
    files: ['**/__tests__/**'],
    rules: { 'max-lines-per-function': 'off', 'no-unsanitized/property': 'off' }
  }
]);
