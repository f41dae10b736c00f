'use strict';

const { native } = require('./native.js');
const { Client } = require('./client.js');
const { CruxError, classes } = require('./errors.js');
const { Response } = require('./response.js');
const { StreamResponse } = require('./stream.js');
const { string } = require('./text.js');

async function login(service, user, password, options) {
  const account = {
    service: string(service, 'The service'),
    user: string(user, 'The user'),
    secret: string(password, 'The password'),
  };
  return Client.logIn({ ...options, ...account });
}

function token(service, token, options) {
  const given = typeof token === 'function' ? token : string(token, 'The token');
  return Client.open({ ...options, service: string(service, 'The service'), token: given });
}

function anonymous(service, options) {
  return Client.open({ ...options, service: string(service, 'The service') });
}

async function fromEnv(account, options) {
  return Client.logIn(options, account ?? null);
}

module.exports = {
  login,
  token,
  anonymous,
  fromEnv,
  Client,
  Response,
  StreamResponse,
  CruxError,
  ...classes,
  /** Version of the library that is loaded. */
  version: native.version(),
};
