'use strict';
// A response whose body is read piece by piece, as a Web stream of bytes.

const { native, streams } = require('./native.js');
const { errorOf } = require('./errors.js');
const { Head } = require('./response.js');
const { unwatch, watch } = require('./signals.js');

/** So many bytes are read at once. */
const PIECE = 64 * 1024;
let count = 0;

class StreamResponse extends Head {
  #number = ++count;
  #handle;
  #signal;
  #controller;
  #wake;

  constructor(client, status, head, facts, handle, signal) {
    super(client, status, head, facts);
    this.#handle = handle;
    this.body = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: PIECE,
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#end(),
    });
    if (signal) {
      this.#signal = signal;
      watch(signal, this);
      if (signal.aborted) this.handleEvent();
    }
  }

  async #pull(controller) {
    while (this.#handle) {
      const request = controller.byobRequest;
      const read = native.read(this.#handle, request.view);
      if (read > 0) return void request.respond(read);
      if (read === 0) {
        this.#end();
        controller.close();
        return void request.respond(0);
      }
      if (read !== -2) {
        this.#end();
        throw errorOf(read[0], read[1], { status: this.status });
      }
      if (!(await this.#more())) {
        this.#end();
        throw new Error('The system has no descriptor left to watch one more stream.');
      }
    }
  }

  /** Waits until there is something to read. */
  #more() {
    return new Promise((resolve) => {
      this.#wake = resolve;
      streams.set(this.#number, () => resolve(true));
      if (!native.watch(this.#handle, this.#number)) resolve(false);
    });
  }

  #end() {
    if (!this.#handle) return;
    native.closeStream(this.#handle);
    this.#handle = undefined;
    streams.delete(this.#number);
    if (this.#signal) unwatch(this.#signal, this);
    this.#wake?.(true);
  }

  /** The signal that ends it. */
  handleEvent() {
    if (!this.#handle) return;
    this.#controller.error(this.#signal.reason);
    this.#end();
  }

  /** Ends the request, whatever is left of the body. */
  async cancel() {
    if (this.body.locked) this.#end();
    else await this.body.cancel();
  }

  [Symbol.asyncIterator]() {
    return this.body[Symbol.asyncIterator]();
  }
}

if (Symbol.asyncDispose) StreamResponse.prototype[Symbol.asyncDispose] = StreamResponse.prototype.cancel;

module.exports = { StreamResponse };
