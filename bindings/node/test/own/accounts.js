'use strict';

const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const { crux, base, user, password, TOKEN, control, open } = require('../sandbox.js');

/** Runs with variables of the environment set. */
async function having(variables, work) {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name in variables) {
      if (name in before) process.env[name] = before[name];
      else delete process.env[name];
    }
  }
}

module.exports = {
  async from_env() {
    const use = async (account) => {
      const client = await crux.fromEnv(account, { service: 'custom' });
      const { status } = await client.get('things/1/');
      client.close();
      return status;
    };
    await having({ CRUX_API: base, CRUX_TOKEN: TOKEN }, async () => assert.equal(await use(), 200));
    await having({ CRUX_API_SHOP: base, CRUX_TOKEN_SHOP: TOKEN }, async () => assert.equal(await use('shop'), 200));
    // Name and password are in the environment of the tests: it logs in.
    await having({ CRUX_API: base }, async () => assert.equal(await use(), 200));
  },

  error_tree() {
    const names = Object.keys(crux).filter((name) => name.endsWith('Error') && name !== 'CruxError');
    assert.equal(names.length, 14);
    for (const name of names) {
      assert.ok(crux[name].prototype instanceof crux.CruxError, name);
      assert.ok(crux[name].prototype instanceof Error, name);
    }
    // JavaScript has one parent a class: what is standard there is told by its name.
    assert.equal(new crux.TimeoutError('').name, 'TimeoutError');
    assert.equal(new crux.CancelledError('').name, 'AbortError');
  },

  async errors_hide_secrets() {
    const lines = [];
    const log = (level, line) => lines.push(line);
    const options = { baseUrl: base, log, logLevel: 'trace' };
    const errors = [];
    const keep = (error) => errors.push(error);
    await crux.login('custom', user, 'hunter2-wrong', options).catch(keep);
    await control('answer', { path: '/echo/', method: '*', status: 400, body: { detail: `no ${TOKEN} and ${password}` } });
    const client = await open('password', { log, logLevel: 'trace' });
    await client.get('echo/').catch(keep);
    await crux.login('custom', user, `${password}\0`, options).catch(keep);
    assert.throws(() => client.setToken(`${TOKEN}\n${TOKEN}`), (error) => keep(error) > 0);
    assert.equal(errors.length, 4);
    const shown = [client, crux.token('custom', TOKEN, { baseUrl: base }), ...errors, ...lines];
    for (const one of shown) {
      const text = `${one?.message} ${inspect(one, { depth: 9, showHidden: true })} ${JSON.stringify(one)}`;
      for (const secret of ['hunter2', password, JSON.stringify(password).slice(1, -1), TOKEN]) {
        assert.equal(text.includes(secret), false, text.replaceAll(secret, '<SECRET>'));
      }
    }
    assert.ok(lines.length > 3);
  },

  async closed() {
    const client = await open();
    client.close();
    client.close();
    await assert.rejects(client.get('things/0/'), crux.ArgumentError);
    await assert.rejects(client.upload('upload/', Buffer.from('x'), { field: 'file', filename: 'x' }), /closed/);
    await assert.rejects(async () => { for await (const page of client.pages('things/')) assert.fail(page); }, /closed/);
    assert.throws(() => client.setToken('x'), crux.ArgumentError);
    assert.throws(() => client.facts, crux.ArgumentError);
  },

  async answer_outlives_client() {
    const client = await open();
    const accepted = await client.post('jobs/', { json: {} });
    const response = await client.get('things/1/');
    client.close();
    assert.equal(response.json().name, 'Bluse');
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.url, `${base}things/1/`);
    assert.equal(accepted.status, 202);
    await assert.rejects(response.follow('../2/'), /closed/);
    await assert.rejects(accepted.wait(), /closed/);
  },
};
