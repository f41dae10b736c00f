'use strict';
// What goes to the library: text without NUL, as pieces with a NUL behind each (see src/pieces.c).

const generated = require('./generated.js');
const { refused, wrongType } = require('./errors.js');

/** A text that C can hold. `what` names it in errors, which never show its value. */
function text(value, what) {
  switch (typeof value) {
    case 'string':
      break;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof URL) return value.href;
      throw wrongType(what, 'a string', value);
  }
  if (value.includes('\0')) throw refused(`${what} holds a NUL character, which no text for libcrux may.`);
  if (!value.isWellFormed()) {
    const error = new TypeError(`${what} holds half of a surrogate pair, which is no Unicode text.`);
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
  }
  return value;
}

/** As text(), but numbers and such are no fit: for names, paths and addresses. */
function string(value, what) {
  if (typeof value !== 'string' && !(value instanceof URL)) throw wrongType(what, 'a string', value);
  return text(value, what);
}

/** A piece: a text, or nothing. */
const piece = (value, what) => (value === undefined || value === null ? '-\0' : `=${text(value, what)}\0`);

/** Pairs of an object, a Map, Headers, URLSearchParams or a list of pairs. A list as a value is as many pairs. */
function* pairs(from, what) {
  if (from === undefined || from === null) return;
  if (typeof from !== 'object') throw wrongType(what, 'an object or a list of pairs', from);
  const entries = typeof from[Symbol.iterator] === 'function' ? from : Object.entries(from);
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2) throw wrongType(`A member of ${what}`, 'a pair', entry);
    const [name, value] = entry;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) yield [name, one];
    }
  }
}

/** Such pairs as pieces, `kind` before each. */
function settings(kind, from, what) {
  let all = '';
  for (const [name, value] of pairs(from, what)) {
    all += `${kind}\0=${string(name, `A name in ${what}`)}\0=${text(value, `The value of "${name}" in ${what}`)}\0`;
  }
  return all;
}

/** The library's key of an option: `timeoutTotalMs`, `timeout_total_ms` and `timeout.total_ms` are the same. */
function keyOf(name) {
  return generated.options[name] ?? underscored.get(name) ?? name;
}
const underscored = new Map(Object.values(generated.options).map((key) => [key.replaceAll('.', '_'), key]));

/** One option as pieces; null restores the default. */
function option(name, value) {
  if (value === undefined) return '';
  const key = keyOf(name);
  const what = `The option "${name}"`;
  const numeric = typeof value === 'bigint' || (typeof value === 'number' ? !Number.isNaN(value) : /^\d+$/.test(value));
  if (generated.numbers.has(key) && value !== null && !numeric) throw wrongType(what, 'a number', value);
  let given = value;
  if (typeof value === 'boolean') given = value ? '1' : '0';
  else if (key === 'headers' && typeof value === 'object' && value !== null) {
    given = [...pairs(value, what)].map(([header, one]) => `${text(header, what)}: ${text(one, what)}`).join('\n');
  } else if (generated.documents.has(key) && typeof value === 'object' && value !== null) given = JSON.stringify(value);
  return `o\0=${string(key, 'The name of an option')}\0${piece(given, what)}`;
}

module.exports = { text, string, piece, pairs, settings, option, keyOf };
