// Builds what pages load outside JupyterLab into knowhub_ext/static: one self-contained bundle of the elements,
// the standalone page's entry, the notebook widget's loader, and manifest.json naming the three by content hash.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const outdir = 'knowhub_ext/static';

const shared = {
  bundle: true,
  format: 'esm',
  legalComments: 'none',
  minify: true,
  target: ['chrome111', 'firefox115', 'safari16.4'],
  tsconfig: 'tsconfig.json',
  write: false
};

/** Resolves the import of one module to a file that is already built, so that pages share it. */
function already(built, file) {
  return {
    name: 'already-built',
    setup(esbuild) {
      esbuild.onResolve({ filter: built }, () => ({ path: `./${file}`, external: true }));
    }
  };
}

/** Indentation inside the templates of elements and styles means nothing to a browser. */
const squeezed = text => text.replace(/\n[ \t]+/g, ' ');

async function output(name, source, plugins = []) {
  const { outputFiles } = await build({ ...shared, entryPoints: [source], plugins });
  const text = squeezed(outputFiles[0].text);
  const file = `${name}.${createHash('sha256').update(text).digest('hex').slice(0, 12)}.js`;
  await writeFile(`${outdir}/${file}`, text);
  console.log(`${outdir}/${file}  ${(Buffer.byteLength(text) / 1000).toFixed(1)} kB`);
  return file;
}

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const bundle = await output('knowhub', 'src/hosts/bundle.ts');
const page = await output('page', 'src/hosts/page.ts', [already(/^\.\/bundle$/, bundle)]);
const widget = await output('widget', 'src/hosts/widget.ts');
const manifest = { bundle, css: null, page, widget };
await writeFile(`${outdir}/manifest.json`, JSON.stringify(manifest, null, 2) + '\n');
