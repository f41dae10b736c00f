'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { crux, base, user, password, control, open, folder, timed } = require('../sandbox.js');

const AFTER = 100;
const LIMIT = 300;

/** That work, given a signal that is raised a little later, ends in time with the reason of the signal. */
async function ends(work) {
  const controller = new AbortController();
  const why = new Error('enough');
  setTimeout(() => controller.abort(why), AFTER);
  const { error, ms } = await timed(() => work(controller.signal));
  assert.equal(error, why);
  assert.ok(ms >= AFTER - 5 && ms < AFTER + LIMIT, `it took ${ms} ms`);
}

module.exports = {
  async cancel_request() {
    const client = await open();
    await ends((signal) => client.get('slow/', { signal }));
    // The platform's own signals, and a signal that was raised before.
    const { error } = await timed(() => client.get('slow/', { signal: AbortSignal.timeout(50) }));
    assert.equal(error.name, 'TimeoutError');
    await assert.rejects(client.get('things/0/', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    // Closing the client ends its requests.
    setTimeout(() => client.close(), AFTER);
    const closed = await timed(() => client.get('slow/'));
    assert.ok(closed.error instanceof crux.CancelledError && closed.ms < AFTER + LIMIT);
  },

  async cancel_login() {
    await control('answer', { path: '/login', method: '*', status: 200, body: { token: 'x' }, delay_ms: 3000 });
    await ends((signal) => crux.login('custom', user, password, { baseUrl: base, signal }));
  },

  async cancel_job() {
    await control('answer', { path: '/endless/', method: '*', status: 202, body: { value: '/endless/progress/' } });
    await control('answer', { path: '/endless/progress/', method: '*', status: 200, body: { value: { progress: 10 } } });
    const client = await open();
    await ends((signal) => client.post('endless/', { json: {}, wait: true, signal }));
    const accepted = await client.post('endless/', { json: {} });
    await ends((signal) => accepted.wait({ signal }));
    // One that waits ends alone; one that has just begun, too.
    let percent;
    const onProgress = (now) => { percent ??= now.percent; };
    const [other, stop] = [new AbortController(), new AbortController()];
    const goesOn = accepted.wait({ signal: other.signal, onProgress });
    await ends((signal) => accepted.wait({ signal }));
    const begun = accepted.wait({ signal: stop.signal });
    stop.abort();
    await assert.rejects(begun, { name: 'AbortError' });
    other.abort();
    await assert.rejects(goesOn, { name: 'AbortError' });
    assert.equal(percent, 10);
    // Its own time; then it is awaited again.
    const late = await accepted.wait({ jobTimeoutMs: 50 }).catch((error) => error);
    assert.ok(late instanceof crux.TimeoutError);
    await ends((signal) => accepted.wait({ signal }));
    // While it looks for the first time, too.
    await control('answer', { path: '/endless/progress/', method: '*', status: 200, body: {}, delay_ms: 3000 });
    await ends((signal) => accepted.wait({ signal }));
  },

  async cancel_page() {
    await control('answer', { path: '/list/', method: '*', status: 200, body: { results: [1], next: '/slow/' } });
    const client = await open();
    let pages = 0;
    await ends(async (signal) => { for await (const page of client.pages('list/', { signal })) pages += page.status; });
    assert.equal(pages, 200);
  },

  async cancel_download(context) {
    const client = await open();
    const file = path.join(folder(context), 'file');
    await ends((signal) => client.download('drip/100000000', file, { signal }));
    assert.equal(fs.existsSync(file), false);
    // A stream: while its body is read.
    await ends(async (signal) => {
      const streamed = await client.stream('drip/100000000', { signal });
      for await (const piece of streamed.body) assert.ok(piece.length > 0);
    });
    // A body that is supplied, by one who has nothing more to say.
    await ends((signal) => client.post('echo/', { signal, body: (async function* () { yield 'a'; await new Promise(() => {}); })() }));
  },

  async progress_throws(context) {
    const client = await open();
    const file = path.join(folder(context), 'file');
    const why = new RangeError('no more of this');
    const { error, ms } = await timed(() => client.download('drip/100000000', file, { onProgress: () => { throw why; } }));
    assert.equal(error, why);
    assert.ok(ms < 1000);
    await assert.rejects(client.download('drip/100000000', file, { onProgress: async () => { throw why; } }), RangeError);
    await assert.rejects(client.get('things/0/', { onProgress: () => { throw why; } }), RangeError);
    assert.equal((await client.get('things/0/')).status, 200);
  },
};
