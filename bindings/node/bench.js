'use strict';
// Compares what a small GET costs through libcrux and through undici, fetch and node:http: a line a turn, for
// bindings/bench.sh. Each request can be ended by a signal, its body is read and its JSON decoded.

const { readFileSync } = require('node:fs');
const http = require('node:http');
const crux = require('./lib/index.js');

const { CRUX_BASE: base, CRUX_PATH: path, CRUX_LONG: long } = process.env;
const TURNS = 7;
const REQUESTS = 2000;
const url = base + path;
const headers = { Authorization: 'Bearer tok-7d1c' };
const { signal } = new AbortController();
require('node:events').setMaxListeners(0, signal);

function optional(name) {
  try {
    return require(name);
  } catch {
    console.log(`${name}: skipped, it is not installed`);
    return undefined;
  }
}

function others() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const undici = optional('undici');
  return {
    ...(undici && { undici: async () => (await undici.request(url, { headers, signal })).body.json() }),
    fetch: async () => (await fetch(url, { headers, signal })).json(),
    'node:http': () =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { agent, headers, signal }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => resolve(JSON.parse(text)));
        });
        request.on('error', reject).end();
      }),
  };
}

async function run(get, inFlight, requests) {
  let left = requests;
  const lane = async () => { while (left-- > 0) if (!(await get()).name) throw new Error('Another response than expected.'); };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** µs of CPU a request, with so many in flight. */
async function cost(get, inFlight) {
  const before = process.cpuUsage();
  await run(get, inFlight, REQUESTS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

/** MiB in memory once so many requests have been sent. */
async function memoryAfter(get, requests) {
  await run(get, 1, requests);
  return readFileSync('/proc/self/statm', 'utf8').split(' ')[1] * 4096 / (1 << 20);
}

async function main() {
  const client = await crux.token('custom', 'tok-7d1c', { baseUrl: base });
  const ours = async () => (await client.get(path, { signal })).json();
  if (long) {
    const early = await memoryAfter(ours, 10_000);
    const late = await memoryAfter(ours, 90_000);
    console.log(`memory: ${early.toFixed(1)} MiB after 10000 requests, ${late.toFixed(1)} after 100000`);
    return;
  }
  const clients = others();
  for (const [name, inFlight] of [['one at a time', 1], ['100 at once', 100]]) {
    for (let turn = 0; turn <= TURNS; turn++) {
      const own = await cost(ours, inFlight);
      for (const other in clients) {
        const each = await cost(clients[other], inFlight);
        // The first turn warms up.
        if (turn > 0) console.log(`${name}: ${own.toFixed(1)} against ${each.toFixed(1)} of ${other}`);
      }
    }
  }
}

main().then(() => process.exit());
