'use strict';
// One listener for each signal, however many requests it ends: of more than ten Node warns.

/** What is to be ended, by its signal. */
const watches = new WeakMap();

class Watch {
  /** Each has `handleEvent()`. */
  ended = new Set();

  handleEvent() {
    for (const one of this.ended) {
      try {
        one.handleEvent();
      } catch (error) {
        // As a listener of its own would: the others are ended nevertheless.
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}

/** Has the signal call `one.handleEvent()` when it is raised. */
function watch(signal, one) {
  let all = watches.get(signal);
  if (!all) {
    all = new Watch();
    watches.set(signal, all);
  }
  if (all.ended.size === 0) signal.addEventListener('abort', all);
  all.ended.add(one);
}

/** Has it do so no more. */
function unwatch(signal, one) {
  const all = watches.get(signal);
  if (all?.ended.delete(one) && all.ended.size === 0) signal.removeEventListener('abort', all);
}

module.exports = { watch, unwatch };
