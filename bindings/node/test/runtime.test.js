'use strict';
// What the package promises about Node: the loop, the process, threads, descriptors, memory.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const { execFile, execFileSync } = require('node:child_process');
const { promisify } = require('node:util');
const { test, beforeEach, afterEach } = require('node:test');
const { control, open, closeAll, folder, run, timed, openDescriptors } = require('./sandbox.js');

const long = process.env.CRUX_LONG ? false : 'set CRUX_LONG=1';
const OPEN = `
  process.on('unhandledRejection', (error) => { console.log('unhandled', error); process.exit(9); });
  const crux = require('libcrux');
  const { CRUX_BASE: baseUrl, CRUX_USER: user, CRUX_PASSWORD: password } = process.env;
  const open = () => crux.login('custom', user, password, { baseUrl });
`;

beforeEach(() => control('forget'));
afterEach(closeAll);

test('the tour runs as printed, as the type of module it is', async (context) => {
  const told = fs.readFileSync(path.join(__dirname, '../../tour.txt'), 'utf8');
  const place = folder(context);
  const tour = path.join(__dirname, '../examples/tour.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [tour], { cwd: place });
  assert.equal(stdout, told);
});

test('the example logs in', async () => {
  const example = path.join(__dirname, '../examples/login.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [example]);
  assert.match(stdout, /^\d+ things, the first is Ärmel "0"\n$/);
});

test('the page for the https snippet: its program says what the snippet says', async () => {
  const page = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
  const program = /### With libcrux\n[^`]*```js\n([^]*?)```/.exec(page)[1];
  const env = { CRUX_PASSWORD: process.env.CRUX_PASSWORD };
  await control('answer', { path: '/organizations/', method: '*', status: 200, body: { name: 'Acme' } });
  // The sandbox's account and address in place of the page's.
  const here = program
    .replace("'crux-connect'", "'custom'")
    .replace("'ada@example.com'", 'process.env.CRUX_USER')
    .replace('CRUX_PASSWORD)', 'CRUX_PASSWORD, { baseUrl: process.env.CRUX_BASE })');
  const { stdout, stderr } = await run(here, { args: ['--input-type=module'], env });
  assert.deepEqual([stdout, stderr], ['Acme\n', '']);
});

test('the process ends by itself: clients that are open keep it no longer than their requests', async () => {
  const script = `${OPEN}
    (async () => {
      globalThis.kept = [await open(), await open(), crux.anonymous('custom', { baseUrl })];
      const { status } = await kept[0].get('things/0/', { onProgress() {} });
      kept.push(await kept[1].stream('drip/100000000'), kept[1].pages('things/'));
      console.log(status, await kept[0].post('jobs/', { json: {} }).then((accepted) => accepted.wait()).then((one) => one.status));
    })();`;
  const { value, ms } = await timed(() => run(script));
  assert.deepEqual([value.stdout, value.stderr, value.status], ['200 200\n', '', 0]);
  assert.ok(ms < 8000);
});

test('the loop is never blocked: timers go on while a login, a request, a job and a stream wait', async () => {
  const client = await open();
  await control('answer', { path: '/login', method: '*', status: 200, body: { token: 'x' }, delay_ms: 500 });
  await control('answer', { path: '/late/', method: '*', status: 200, body: {}, delay_ms: 500 });
  await control('answer', { path: '/job/', method: '*', status: 202, body: { value: '/late/' } });
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const accepted = await client.post('job/', { json: {} });
  const signal = AbortSignal.timeout(450);
  await Promise.allSettled([
    open(), client.get('late/', { signal }), accepted.wait({ signal }), client.stream('drip/100000000', { signal }).then((one) => new Response(one.body).text()),
  ]);
  clearInterval(timer);
  assert.ok(longest < 150, `a timer of 5 ms was ${longest} ms late`);
});

test('no thread of libuv is taken by requests and jobs: files are read at once while 64 wait', async () => {
  const client = await open();
  const controller = new AbortController();
  await control('answer', { path: '/endless/', method: '*', status: 202, body: { value: '/endless/progress/' } });
  await control('answer', { path: '/endless/progress/', method: '*', status: 200, body: { value: { progress: 10 } } });
  const accepted = await client.post('endless/', { json: {} });
  const { signal } = controller;
  const wait = (n) => (n % 2 ? client.get('slow/', { signal }) : accepted.wait({ signal }));
  const all = Array.from({ length: 64 }, (_, n) => wait(n).catch((error) => error.name));
  const { ms } = await timed(() => Promise.all(Array.from({ length: 8 }, () => fs.promises.readFile(__filename))));
  controller.abort();
  assert.deepEqual(new Set(await Promise.all(all)), new Set(['AbortError']));
  assert.ok(ms < 500, `${ms} ms`);
});

test('a thousand requests at once with `ulimit -n 1024`, one descriptor a client beside the connections', async () => {
  const script = `${OPEN}
    (async () => {
      const client = await open();
      const before = require('node:fs').readdirSync('/proc/self/fd').length;
      let most = 0;
      const all = await Promise.all(Array.from({ length: 1000 }, async (_, n) => {
        const { id } = (await client.get('things/' + n % 7 + '/', { signal: AbortSignal.timeout(60000) })).json();
        if (n % 100 === 0) most = Math.max(most, require('node:fs').readdirSync('/proc/self/fd').length - before);
        return id === n % 7;
      }));
      console.log(all.every(Boolean), all.length, most <= 70);
    })();`;
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n 1024 && exec "$0" -e "$1"', process.execPath, script], { cwd: __dirname });
  assert.equal(stdout, 'true 1000 true\n');
});

test('worker threads: eight come, call and go, some of them in the middle of a request', async () => {
  const workers = Array.from({ length: 8 }, (_, n) => new Worker(`${OPEN}
    (async () => {
      const client = await open();
      for (let turn = 0; turn < 5; turn++) await client.get('things/0/');
      if (${n % 2}) {
        globalThis.kept = [client.get('slow/'), crux.token('custom', () => new Promise(() => {}), { baseUrl }).get('things/1/'), client.stream('drip/100000000'), client.post('jobs/', { json: {} }).then((one) => one.wait()),
          client.post('echo/', { body: (async function* () { yield 'a'; await new Promise(() => {}); })() })];
        setTimeout(() => process.exit(0), 50);
      }
    })();`, { eval: true }));
  assert.deepEqual((await Promise.all(workers.map((worker) => once(worker, 'exit')))).map(([code]) => code), Array(8).fill(0));
  // Ended from outside, while it waits.
  const worker = new Worker(`${OPEN} open().then((client) => { require('node:worker_threads').parentPort.postMessage(1); return client.get('slow/'); });`, { eval: true });
  await once(worker, 'message');
  const { ms } = await timed(() => worker.terminate());
  assert.ok(ms < 2000, `${ms} ms`);
});

test('one signal ends many requests by one listener, which goes with the last of them', async () => {
  const script = `${OPEN}
    (async () => {
      const client = await open();
      const controller = new AbortController();
      const { signal } = controller;
      const listeners = () => require('node:events').getEventListeners(signal, 'abort').length;
      const counts = [];
      const quick = Array.from({ length: 20 }, () => client.get('things/0/', { signal }));
      counts.push(listeners());
      await Promise.all(quick);
      counts.push(listeners());
      const streams = await Promise.all(Array.from({ length: 12 }, () => client.stream('drip/100000000', { signal })));
      const slow = Array.from({ length: 20 }, () => client.get('slow/', { signal }).catch((error) => error.name));
      counts.push(listeners());
      const cut = streams.map((one) => new Response(one.body).text().catch((error) => error.name));
      controller.abort();
      const names = await Promise.all([...slow, ...cut]);
      counts.push(listeners());
      console.log(counts.join(), names.length, [...new Set(names)].join());
    })();`;
  const { stdout, stderr, status } = await run(script);
  assert.deepEqual([stdout, stderr, status], ['1,0,1,0 32 AbortError\n', '', 0]);
});

test('nobody has to handle what was ended: no rejection is left over', async () => {
  const script = `${OPEN}
    (async () => {
      const client = await open();
      const signal = AbortSignal.timeout(50);
      const pages = client.pages('slow/', { signal });
      const streamed = await client.stream('drip/100000000', { signal });
      const reader = streamed.body.getReader();
      await Promise.allSettled([
        pages.next(), client.get('slow/', { signal }), (async () => { for (;;) if ((await reader.read()).done) break; })(),
        client.post('echo/', { signal, body: (async function* () { yield 'a'; await new Promise((_, no) => setTimeout(no, 100, new Error('late'))); })() }),
      ]);
      const left = await client.stream('drip/100000000', { signal: AbortSignal.timeout(20) });
      await new Promise((done) => setTimeout(done, 150));
      const accepted = await client.post('jobs/', { json: {} });
      client.close();
      await accepted.wait().catch((error) => console.log(error.name));
    })();`;
  const { stdout, stderr, status } = await run(script);
  assert.deepEqual([stdout, stderr, status], ['ArgumentError\n', '', 0]);
});

test('what is not JSON-safe in options, functions of the caller and closed things never crashes', async () => {
  const client = await open();
  const evil = { get query() { throw new RangeError('evil'); } };
  await assert.rejects(client.get('x', evil), RangeError);
  await assert.rejects(client.get('x', { query: { *[Symbol.iterator]() { throw new RangeError('evil'); } } }), RangeError);
  await assert.rejects(client.post('x', { json: { toJSON() { throw new RangeError('evil'); } } }), RangeError);
  const closing = client.get('things/0/', { onProgress: () => client.close() });
  assert.ok(['fulfilled', 'rejected'].includes((await Promise.allSettled([closing]))[0].status));
  await assert.rejects(client.get('things/0/'), /closed/);
  const again = await open('password', { log: () => again?.close(), logLevel: 'trace' }).catch((error) => error);
  assert.ok(again instanceof Error || again.closed === false || again.closed === true);
});

test('an iterator that cannot be let go ends with its request, whose promise is settled', async () => {
  const client = await open();
  const body = (next, end) => ({ [Symbol.iterator]: () => ({ next, return: end }) });
  const sent = () => ({ value: 7 });
  for (const end of [() => { throw new RangeError('evil'); }, 7]) {
    await assert.rejects(client.post('echo/', { body: body(sent, end) }), TypeError);
    const ender = new AbortController();
    const waits = body(() => { setImmediate(() => ender.abort()); return new Promise(() => {}); }, end);
    const ended = client.post('echo/', { body: waits, signal: ender.signal });
    await assert.rejects(ended, { name: 'AbortError' });
  }
  assert.equal((await client.get('things/0/')).status, 200);
});

test('a body is one thing as JSON, text and bytes, whatever is asked for first; bytes may be written to', async () => {
  const client = await open();
  for (const name of ['plain', 'Ärmel', 'long '.repeat(4000)]) {
    await control('answer', { path: '/body/', method: '*', status: 200, body: { name } });
    const [read, written] = [await client.get('body/'), await client.get('body/')];
    assert.equal(read.json().name, name);
    assert.ok(Buffer.isBuffer(read.body) && read.body === read.body);
    assert.equal(read.body.toString(), read.text());
    written.body[written.body.indexOf('l')] = 'L'.charCodeAt(0);
    assert.equal(written.json().name, name.replace('l', 'L'));
  }
});

test('memory stays flat over 3,000 requests, and descriptors too', async () => {
  const client = await open();
  const many = async (count) => { for (let n = 0; n < count; n++) (await client.get('things/0/')).json(); };
  await many(1500);
  globalThis.gc?.();
  const [rss, descriptors] = [process.memoryUsage.rss(), openDescriptors()];
  await many(3000);
  globalThis.gc?.();
  assert.ok(process.memoryUsage.rss() - rss < 12e6, `${(process.memoryUsage.rss() - rss) / 1e6} MB more`);
  assert.ok(openDescriptors() <= descriptors);
});

test('memory stays flat over 100,000 requests', { skip: long }, async () => {
  const client = await open();
  const many = (count) => Promise.all(Array.from({ length: 20 }, async () => { for (let n = 0; n < count / 20; n++) (await client.get('things/0/')).json(); }));
  // Until the heap has its size.
  await many(80_000);
  globalThis.gc?.();
  const rss = process.memoryUsage.rss();
  await many(100_000);
  globalThis.gc?.();
  assert.ok(process.memoryUsage.rss() - rss < 16e6, `${(process.memoryUsage.rss() - rss) / 1e6} MB more`);
});

test('the addon is clean under AddressSanitizer', { skip: long }, async (context) => {
  const place = path.join(folder(context), '@libcrux', `${process.platform}-${process.arch}`);
  const build = path.join(__dirname, '../build.sh');
  execFileSync('sh', [build, place], { env: { ...process.env, CFLAGS: '-fsanitize=address -g' } });
  const runtime = execFileSync(process.env.CC ?? 'cc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  const script = `${OPEN}
    (async () => {
      const client = await open();
      for (let n = 0; n < 200; n++) await client.get('things/0/', { onProgress() {} });
      for await (const page of client.pages('things/', { query: { limit: 3 } })) page.json();
      for (let n = 0; n < 20; n++) await (await client.stream('drip/100000000')).cancel();
      await client.post('echo/', { body: (async function* () { yield 'a'; yield Buffer.alloc(100000); })() });
      await (await client.post('jobs/', { json: {} })).wait();
      const vault = crux.token('custom', async (refused) => (refused ? 'tok-7d1c' : 'stale'), { baseUrl });
      await Promise.all(Array.from({ length: 20 }, () => vault.get('things/0/')));
      const shut = crux.token('custom', () => new Promise(() => {}), { baseUrl });
      shut.get('things/0/').catch(() => {});
      gc();
      client.get('slow/').catch(() => {});
      new (require('node:worker_threads').Worker)('require("libcrux").anonymous("custom", { baseUrl: process.env.CRUX_BASE }).get("things/0/").catch(() => {})', { eval: true })
        .on('exit', (code) => { console.log('worker', code); client.close(); shut.close(); });
    })();`;
  const env = { NODE_PATH: path.dirname(path.dirname(place)), LD_PRELOAD: runtime, ASAN_OPTIONS: 'detect_leaks=0' };
  const { stdout, stderr, status } = await run(script, { args: ['--expose-gc'], env, limit: 60_000 });
  assert.deepEqual([stdout, stderr, status], ['worker 0\n', '', 0]);
});

test('a client that its own log hook or progress closes: its requests end, and nothing crashes', async () => {
  for (const level of ['info', 'debug']) {
    const client = await open('token', { logLevel: 'trace', log: (now) => now === level && client.close() });
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => client.get('things/0/')));
    assert.ok(all.every(({ status, reason }) => status === 'fulfilled' || /closed/.test(reason.message)));
  }
});
