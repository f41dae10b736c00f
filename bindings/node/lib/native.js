'use strict';
// Finds the addon and the library, once a process, and hands on what the addon tells.

const fs = require('node:fs');
const path = require('node:path');
const generated = require('./generated.js');

/** The packages that may hold the addon; npm installs the one that fits. */
const PLATFORM = `@libcrux/${process.platform}-${process.arch}`;
const PACKAGES = [PLATFORM, `${PLATFORM}-musl`];

/** What listens, by the number under which the addon knows it. */
const slots = [];
const clients = new Map();
const sources = new Map();
const streams = new Map();

function addon() {
  const tried = [];
  for (const name of PACKAGES) {
    try {
      const file = require.resolve(`${name}/crux.node`);
      return { native: require(file), folder: path.dirname(file) };
    } catch (error) {
      tried.push(`${name}: ${error.message.split('\n')[0]}`);
    }
  }
  throw new Error(
    `libcrux has no addon for ${process.platform} on ${process.arch} here. Install without --omit=optional, ` +
      `on the computer that runs it. Tried: ${tried.join('; ')}.`,
  );
}

/** The library: the one that CRUX_LIBRARY names, the package's own, the system's. */
function load(native, folder) {
  const own = path.join(folder, generated.soname);
  const named = process.env.CRUX_LIBRARY;
  const places = named ? [named] : [...(fs.existsSync(own) ? [own] : []), generated.soname];
  const tried = [];
  for (const place of places) {
    const why = native.load(place);
    if (why === undefined) return;
    tried.push(`${place}: ${why}`);
  }
  const source = named ? ' (as CRUX_LIBRARY says)' : '';
  throw new Error(`The shared library of libcrux could not be loaded${source}. Tried: ${tried.join('; ')}.`);
}

function open() {
  const { native, folder } = addon();
  load(native, folder);
  native.listen(
    (slot, code, status, head, body, facts, message, kept, next, progress) => {
      const listener = slots[slot];
      slots[slot] = undefined;
      listener?.finished(code, status, head, body, facts, message, kept, next, progress);
    },
    (client, level, line) => clients.get(client)?.deref()?.[module.exports.onLog](level, line),
    (source) => sources.get(source)?.(),
    (stream) => {
      const listener = streams.get(stream);
      streams.delete(stream);
      listener?.();
    },
    (client, refused, capacity) => clients.get(client)?.deref()?.[module.exports.onAsked](refused, capacity),
  );
  return native;
}

module.exports = { native: open(), slots, clients, sources, streams, onLog: Symbol('onLog'), onAsked: Symbol('onAsked') };
