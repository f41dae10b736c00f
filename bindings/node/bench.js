'use strict';
// What a small GET costs: µs of CPU of this process, libcrux beside the clients of Node, one in flight and many; each
// request can be ended by a signal, each body is read and decoded from JSON.
//
//     sandbox --shop node bench.js [REQUESTS]

const http = require('node:http');
const crux = require('./lib/index.js');

const { CRUX_BASE: base, CRUX_USER: user, CRUX_PASSWORD: password } = process.env;
const REQUESTS = Number(process.argv[2] ?? 10_000);
const IN_FLIGHT = 100;
const url = `${base}things/0/`;
const headers = { Authorization: 'Bearer tok-7d1c' };
const { signal } = new AbortController();
require('node:events').setMaxListeners(0, signal);

function optional(name) {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}

function clients(client) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const undici = optional('undici');
  return {
    libcrux: async () => (await client.get('things/0/', { signal })).json(),
    ...(undici && { 'undici.request': async () => (await undici.request(url, { headers, signal })).body.json() }),
    fetch: async () => (await fetch(url, { headers, signal })).json(),
    'http.request': () =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { agent, headers, signal }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => resolve(JSON.parse(text)));
        });
        request.on('error', reject).end();
      }),
  };
}

/** µs of CPU a request, with so many in flight. */
async function cost(get, inFlight, requests) {
  let left = requests;
  const lane = async () => { while (left-- > 0) if ((await get()).id !== 0) throw new Error('not what was asked for'); };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user: own, system } = process.cpuUsage(before);
  return (own + system) / requests;
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

async function main() {
  const client = await crux.login('custom', user, password, { baseUrl: base });
  const all = clients(client);
  for (const inFlight of [1, IN_FLIGHT]) {
    const costs = {};
    for (const name in all) await cost(all[name], inFlight, REQUESTS / 5);
    // In turns, so that what else the computer does falls on all of them.
    for (let turn = 0; turn < 5; turn++) {
      for (const name in all) (costs[name] ??= []).push(await cost(all[name], inFlight, REQUESTS / 5));
    }
    const own = median(costs.libcrux);
    console.log(`${inFlight} in flight`);
    for (const name in costs) {
      const each = median(costs[name]);
      console.log(`  ${name.padEnd(16)}${each.toFixed(1).padStart(7)} µs   libcrux ÷ it: ${(own / each).toFixed(2)}`);
    }
  }
  client.close();
  process.exit();
}

main();
