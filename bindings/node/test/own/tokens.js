'use strict';

const assert = require('node:assert/strict');
const { crux, base, TOKEN, timed } = require('../sandbox.js');

const WAYS = [
  (client) => client.get('things/1/'),
  (client) => client.get('things/1/', { onProgress() {} }),
  async (client) => new Response((await client.stream('things/1/')).body),
  async (client) => (await client.post('jobs/', { json: {} })).wait(),
];

const open = (source) => crux.token('custom', source, { baseUrl: base });

/** One that is refused, then the right one. */
const stale = (asked) => (refused) => {
  asked.push(refused);
  return refused === undefined ? 'stale' : TOKEN;
};

module.exports = {
  async token_source() {
    for (const way of WAYS) {
      const asked = [];
      const client = open(stale(asked));
      assert.equal((await way(client)).status, 200);
      await way(client);
      client.close();
      assert.deepEqual(asked, [undefined, 'stale']);
    }
    // Many at once, and one that takes its time.
    const asked = [];
    const slow = open(async (refused) => {
      await new Promise((done) => setTimeout(done, 20));
      return stale(asked)(refused);
    });
    const all = await Promise.all(Array.from({ length: 50 }, (_, n) => slow.get(`things/${n % 7}/`)));
    assert.ok(all.every(({ status }) => status === 200));
    assert.deepEqual(asked, [undefined, 'stale']);
    slow.close();
  },

  async token_source_throws() {
    const why = new RangeError('the keyring is locked');
    const sources = [
      () => { throw why; },
      async () => { throw why; },
      (refused) => { if (refused) throw why; return 'stale'; },
    ];
    for (const source of sources) {
      for (const way of WAYS) {
        const client = open(source);
        for (const { reason } of await Promise.allSettled([way(client), way(client), way(client)])) assert.equal(reason, why);
        client.close();
      }
    }
    const wrong = [
      [undefined, crux.AuthError], [null, crux.AuthError], ['', crux.AuthError], [7, TypeError], ['\0', crux.ArgumentError],
      ['\ud800', TypeError], ['x'.repeat(1 << 22), crux.ArgumentError],
    ];
    for (const [given, type] of wrong) {
      const client = open(() => given);
      await assert.rejects(client.get('things/1/'), type);
      client.close();
    }
    assert.throws(() => open(7), TypeError);
    // One that never ends is ended by the signal of a request, and by closing the client.
    let entered;
    const asked = new Promise((resolve) => { entered = resolve; });
    const client = open(() => { entered(); return new Promise(() => {}); });
    const controller = new AbortController();
    const ended = client.get('things/1/', { signal: controller.signal });
    const closed = client.get('things/2/');
    closed.catch(() => {});
    await asked;
    controller.abort();
    assert.ok((await timed(() => assert.rejects(ended, { name: 'AbortError' }))).ms < 300);
    client.close();
    assert.ok((await timed(() => assert.rejects(closed, crux.CancelledError))).ms < 300);
  },
};
