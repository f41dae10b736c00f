'use strict';
// bindings/cases.json: those that are data by the runner here, the others by hand in own/.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { test, describe, beforeEach, afterEach } = require('node:test');
const { crux, base, user, password, control, open, closeAll, folder } = require('./sandbox.js');
const { at, ABSENT } = require('./pointer.js');

const file = process.env.CRUX_CASES ?? path.join(__dirname, '../../cases.json');
const cases = JSON.parse(fs.readFileSync(file, 'utf8'));
const own = Object.assign({}, ...fs.readdirSync(path.join(__dirname, 'own')).map((name) => require(`./own/${name}`)));
const OF_CLIENT = ['tls_ca_file', 'base_url'];
const { CRUX_SANDBOX_HTTPS: https, CRUX_SANDBOX_CA: ca } = process.env;

const filled = (value) =>
  typeof value === 'string' ? value.replaceAll('{base}', base).replaceAll('{https}', https).replaceAll('{ca}', ca) : value;
const filledAll = (object = {}) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, filled(value)]));

/** `too_large` as the class TooLargeError. */
function classOf(word) {
  const name = word.split('_').map((part) => part[0].toUpperCase() + part.slice(1)).join('');
  return crux[`${{ Http: 'HTTP', Tls: 'TLS', Io: 'IO' }[name] ?? name}Error`];
}

async function collect(iterator) {
  const all = [];
  for await (const one of iterator) all.push(one);
  return all;
}

/** Does what a case says; what came of it, as far as there is something. */
async function run(one, context) {
  const options = filledAll(one.options);
  if (one.do === 'login') {
    const client = await crux.login('custom', user, one.secret ?? password, { baseUrl: base, ...options });
    return client.close();
  }
  const split = (wanted) => Object.entries(options).filter(([name]) => OF_CLIENT.includes(name) === wanted);
  const client = await open(one.account, Object.fromEntries(split(true)));
  const { query, fill, headers, json, wait, type } = one;
  const call = { query, fill, headers, json, wait, type, ...Object.fromEntries(split(false)) };
  if (one.body_hex) call.body = Buffer.from(one.body_hex, 'hex');
  const target = filled(one.path);
  switch (one.do) {
    case 'pages': return { list: (await collect(client.pages(target, call))).map((page) => page.json()) };
    case 'items': return { list: await collect(client.items(target, call)) };
    case 'follow': return { response: await (await client.get(target, call)).follow(one.link) };
    case 'upload': {
      const { field, filename } = one;
      return { response: await client.upload(target, Buffer.from(one.data), { ...call, field, filename }) };
    }
    case 'download': {
      let last;
      context.saved = path.join(folder(context), 'file');
      const response = await client.download(target, context.saved, { ...call, onProgress: (now) => { last = now; } });
      return { response, last };
    }
    case 'stream': {
      const streamed = await client.stream(target, call);
      let length = 0;
      for await (const piece of streamed.body) length += piece.length;
      return { response: streamed, length };
    }
    default: {
      const response = one.method
        ? await client.request(one.method, target, call)
        : await client.get(target, call);
      return { response };
    }
  }
}

function check(one, { response, list, length, last, error, saved }) {
  const { expect } = one;
  const checks = {
    error: () => {},
    status: (value) => assert.equal((response ?? error).status, value),
    text: (value) => assert.equal(response.text(), value),
    length: (value) => assert.equal(length ?? response.body.length, value),
    sha256: (value) => assert.equal(crypto.createHash('sha256').update(response.body).digest('hex'), value),
    url: (value) => assert.equal(response.url, filled(value)),
    location: (value) => assert.equal(response.location, filled(value)),
    attempts: (value) => assert.equal(response.attempts, value),
    json: (value) => {
      for (const pointer in value) assert.deepEqual(at(response.json(), pointer), value[pointer], pointer);
    },
    absent: (value) => value.forEach((pointer) => assert.equal(at(response.json(), pointer), ABSENT, pointer)),
    sent_json: () => assert.deepEqual(JSON.parse(response.json().body), one.json),
    json_fails: () => assert.throws(() => response.json(), SyntaxError),
    headers: (value) => {
      for (const name in value) assert.equal(response.headers.get(name), value[name]);
    },
    server_message: (value) => assert.equal(error.serverMessage, value),
    retryable: (value) => assert.equal(error.retryable, value),
    retry_after_s: (value) => assert.equal(error.retryAfter, value),
    sizes: ({ pointer, are }) => assert.deepEqual(list.map((page) => at(page, pointer).length), are),
    items: ({ pointer, are }) => assert.deepEqual(list.map((item) => at(item, pointer)), are),
    file_length: (value) => assert.equal(fs.statSync(saved).size, value),
    progress_last: (value) => assert.equal(last.received, value),
    no_file: () => assert.equal(fs.existsSync(saved), false),
  };
  for (const name in expect) checks[name](expect[name]);
}

describe('cases', () => {
  const seen = new Set();
  beforeEach(() => control('forget'));
  afterEach(async () => {
    closeAll();
    await control('forget');
  });

  for (const one of cases) {
    const skip = typeof own[one.name] === 'string' ? own[one.name] : undefined;
    test(`${one.name}: ${one.promise}`, { skip, timeout: 60_000 }, async (context) => {
      seen.add(one.name);
      if (one.do === 'own') return own[one.name](context);
      for (const answer of one.before ?? []) await control('answer', answer);
      const began = performance.now();
      const wanted = one.expect.error;
      const outcome = await run(one, context).then(
        (came) => {
          assert.equal(wanted, undefined, 'it should have failed');
          return came;
        },
        (error) => {
          if (!wanted || !(error instanceof crux.CruxError)) throw error;
          assert.ok(error instanceof classOf(wanted), `${error.name}: ${error.message}`);
          return { error, response: error.response };
        },
      );
      if (one.within_ms) assert.ok(performance.now() - began < one.within_ms, 'it took too long');
      check(one, { ...outcome, saved: context.saved });
    });
    if (skip) seen.add(one.name);
  }

  test('every case of the file was run, or is skipped with its reason', () => {
    assert.deepEqual(cases.map((one) => one.name).filter((name) => !seen.has(name)), []);
    const byHand = cases.filter((one) => one.do === 'own').map((one) => one.name);
    assert.deepEqual(Object.keys(own).sort(), byHand.sort());
  });
});
