'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { open, run, openDescriptors } = require('../sandbox.js');

const OPEN = `
  const crux = require('libcrux');
  const { CRUX_BASE: baseUrl, CRUX_USER: user, CRUX_PASSWORD: password } = process.env;
  const open = (more) => crux.login('custom', user, password, { baseUrl, ...more });
`;

module.exports = {
  async finalizers() {
    const script = `${OPEN}
      (async () => {
        const fds = () => require('node:fs').readdirSync('/proc/self/fd').length;
        const settle = async () => { for (let i = 0; i < 5; i++) { gc(); await new Promise((done) => setTimeout(done, 10)); } };
        const drop = async (turn) => {
          const client = await open(turn % 2 ? { log: () => {} } : {});
          const accepted = await client.post('jobs/', { json: {} });
          const pages = client.pages('things/', { query: { limit: 3 } });
          await pages.next();
          const streamed = await client.stream('drip/100000000');
          if (turn % 3) await streamed.body.getReader().read();
          if (turn % 5 === 0) client.close();
          return accepted.status;
        };
        await drop(1);
        await settle();
        const before = fds();
        for (let turn = 0; turn < 60; turn++) await drop(turn);
        await settle();
        console.log('left', fds() - before);
        // And some that are there at the exit, with requests under way.
        globalThis.kept = [await open(), await open({ log: () => {} })];
        kept[0].stream('drip/100000000');
        kept[1].get('slow/').catch(() => {});
        kept[1].post('echo/', { body: (async function* () { yield 'a'; await new Promise(() => {}); })() }).catch(() => {});
        await new Promise((done) => setTimeout(done, 50));
        process.exit(7);
      })();`;
    const { stdout, stderr, status, signal } = await run(script, { args: ['--expose-gc'] });
    assert.deepEqual([status, signal, stderr], [7, null, '']);
    assert.ok(Number(/left (-?\d+)/.exec(stdout)[1]) <= 4, stdout);
  },

  async threads() {
    const client = await open();
    const worker = new Worker(`${OPEN}
      const { parentPort } = require('node:worker_threads');
      (async () => {
        const client = await open();
        const slow = client.get('slow/', { signal: AbortSignal.timeout(600) }).catch(() => {});
        let calls = 0;
        for (; calls < 50; calls++) await client.get('things/0/');
        parentPort.postMessage(calls);
        await slow;
        client.close();
      })();`, { eval: true });
    const ended = once(worker, 'exit');
    const slow = client.get('slow/', { signal: AbortSignal.timeout(600) }).catch((error) => error.name);
    const told = once(worker, 'message');
    for (let calls = 0; calls < 50; calls++) await client.get('things/1/');
    assert.deepEqual([(await told)[0], await slow, (await ended)[0]], [50, 'TimeoutError', 0]);
  },

  async hundred_at_once() {
    const client = await open();
    const descriptors = openDescriptors();
    const all = Array.from({ length: 100 }, (_, n) => client.get(`things/${n % 7}/`));
    const answers = await Promise.all(all);
    assert.deepEqual(answers.map((one) => one.json().id), all.map((_, n) => n % 7));
    // Connections are kept, but nothing else a request.
    assert.ok(openDescriptors() - descriptors <= 64);
  },
};
