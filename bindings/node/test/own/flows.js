'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Readable } = require('node:stream');
const { crux, base, asked, open, folder, openDescriptors } = require('../sandbox.js');

module.exports = {
  async pages_left_early() {
    const client = await open();
    const pagesAsked = async () => (await asked()).filter((one) => one.path === '/things/').length;
    const [requests, descriptors] = [await pagesAsked(), openDescriptors()];
    for (let turn = 0; turn < 50; turn++) {
      for await (const page of client.pages('things/', { query: { limit: 3 } })) {
        assert.equal(page.json().results.length, 3);
        break;
      }
    }
    assert.equal((await pagesAsked()) - requests, 50);
    assert.ok(openDescriptors() <= descriptors + 3);
  },

  async wait_later() {
    const client = await open();
    const accepted = await client.post('jobs/', { json: {} });
    assert.equal(accepted.status, 202);
    const phases = new Set();
    const done = await accepted.wait({ onProgress: ({ phase }) => phases.add(phase) });
    assert.equal(done.json().value.progress, 100);
    assert.equal(done.location, `${base}files/out.bin`);
    assert.ok(phases.size > 0);
    // What was no job is answered at once.
    const thing = await client.get('things/0/');
    assert.equal((await client.wait(thing)).json().id, 0);
    const [one, two] = await Promise.all([0, 1].map(async () => (await client.post('jobs/', { json: {} })).wait()));
    assert.deepEqual([one.json().value.progress, two.json().value.progress], [100, 100]);
  },

  async upload_file(context) {
    const client = await open();
    const file = path.join(folder(context), 'größe.csv');
    const size = 64 * 1024 * 1024;
    fs.writeFileSync(file, '');
    fs.truncateSync(file, size);
    const before = process.memoryUsage.rss();
    let sent;
    const made = await client.upload('upload/', file, { field: 'file', onProgress: (now) => { sent = now.sent; } });
    assert.deepEqual(made.json(), { name: 'größe.csv', size });
    assert.ok(sent > size);
    assert.ok(process.memoryUsage.rss() - before < size / 2);
    const again = await client.upload('upload/', pathToFileURL(file), { field: 'file', type: 'text/csv' });
    assert.equal(again.json().size, size);
    const blob = await client.upload('upload/', new File(['abc'], 'b.txt'), { field: 'file' });
    assert.deepEqual(blob.json(), { name: 'b.txt', size: 3 });
    const form = new FormData();
    form.set('note', 'ü');
    form.set('file', new Blob(['abcd']), 'c.txt');
    assert.deepEqual((await client.post('upload/', { body: form })).json(), { name: 'c.txt', size: 4 });
  },

  async upload_missing_file(context) {
    const client = await open();
    const file = path.join(folder(context), 'none');
    await assert.rejects(client.upload('upload/', file, { field: 'file' }), crux.FileError);
  },

  async download_into_no_folder(context) {
    const client = await open();
    const file = path.join(folder(context), 'none', 'file');
    await assert.rejects(client.download('files/out.bin', file), crux.FileError);
  },

  async stream_left_early() {
    const client = await open();
    const descriptors = openDescriptors();
    for (let turn = 0; turn < 20; turn++) {
      const streamed = await client.stream('drip/100000000');
      if (turn % 2) for await (const piece of streamed) { assert.ok(piece.length > 0); break; }
      else await streamed.cancel();
    }
    while (client.facts.underWay > 0) await new Promise(setImmediate);
    assert.ok(openDescriptors() <= descriptors + 4);
    const whole = await client.stream('files/out.bin');
    const text = await new Response(whole.body).arrayBuffer();
    assert.equal(text.byteLength, 1 << 20);
    await assert.rejects(client.stream('files/none.bin'), crux.HTTPError);
  },

  async stream_up() {
    const client = await open();
    const echo = async (body, more) => (await client.post('echo/', { body, ...more })).json();
    async function* pieces() {
      yield 'a';
      await new Promise(setImmediate);
      yield Buffer.from('bü');
      yield '';
      yield new Uint16Array([0x4141]);
    }
    for (const body of [pieces(), Readable.from(pieces()), ReadableStream.from(pieces())]) {
      const seen = await echo(body, { type: 'text/x-case' });
      assert.deepEqual([seen.body, seen.headers['content-type']], ['abüAA', 'text/x-case']);
      assert.equal(seen.headers['transfer-encoding'], 'chunked');
    }
    const known = await echo(['ab', 'c'], { length: 3 });
    assert.deepEqual([known.body, known.headers['content-length']], ['abc', '3']);
    let returned = false;
    const broken = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RangeError('no more')) }) };
    await assert.rejects(echo(broken), RangeError);
    await assert.rejects(echo([1, 2]), TypeError);
    // A stream that goes on for ever is let go once the call is over.
    const endless = (async function* () {
      try { for (;;) yield Buffer.alloc(65536); } finally { returned = true; }
    })();
    await assert.rejects(client.post('echo/', { body: endless, signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' });
    while (!returned) await new Promise(setImmediate);
  },
};
