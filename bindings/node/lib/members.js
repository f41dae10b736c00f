'use strict';
// The members of the list that a page holds.

const { constants } = require('./generated.js');
const { errorOf, wrongType } = require('./errors.js');

const USUAL = ['results', 'items', 'data', 'records', 'elements', 'index'];

/** What stands at a JSON pointer, or under a name. */
function standing(document, at) {
  if (typeof at !== 'string') throw wrongType('The option "at"', 'a name or a JSON pointer', at);
  const names = at.startsWith('/') ? at.slice(1).split('/') : [at];
  const unescaped = names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return unescaped.reduce((value, name) => (Object.hasOwn(Object(value), name) ? value[name] : undefined), document);
}

const isObject = (value) => typeof value === 'object' && value !== null;

/**
 * @param {unknown} document of a page
 * @param {string} [at] where its list stands; by default the document itself, a usual name, or its only list
 * @returns {Iterable} members of a list; of an object that is a list by names, as Crunch's `index` is, [name, member]
 */
function members(document, at) {
  let list = document;
  if (at !== undefined) list = standing(document, at);
  else if (isObject(document) && !Array.isArray(document)) {
    const lists = Object.values(document).filter(Array.isArray);
    const usual = USUAL.find((name) => isObject(document[name]));
    list = usual ? document[usual] : lists.length === 1 ? lists[0] : undefined;
  }
  if (Array.isArray(list)) return list;
  if (isObject(list)) return Object.entries(list);
  throw errorOf(constants.ERR_PROTOCOL, 'The page holds no list that could be told; name it with the option "at".');
}

module.exports = { members };
