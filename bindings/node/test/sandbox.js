'use strict';
// The sandbox that the tests run in (`sandbox --shop COMMAND`), and what they do again and again.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const crux = require('libcrux');

const { CRUX_BASE: base, CRUX_USER: user, CRUX_PASSWORD: password } = process.env;
const TOKEN = 'tok-7d1c';

async function control(name, body = {}) {
  const told = await fetch(`${base}_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
  if (!told.ok) throw new Error(`${name}: ${await told.text()}`);
}

/** What the sandbox was asked, in order. */
const asked = async () => (await fetch(`${base}_sandbox/requests`)).json();

const clients = [];
/** A client of an account of bindings/cases.json; closed when the test is over. */
async function open(account = 'password', options = {}) {
  const made = await {
    password: () => crux.login('custom', user, password, { baseUrl: base, ...options }),
    token: () => crux.token('custom', TOKEN, { baseUrl: base, ...options }),
    bad_token: () => crux.token('custom', 'nope', { baseUrl: base, ...options }),
    anonymous: () => crux.anonymous('custom', { baseUrl: base, ...options }),
  }[account]();
  clients.push(made);
  return made;
}

function closeAll() {
  clients.splice(0).forEach((client) => client.close());
}

/** A folder of the test's own, gone when it is over. */
function folder(test) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'crux-'));
  test.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs a script in a Node of its own: what it printed, and how it ended. */
function run(script, { args = [], env = {}, limit = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, '-e', script], {
      cwd: __dirname,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => { said[name] += text; });
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    child.on('error', reject).on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ ...said, status, signal });
    });
  });
}

/** How long something took, in ms, and what it threw. */
async function timed(work) {
  const began = performance.now();
  try {
    return { value: await work(), ms: performance.now() - began };
  } catch (error) {
    return { error, ms: performance.now() - began };
  }
}

const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;

module.exports = { crux, base, user, password, TOKEN, control, asked, open, closeAll, folder, run, timed, openDescriptors };
