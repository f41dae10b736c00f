'use strict';
// One class for each outcome, under one base.

const generated = require('./generated.js');

class CruxError extends Error {
  /** @param {object} told what is known of the outcome; see index.d.ts */
  constructor(message, told = {}, options = undefined) {
    super(message, options);
    const { errno, status = 0, facts = {}, response } = told;
    this.code = generated.codes[errno];
    this.errno = errno;
    this.status = status;
    this.serverMessage = facts.server_message;
    this.retryable = facts.retryable === 1;
    this.maybeSent = facts.maybe_sent === 1;
    this.retryAfter = facts.retry_after_ms >= 0 ? facts.retry_after_ms / 1000 : undefined;
    // Found when it is asked for; a body does not belong into every log that shows an error.
    Object.defineProperty(this, 'response', { value: response, enumerable: false });
  }
}

const byNumber = generated.errors(CruxError);
const { ARGUMENT, CANCELLED, INTERNAL } = Object.fromEntries(
  Object.entries(generated.constants).filter(([name]) => name.startsWith('ERR_')).map(([name, n]) => [name.slice(4), n]),
);

for (const type of [CruxError, ...Object.values(byNumber)]) {
  // As Node's own errors: the name is that of the class, and no property of the object.
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true });
}
// What ends a wait from outside is an AbortError everywhere in Node.
Object.defineProperty(byNumber[CANCELLED].prototype, 'name', { value: 'AbortError', configurable: true, writable: true });

/** The error of an outcome. */
function errorOf(errno, message, told = {}, options = undefined) {
  const Type = byNumber[errno] ?? byNumber[INTERNAL];
  return new Type(message, { errno, ...told }, options);
}

const refused = (message) => errorOf(ARGUMENT, message);
const cancelled = (message) => errorOf(CANCELLED, message);

/** TypeError in the form that Node's own functions give it. */
function wrongType(what, wanted, value) {
  const got = value === null || Number.isNaN(value) ? String(value) : typeof value === 'object' ? value.constructor?.name ?? 'object' : typeof value;
  return Object.assign(new TypeError(`${what} must be ${wanted}, not ${got}.`), { code: 'ERR_INVALID_ARG_TYPE' });
}

module.exports = {
  CruxError,
  classes: Object.fromEntries(Object.values(byNumber).map((type) => [type.name, type])),
  errorOf,
  refused,
  cancelled,
  wrongType,
};
