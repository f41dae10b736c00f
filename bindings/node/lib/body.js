'use strict';
// What a call sends: JSON, bytes, text, a form, a file's content, or whatever comes out of an iterator.

const { piece, string, text } = require('./text.js');
const { refused, wrongType } = require('./errors.js');
const { Source } = require('./source.js');

const FORM = 'application/x-www-form-urlencoded';

/** Bytes of any kind as a Uint8Array over the same memory; undefined for what holds none. */
function bytes(value) {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  return undefined;
}

/** Bytes, or text as UTF-8. */
function content(value) {
  if (typeof value !== 'string') return bytes(value);
  if (!value.isWellFormed()) text(value, 'The body');
  return Buffer.from(value);
}

const isStream = (value) =>
  typeof value?.[Symbol.asyncIterator] === 'function' || typeof value?.[Symbol.iterator] === 'function';

/** A form with files, whose bytes are read now. */
async function form(data) {
  let pieces = '';
  const blobs = [];
  for (const [name, value] of data) {
    const field = piece(name, 'The name of a field');
    if (typeof value === 'string') pieces += `t\0${field}${piece(value, `The field "${name}"`)}-\0`;
    else {
      blobs.push(new Uint8Array(await value.arrayBuffer()));
      pieces += `d\0${field}${piece(value.name, 'The name of a file')}${piece(value.type || null, 'The type of a file')}`;
    }
  }
  return { pieces, blobs };
}

/**
 * The pieces and blobs of a body, or the promise of them where it must be read first.
 * @param {{json?: unknown, body?: unknown, type?: string | null, length?: number}} options
 */
function bodyOf({ json, body, type, length }) {
  if (json !== undefined) {
    if (body !== undefined && body !== null) throw refused('A call has either json or a body, not both.');
    const document = JSON.stringify(json);
    if (document === undefined) throw wrongType('json', 'a value that JSON has', json);
    return { pieces: `b\0${piece(type, 'The type')}`, blobs: [Buffer.from(document)] };
  }
  if (body === undefined || body === null) {
    if (type !== undefined && type !== null) throw refused('A type without a body describes nothing.');
    return undefined;
  }
  const of = (fallback) => piece(type === undefined ? fallback : type ?? '', 'The type');
  if (body instanceof URLSearchParams) return { pieces: `b\0${of(FORM)}`, blobs: [Buffer.from(body.toString())] };
  if (body instanceof FormData) return form(body);
  if (body instanceof Blob) {
    const kind = of(body.type || 'application/octet-stream');
    return body.arrayBuffer().then((all) => ({ pieces: `b\0${kind}`, blobs: [new Uint8Array(all)] }));
  }
  const given = content(body);
  if (given) {
    const kind = of(typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream');
    return { pieces: `b\0${kind}`, blobs: [given] };
  }
  if (!isStream(body)) throw wrongType('The body', 'text, bytes, a form, a Blob, a stream or an iterable', body);
  const source = new Source(body, content);
  return { pieces: `s\0${of('application/octet-stream')}${piece(length, 'The length')}`, blobs: [source.handle], source };
}

/**
 * The pieces and blobs of an upload of bytes as a file.
 * @param {Uint8Array} data
 */
function filePart(data, { field, filename, type }) {
  if (filename === undefined) throw wrongType('The option "filename"', 'a string where bytes are uploaded', filename);
  const name = piece(string(filename, 'The option "filename"'), 'The option "filename"');
  return { pieces: `d\0${piece(field ?? 'file', 'The option "field"')}${name}${piece(type, 'The type')}`, blobs: [data] };
}

module.exports = { bodyOf, filePart, bytes };
