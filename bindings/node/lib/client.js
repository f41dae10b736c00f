'use strict';
// The client: an account at a service, and all that may be asked of it.

const { fileURLToPath } = require('node:url');
const { inspect } = require('node:util');
const { native, clients, slots, onLog, onAsked } = require('./native.js');
const { bodyOf, bytes, filePart } = require('./body.js');
const { classes, errorOf, refused, wrongType } = require('./errors.js');
const { members } = require('./members.js');
const { Pending, WANT } = require('./pending.js');
const { Response, Head, kept, method: methodOf, named, next, resolved } = require('./response.js');
const { keyOf, option, piece, settings, string } = require('./text.js');

const LEVELS = ['off', 'error', 'warning', 'info', 'debug', 'trace'];
/** Only client.js and index.js make clients. */
const INSIDE = Symbol('inside');
let count = 0;

function objectOf(options) {
  if (options === undefined) return {};
  if (options === null || typeof options !== 'object') throw wrongType('The options', 'an object', options);
  return options;
}

function functionOf(value, name) {
  if (value !== undefined && typeof value !== 'function') throw wrongType(`The option "${name}"`, 'a function', value);
  return value;
}

function signalOf(signal) {
  if (signal === undefined || signal === null) return undefined;
  if (!(signal instanceof AbortSignal)) throw wrongType('The option "signal"', 'an AbortSignal', signal);
  signal.throwIfAborted();
  return signal;
}

function levelOf(level = 'warning') {
  const fits = typeof level === 'string' || (typeof level === 'number' && !Number.isNaN(level));
  if (!fits) throw wrongType('The option "logLevel"', 'a name or a number', level);
  const number = typeof level === 'number' ? level : LEVELS.indexOf(level);
  if (LEVELS[number] === undefined) throw refused(`The option "logLevel" is one of ${LEVELS.join(', ')}.`);
  return number;
}

/** The name of a local file: a path, or a file: URL. */
const fileOf = (file, what) => string(file instanceof URL ? fileURLToPath(file) : file, what);

/** Options of a call as pieces, but for those that pending.js and body.js take. */
function described(options) {
  let all = '';
  for (const name in options) {
    const value = options[name];
    switch (name) {
      case 'signal':
      case 'onProgress':
      case 'json':
      case 'body':
      case 'type':
      case 'length':
        break;
      case 'query':
        all += settings('q', value, 'the query');
        break;
      case 'headers':
        all += settings('h', value, 'the headers');
        break;
      case 'fill':
        all += settings('f', value, 'fill');
        break;
      case 'wait':
        all += option('await', value);
        break;
      case 'stream':
        throw refused('A body is streamed by client.stream(path), not by an option.');
      default:
        all += option(name, value);
    }
  }
  return all;
}

class Client {
  #handle;
  #number = ++count;
  #log;
  /** What gives the token, if the program does, and what it threw last, as `error`. */
  #source;
  #failure;
  #underWay = 0;
  #closed = false;
  #logsIn = false;

  /** Not for programs: login(), token(), anonymous() and fromEnv() make clients. */
  constructor(inside, options, environment) {
    if (inside !== INSIDE) throw new TypeError('A client is made by login(), token(), anonymous() or fromEnv().');
    let pieces = environment === undefined ? '' : `e\0${piece(environment, 'The account')}`;
    let { signal, log, logLevel, loginWhen, login_when: alias = loginWhen, ...rest } = objectOf(options);
    if (typeof rest.token === 'function') {
      this.#source = rest.token;
      delete rest.token;
    }
    for (const name in rest) {
      if (keyOf(name) === 'log.level') logLevel = rest[name];
      else if (keyOf(name) === 'login.when') alias = rest[name];
      else pieces += option(name, rest[name]);
    }
    this.#log = functionOf(log, 'log');
    const listens = this.#log || this.#source;
    if (listens) clients.set(this.#number, new WeakRef(this));
    // The login is a request of its own, so that it stops nothing and can be ended.
    pieces += option('login.when', 'first_use');
    this.#logsIn = alias !== 'first_use';
    const handle = native.open(pieces, this.#number, this.#log ? levelOf(logLevel) : 0, Boolean(this.#source));
    if (Array.isArray(handle)) {
      clients.delete(this.#number);
      throw errorOf(handle[0], handle[1]);
    }
    this.#handle = handle;
    if (listens) forgotten.register(this, this.#number, this);
  }

  static open(options, environment) {
    return new Client(INSIDE, options, environment);
  }

  /** Opens one and logs in, unless it has a token already, or is to log in by itself when a request needs it. */
  static async logIn(options, environment) {
    const signal = signalOf(objectOf(options).signal);
    const client = Client.open(options, environment);
    if (!client.#logsIn || client.facts.tokenSource !== undefined) return client;
    try {
      await client.login({ signal });
      return client;
    } catch (error) {
      // The environment need not hold an account: then nothing was tried, and the client is anonymous.
      if (environment !== undefined && error instanceof classes.AuthError && client.facts.logins === 0) return client;
      client.close();
      throw error;
    }
  }

  get closed() {
    return this.#closed;
  }

  get service() {
    return this.facts.service;
  }

  get baseUrl() {
    return this.facts.baseUrl;
  }

  get facts() {
    this.#open();
    return named(JSON.parse(native.facts(this.#handle)));
  }

  #open() {
    if (this.#closed) throw refused('The client is closed.');
  }

  /** Starts what the pieces describe. */
  #run(what, options, flags, requested, body, accepted) {
    return new Promise((resolve, reject) => {
      this.#open();
      const about = {
        method: requested,
        flags,
        signal: signalOf(options.signal),
        onProgress: functionOf(options.onProgress, 'onProgress'),
        source: undefined,
      };
      if (about.onProgress) about.flags |= WANT.progress;
      const start = (sent) => {
        const pending = new Pending(this, about, resolve, reject);
        about.source = sent?.source;
        const spec = typeof what === 'string' ? what + (sent?.pieces ?? '') : what;
        pending.begin(native.start(this.#handle, spec, sent?.blobs, about.flags, accepted));
      };
      if (typeof body?.then !== 'function') return start(body);
      // Read first, it may find the client closed or the signal raised.
      body.then((sent) => {
        this.#open();
        about.signal?.throwIfAborted();
        start(sent);
      }).catch(reject);
    });
  }

  /** As #run, for a method and a path. */
  #request(method, path, given, flags = 0) {
    try {
      const options = objectOf(given);
      const name = string(method, 'The method');
      const streams = flags & WANT.stream ? option('stream', true) : '';
      const spec = `r\0=${name}\0=${string(path, 'The path')}\0${described(options)}${streams}`;
      const mayBeJob = flags === 0 && name !== 'GET' && name !== 'HEAD' ? WANT.job : 0;
      this.#open();
      signalOf(options.signal);
      return this.#run(spec, options, flags | mayBeJob, name, bodyOf(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  request(method, path, options) {
    return this.#request(method, path, options);
  }

  get(path, options) {
    return this.#request('GET', path, options);
  }

  post(path, options) {
    return this.#request('POST', path, options);
  }

  put(path, options) {
    return this.#request('PUT', path, options);
  }

  patch(path, options) {
    return this.#request('PATCH', path, options);
  }

  delete(path, options) {
    return this.#request('DELETE', path, options);
  }

  async stream(path, options) {
    const { method = 'GET', ...rest } = objectOf(options);
    return this.#request(method, path, rest, WANT.stream);
  }

  async *pages(path, options) {
    const given = objectOf(options);
    const { method = 'GET', ...rest } = given;
    let page = await this.#request(method, path, rest, WANT.nextPage);
    for (;;) {
      const call = page[next];
      try {
        yield page;
        if (!call) return;
        page = await this.#run(call, given, WANT.nextPage, method);
      } finally {
        if (call) native.freeCall(call);
      }
    }
  }

  async *items(path, options) {
    const { at, ...rest } = objectOf(options);
    for await (const page of this.pages(path, rest)) yield* members(page.json(), at);
  }

  async follow(response, link, options) {
    if (!(response instanceof Head)) throw wrongType('What is followed', 'a response', response);
    const { method = 'GET', ...rest } = objectOf(options);
    return this.#request(method, resolved(response, link), rest);
  }

  async wait(response, options) {
    if (!(response instanceof Response)) throw wrongType('What is waited for', 'a response', response);
    const given = objectOf(options);
    const accepted = response[kept];
    if (accepted) return this.#run(`a\0${described(given)}`, given, 0, 'GET', undefined, accepted);
    // What was read may itself be the progress of a job; it is read again.
    return response[methodOf] === 'GET' ? this.#request('GET', response.url, { ...given, wait: true }) : response;
  }

  async download(path, file, options) {
    const { method = 'GET', ...rest } = objectOf(options);
    return this.#request(method, path, { ...rest, save: fileOf(file, 'The file') });
  }

  async upload(path, data, options) {
    const { field, filename, type, ...rest } = objectOf(options);
    const settings = described(rest);
    if (typeof data === 'string' || data instanceof URL) {
      if (filename !== undefined) throw refused('A file is uploaded under its own name; "filename" is for bytes.');
      const file = piece(fileOf(data, 'The file'));
      const names = piece(path, 'The path') + piece(field, 'The option "field"');
      return this.#run(`u\0${names}${file}${piece(type, 'The type')}${settings}`, rest, WANT.job, 'POST');
    }
    const given = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : bytes(data);
    if (!given) throw wrongType('What is uploaded', 'the name of a file, bytes or a Blob', data);
    const part = filePart(given, { field, filename: filename ?? data.name, type: type ?? (data.type || undefined) });
    return this.#run(`r\0=POST\0=${string(path, 'The path')}\0${settings}`, rest, WANT.job, 'POST', part);
  }

  /** Logs in, now or again. */
  async login(options) {
    return this.#run('l\0', objectOf(options), 0);
  }

  /** Ends the session; token and password are forgotten here, whatever the server answers. */
  async logout(options) {
    return this.#run('o\0', objectOf(options), 0);
  }

  /** Asks the service to mail a link for a new password. */
  async resetPassword(email, options) {
    return this.#run(`p\0=${string(email, 'The address')}\0`, objectOf(options), 0);
  }

  setToken(token) {
    this.#open();
    const why = native.setToken(this.#handle, piece(string(token, 'The token')));
    if (why) throw errorOf(why[0], why[1]);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    native.answer(this.#handle);
    if (this.#underWay === 0) return this.#end();
    for (const pending of slots) if (pending?.client === this) pending.cancel();
  }

  #end() {
    native.close(this.#handle);
    forgotten.unregister(this);
    clients.delete(this.#number);
  }

  /** Not for programs: a request of this client has begun, and is over. */
  begun() {
    this.#underWay++;
  }

  over() {
    this.#underWay--;
    if (this.#closed && this.#underWay === 0) this.#end();
  }

  [onLog](level, line) {
    const warn = (error) => process.emitWarning(`The log hook of a libcrux client threw: ${error?.message ?? error}`);
    try {
      const answer = this.#log(LEVELS[level], line);
      if (typeof answer?.then === 'function') answer.then(undefined, warn);
    } catch (error) {
      warn(error);
    }
  }

  /** Fetches a token, instead of one that was refused, and hands it to the library; what is thrown the requests tell. */
  async [onAsked](refused, capacity) {
    if (this.#closed) return native.answer(this.#handle);
    let token;
    try {
      token = (await this.#source(refused)) ?? '';
      const wanted = piece(string(token, 'The token'));
      if (Buffer.byteLength(token) > capacity) throw tooLong(capacity);
      this.#failure = undefined;
      token = wanted;
    } catch (error) {
      this.#failure = { error };
      token = undefined;
    }
    native.answer(this.#handle, token);
  }

  /** Not for programs: what the source of tokens threw, as `error`; undefined if it gave one, or there is none. */
  get failure() {
    return this.#failure;
  }

  /** Not for programs: whether a request may have to wait for the program itself. */
  get asks() {
    return this.#source !== undefined;
  }

  [inspect.custom](depth, options) {
    return `Client ${inspect(this.#closed ? { closed: true } : { service: this.service, baseUrl: this.baseUrl }, options)}`;
  }
}

if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.close;

const tooLong = (capacity) => refused(`The token is longer than ${capacity} bytes.`);

/** Clients with a log or a source of tokens that were dropped without close(). */
const forgotten = new FinalizationRegistry((number) => clients.delete(number));

module.exports = { Client };
