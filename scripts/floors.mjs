// Proves that the floors of src/ are enforced: each planted fault must be found, and the honest lines must pass.
import { ESLint } from 'eslint';

const eslint = new ESLint();
const used = "import { it } from 'X';\nexport const that = it;\n";
const cases = [
  [
    'src/api/planted.ts',
    "import { it } from '../model/hub';\nexport const that = it;\n",
    'no-restricted-imports'
  ],
  ['src/model/planted.ts', used.replace('X', '../elements/base'), 'no-restricted-imports'],
  ['src/elements/planted.ts', used.replace('X', '../lab/commands'), 'no-restricted-imports'],
  ['src/elements/planted.ts', used.replace('X', '@jupyterlab/services'), 'no-restricted-imports'],
  ['src/elements/planted.ts', used.replace('X', 'lit/directives/unsafe-html.js'), 'no-restricted-imports'],
  ['src/hosts/planted.ts', used.replace('X', '../lab/lessons'), 'no-restricted-imports'],
  ['src/lab/planted.ts', used.replace('X', '../hosts/binding'), 'no-restricted-imports'],
  ['src/model/planted.ts', "export const that = fetch('/x');\n", 'no-restricted-globals'],
  ['src/lab/planted.ts', "export const that = window.fetch('/x');\n", 'no-restricted-properties'],
  [
    'src/elements/planted.ts',
    'export const put = (a: Element, b: string) => (a.innerHTML = b);\n',
    'no-unsanitized/property'
  ],
  ['src/model/planted.ts', used.replace('X', 'tus-js-client'), 'no-restricted-imports'],
  ['src/api/uploads.ts', used.replace('X', 'tus-js-client'), null],
  ['src/elements/planted.ts', used.replace('X', '../model/hub'), null],
  ['src/lab/planted.ts', used.replace('X', '@jupyterlab/services'), null],
  ['src/api/request.ts', "export const that = fetch('/x');\n", null]
];

let wrong = 0;
for (const [filePath, text, rule] of cases) {
  const [{ messages }] = await eslint.lintText(text, { filePath });
  const found = messages.map(({ ruleId }) => ruleId);
  if (rule ? !found.includes(rule) : found.length) {
    wrong += 1;
    console.error(
      `${filePath}: expected ${rule ?? 'nothing'}, found ${found.join(', ') || 'nothing'} in: ${text.split('\n')[0]}`
    );
  }
}
process.exitCode = wrong ? 1 : 0;
