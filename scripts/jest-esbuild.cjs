// Jest transform: TypeScript and ES modules to what Node's require understands, with the compiler we build with.
const { transformSync } = require('esbuild');

const tsconfigRaw = { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } };

module.exports = {
  process(source, path) {
    const loader = path.endsWith('.ts') ? 'ts' : 'js';
    const options = {
      loader,
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: path,
      tsconfigRaw
    };
    return { code: transformSync(source, options).code };
  }
};
