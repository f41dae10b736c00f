'use strict';

const ABSENT = Symbol('absent');

/** What stands at a JSON pointer. */
function at(document, pointer) {
  let value = document;
  for (const name of pointer.split('/').slice(1)) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Object.hasOwn(Object(value), key)) return ABSENT;
    value = value[key];
  }
  return value;
}

module.exports = { at, ABSENT };
