'use strict';
// A request under way: what ends it, what it tells, and how its promise is settled.

const { native, slots } = require('./native.js');
const { constants } = require('./generated.js');
const { cancelled, errorOf } = require('./errors.js');
const { Response } = require('./response.js');
const { unwatch, watch } = require('./signals.js');
const { StreamResponse } = require('./stream.js');

/** How often progress is told, in ms. */
const PROGRESS_EVERY = 100;
const WANT = { stream: 1, nextPage: 2, progress: 4, job: 8 };
const PHASES = Object.fromEntries(
  Object.entries(constants)
    .filter(([name]) => name.startsWith('PHASE_'))
    .map(([name, value]) => [value, name.slice(6).toLowerCase()]),
);

/** Those whose progress is told; one timer for all of them. */
const told = new Set();
let timer;

function tell(pending) {
  told.add(pending);
  if (timer) return;
  timer = setInterval(() => {
    for (const one of told) one.progress(native.progress(one.slot));
  }, PROGRESS_EVERY);
  // The request keeps the program running, this does not.
  timer.unref();
}

function tellNoMore(pending) {
  if (told.delete(pending) && told.size === 0) {
    clearInterval(timer);
    timer = undefined;
  }
}

class Pending {
  /**
   * @param {object} client with `begun` and `over` of its own
   * @param {{method?: string, flags: number, signal?: AbortSignal, onProgress?: Function, source?: object}} about
   */
  constructor(client, about, resolve, reject) {
    this.client = client;
    this.about = about;
    this.resolve = resolve;
    this.reject = reject;
    this.thrown = undefined;
    this.slot = -1;
  }

  /** Is given what native.start returned: the number of a slot, or the refusal. */
  begin(started) {
    const { signal, onProgress, source } = this.about;
    if (typeof started !== 'number') {
      source?.end();
      return this.reject(errorOf(...started));
    }
    this.slot = started;
    slots[started] = this;
    this.client.begun();
    if (signal) watch(signal, this);
    if (onProgress) tell(this);
  }

  /** The signal's. */
  handleEvent() {
    this.cancel();
    // A request that waits for the program's own source of tokens ends only after that.
    if (this.client.asks) this.reject(this.about.signal.reason);
  }

  cancel() {
    this.about.source?.end();
    native.cancel(this.slot);
  }

  /** Tells how far it is: [phase, percent, sent, sendTotal, received, receiveTotal], -1 for what is not known. */
  progress(numbers) {
    if (!numbers || this.thrown) return;
    const [phase, percent, sent, sendTotal, received, receiveTotal] = numbers.map((one) => (one < 0 ? undefined : one));
    const fail = (error) => {
      this.thrown ??= { error };
      this.cancel();
    };
    try {
      const answer = this.about.onProgress({ phase: PHASES[phase], percent, sent, sendTotal, received, receiveTotal });
      if (typeof answer?.then === 'function') answer.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  }

  finished(code, status, head, body, facts, message, kept, next, progress) {
    const { about, client } = this;
    if (about.onProgress) {
      tellNoMore(this);
      this.progress(progress);
    }
    if (about.signal) unwatch(about.signal, this);
    about.source?.end();
    client.over();
    if (this.thrown) this.reject(this.thrown.error);
    else if (code !== constants.OK) this.reject(this.#error(code, status, head, body, facts, message));
    else if (about.flags & WANT.stream) {
      this.resolve(new StreamResponse(client, status, head, facts, kept, about.signal));
    } else this.resolve(new Response(client, status, head, facts, body, about.method, kept, next));
  }

  #error(code, status, head, body, facts, message) {
    const { source, signal } = this.about;
    if (source?.error) return source.error.thrown;
    if (code === constants.ERR_CANCELLED) {
      if (signal?.aborted) return signal.reason;
    }
    if (this.client.closed && (code === constants.ERR_CANCELLED || code === constants.ERR_AUTH)) {
      return cancelled('The client was closed while the request was under way.');
    }
    if (code === constants.ERR_AUTH && this.client.failure) return this.client.failure.error;
    // Of what never came to an answer there is none to show.
    const response = status ? new Response(this.client, status, head, facts, body, this.about.method) : undefined;
    return errorOf(code, message, { status, facts: JSON.parse(facts), response });
  }
}

module.exports = { Pending, WANT };
