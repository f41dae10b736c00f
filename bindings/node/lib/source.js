'use strict';
// A body out of an iterator or stream: a piece is taken whenever the library wants one, none before.

const { native, sources } = require('./native.js');
const { wrongType } = require('./errors.js');

let count = 0;

class Source {
  #number = ++count;
  #iterator;
  #bytes;
  #over = false;
  /** What the iterator threw, as `thrown`: the call fails with that. */
  error = undefined;

  constructor(from, bytes) {
    this.#iterator = (from[Symbol.asyncIterator] ?? from[Symbol.iterator]).call(from);
    this.#bytes = bytes;
    this.handle = native.source(this.#number);
    sources.set(this.#number, () => this.#feed());
  }

  async #feed() {
    try {
      for (;;) {
        const { done, value } = await this.#iterator.next();
        if (this.#over) return;
        if (done) {
          this.#over = true;
          native.push(this.handle);
          return;
        }
        const piece = this.#bytes(value);
        if (!piece) throw wrongType('A piece of the body', 'text or bytes', value);
        // No bytes would be the end.
        if (piece.length > 0) return void native.push(this.handle, piece);
      }
    } catch (error) {
      this.error ??= { thrown: error };
      native.fail(this.handle);
    }
  }

  /** Ends it, whoever waits for a piece: the call is over, or is to be. */
  end() {
    sources.delete(this.#number);
    native.fail(this.handle);
    if (this.#over) return;
    this.#over = true;
    // What the iterator holds open is let go, as at the end of a for-await; nobody waits for that, or hears what it throws.
    (async () => this.#iterator.return?.())().catch(() => {});
  }
}

module.exports = { Source };
