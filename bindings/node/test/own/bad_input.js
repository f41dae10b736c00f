'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { crux, base, user, password, open, folder, run } = require('../sandbox.js');

module.exports = {
  async log() {
    const lines = [];
    const client = await open('password', { log: (level, line) => lines.push([level, line]), logLevel: 'debug' });
    await client.get('things/0/');
    assert.ok(lines.some(([level, line]) => level === 'info' && line.includes('logging in')));
    assert.ok(lines.some(([level, line]) => level === 'debug' && line.includes('things/0/')));
    assert.equal(lines.some(([level]) => level === 'trace'), false);
    const few = [];
    const quiet = await open('password', { log: (...line) => few.push(line), logLevel: 1 });
    await quiet.get('things/0/');
    assert.deepEqual(few, []);
    await assert.rejects(open('password', { log: () => {}, logLevel: 'loud' }), crux.ArgumentError);
  },

  async log_throws() {
    const warned = once(process, 'warning');
    let lines = 0;
    const client = await open('password', { logLevel: 'trace', log: () => { lines++; throw new Error('no log today'); } });
    assert.equal((await client.get('things/0/')).status, 200);
    assert.ok(lines > 0);
    assert.match((await warned)[0].message, /no log today/);
    const later = await open('password', { logLevel: 'trace', log: async () => { throw new Error('nor later'); } });
    assert.equal((await later.get('things/0/')).status, 200);
  },

  async wrong_types() {
    const client = await open();
    const wrong = [
      () => client.get(7),
      () => client.get(undefined),
      () => client.get(null),
      () => client.get({}),
      () => client.request(Symbol('GET'), 'x'),
      () => client.get('x', 'options'),
      () => client.get('x', null),
      () => client.get('x', { query: 'a=b' }),
      () => client.get('x', { query: [['a']] }),
      () => client.get('x', { query: { a: {} } }),
      () => client.get('x', { headers: { a: Symbol('b') } }),
      () => client.get('x', { fill: { a: () => {} } }),
      () => client.get('x', { signal: {} }),
      () => client.get('x', { onProgress: 1 }),
      () => client.get('x', { timeoutTotalMs: [] }),
      () => client.get('x', { timeoutTotalMs: 'x' }),
      () => client.get('x', { timeoutTotalMs: NaN }),
      () => client.get('x', { timeout_total_ms: true }),
      () => crux.login('custom', user, password, { baseUrl: base, retryMax: false }),
      () => crux.login('custom', user, password, { baseUrl: base, log: () => {}, logLevel: true }),
      () => client.post('x', { body: 7 }),
      () => client.post('x', { body: {} }),
      () => client.post('x', { json: () => {} }),
      () => client.post('x', { json: 1n }),
      () => client.upload('x', 7),
      () => client.upload('x', Buffer.from('a'), { field: 'file' }),
      () => client.upload('x', Buffer.from('a'), { field: 7n, filename: {} }),
      () => client.download('x', 7),
      () => client.download('x', new URL('https://example.com/')),
      () => client.follow({}, 'x'),
      () => client.wait({}),
      () => client.pages(7).next(),
      () => crux.login('custom', undefined, undefined),
      () => crux.login('custom', user, password, { baseUrl: {} }),
      () => crux.login('custom', user, password, { baseUrl: base, log: 'console' }),
      async () => new crux.Client(),
      async () => crux.token(7, 'x'),
      async () => crux.token('custom', Buffer.from('x')),
      async () => client.setToken(7),
    ];
    for (const call of wrong) {
      // Asked for through a promise, never thrown at once where a promise was promised.
      await assert.rejects(call(), TypeError, String(call));
    }
    assert.equal((await client.get('things/0/')).status, 200);
  },

  async broken_text() {
    const client = await open();
    const half = 'a\ud800b';
    for (const call of [
      () => client.get(half),
      () => client.get('x', { query: { q: half } }),
      () => client.get('x', { query: { [half]: 'q' } }),
      () => client.get('x', { headers: { 'X-Case': half } }),
      () => client.post('x', { body: half }),
      () => client.post('echo/', { body: (function* () { yield half; })() }),
      () => crux.login('custom', half, password, { baseUrl: base }),
      () => crux.login('custom', user, half, { baseUrl: base }),
    ]) await assert.rejects(call(), TypeError, String(call));
    for (const call of [
      () => client.get('x', { query: { q: 'a\0b' } }),
      () => client.get('x', { fill: { 'a\0': 'b' } }),
      () => client.get('x', { 'a\0': 'b' }),
      () => client.download('x', 'a\0b'),
      () => client.upload('x', 'a\0b'),
      () => client.request('G\0ET', 'x'),
      () => crux.login('custom', user, 'a\0b', { baseUrl: base }),
      async () => crux.token('custom', 'a\0b', { baseUrl: base }),
      async () => client.setToken('a\0b'),
    ]) await assert.rejects(call(), crux.ArgumentError, String(call));
    // In a body and in JSON both are data like any other.
    const { body } = (await client.post('echo/', { json: ['a\0b', half] })).json();
    assert.deepEqual(JSON.parse(body), ['a\0b', half]);
  },

  fork: 'Node has no fork: child_process.fork() and cluster start a new program, which makes a client of its own',

  async library_missing() {
    const missing = await run('require("libcrux")', { env: { CRUX_LIBRARY: '/nowhere/libcrux.so' } });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /could not be loaded \(as CRUX_LIBRARY says\)\. Tried: \/nowhere\/libcrux\.so: .*No such file/);
    const no = await run('require("libcrux")', { env: { CRUX_LIBRARY: '/etc/passwd' } });
    assert.match(no.stderr, /Tried: \/etc\/passwd: /);
    const packages = await run('require("libcrux")', { env: { NODE_PATH: '' } });
    assert.match(packages.stderr, /has no addon for linux.*--omit=optional.*Tried: @libcrux\/linux/);
  },

  async library_too_old(context) {
    const place = folder(context);
    const [source, library] = [path.join(place, 'old.c'), path.join(place, 'old.so')];
    fs.writeFileSync(source, 'int crux_abi(void) { return 0; }');
    execFileSync(process.env.CC ?? 'cc', ['-shared', '-fPIC', source, '-o', library]);
    const old = await run('require("libcrux")', { env: { CRUX_LIBRARY: library } });
    assert.match(old.stderr, /its interface has the number 0, and [1-9]+ or later is needed/);
    fs.writeFileSync(source, 'int crux_abi(void) { return 1000; }');
    execFileSync(process.env.CC ?? 'cc', ['-shared', '-fPIC', source, '-o', library]);
    const other = await run('require("libcrux")', { env: { CRUX_LIBRARY: library } });
    assert.match(other.stderr, /it has no function crux_/);
  },
};
