'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { test } = require('node:test');
const crux = require('libcrux');

const tools = process.env.NODE_PATH?.split(path.delimiter).find((place) => fs.existsSync(path.join(place, 'typescript')));

/** tsc --strict over test/types.ts, as a module and as a script. */
function compile(...more) {
  const options = [
    '--strict', '--noEmit', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--lib', 'es2023', '--target', 'es2022',
    '--types', 'node', '--typeRoots', path.join(tools, '@types'), ...more,
  ];
  const tsc = path.join(tools, 'typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, ...options], { cwd: path.join(__dirname, '..'), encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
}

test('the types hold under tsc --strict, for ESM and for CommonJS', { skip: tools ? false : 'typescript is not there' }, () => {
  compile('--module', 'node16', '--moduleResolution', 'node16', '--esModuleInterop', 'test/types.ts');
  compile('--module', 'node16', '--moduleResolution', 'node16', 'test/types-esm.mts');
});

test('both kinds of modules give the same things, all of them typed', async () => {
  const esm = await import('libcrux');
  const names = Object.keys(crux).sort();
  assert.deepEqual(Object.keys(esm).filter((name) => name !== 'default').sort(), names);
  for (const name of names) assert.equal(esm[name], crux[name]);
  const types = ['index.d.ts', 'generated.d.ts'].map((file) => fs.readFileSync(path.join(__dirname, '../lib', file), 'utf8'));
  for (const name of names) assert.match(types.join(''), new RegExp(`export (function|class|const) ${name}\\b`));
});
