// Writes src/api/types.ts from the hub's OpenAPI document; --check fails when the committed file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import openapi, { astToString } from 'openapi-typescript';

const source = new URL('../knowhub_ext/server/openapi.yaml', import.meta.url);
const target = new URL('../src/api/types.ts', import.meta.url);
const header =
  '// Generated from knowhub_ext/server/openapi.yaml by `jlpm generate:types`; do not edit.\n/* eslint-disable */\n';
const text = header + astToString(await openapi(source));

if (!process.argv.includes('--check')) {
  await writeFile(target, text);
} else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
  console.error(
    'src/api/types.ts does not match openapi.yaml: run `jlpm generate:types` and commit the result.'
  );
  process.exit(1);
}
