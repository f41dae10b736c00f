import crux from './index.js';

export default crux;
export const {
  login, token, anonymous, fromEnv, version, Client, Response, StreamResponse,
  CruxError, ArgumentError, ResolveError, ConnectError, TLSError, IOError, ProtocolError, TimeoutError, CancelledError,
  AuthError, HTTPError, TooLargeError, JobError, FileError, InternalError,
} = crux;
