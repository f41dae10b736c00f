'use strict';
// What came of a request: plain values of JavaScript; nothing of the library is held, but for what may be a job.

const { inspect } = require('node:util');
const generated = require('./generated.js');
const { string } = require('./text.js');

/** What only client.js may see of a response. */
const kept = Symbol('kept');
const next = Symbol('next');
const method = Symbol('method');

/** Facts under the names that they have here. */
function named(facts) {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [generated.facts[name] ?? name, value]));
}

/** What a response and a streamed one have in common. */
class Head {
  #head;
  #headers;
  #text;
  #facts;
  #client;

  constructor(client, status, head, facts) {
    this.#client = client;
    this.status = status;
    this.#head = head;
    this.#text = facts;
  }

  get client() {
    return this.#client;
  }

  /** All facts, by the library's names; read when one is first asked for. */
  get #known() {
    return (this.#facts ??= JSON.parse(this.#text));
  }

  get headers() {
    if (!this.#headers) {
      this.#headers = new Headers();
      const lines = this.#head.split('\n');
      for (let at = 0; at + 1 < lines.length; at += 2) this.#headers.append(lines[at], lines[at + 1]);
    }
    return this.#headers;
  }

  get url() {
    return this.#known.url;
  }

  get location() {
    return this.#known.location;
  }

  get result() {
    return this.#known.result;
  }

  get warning() {
    return this.#known.warning;
  }

  get attempts() {
    return this.#known.attempts;
  }

  get facts() {
    return named(this.#known);
  }

  follow(link, options) {
    return this.client.follow(this, link, options);
  }

  [inspect.custom](depth, options) {
    return `${this.constructor.name} ${inspect({ status: this.status, url: this.url }, options)}`;
  }
}

class Response extends Head {
  #body;
  #method;
  #kept;
  #next;

  constructor(client, status, head, facts, body, requested, handle, nextCall) {
    super(client, status, head, facts);
    this.#body = body;
    this.#method = requested;
    this.#kept = handle;
    this.#next = nextCall;
  }

  get [method]() {
    return this.#method;
  }

  get [kept]() {
    return this.#kept;
  }

  get [next]() {
    return this.#next;
  }

  /** What came as a string becomes bytes when they are first asked for; from then on they are the body. */
  get body() {
    if (typeof this.#body === 'string') {
      const bytes = Buffer.allocUnsafeSlow(this.#body.length);
      bytes.latin1Write(this.#body);
      this.#body = bytes;
    }
    return this.#body;
  }

  text() {
    if (typeof this.#body === 'string') return this.#body;
    const text = this.#body.toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  json() {
    return JSON.parse(this.text());
  }

  wait(options) {
    return this.client.wait(this, options);
  }
}

/** A link as it stands in a response, resolved against where that came from. */
function resolved(response, link) {
  const text = string(link, 'The link');
  return response.url === undefined ? text : new URL(text, response.url).href;
}

module.exports = { Head, Response, resolved, named, kept, next, method };
