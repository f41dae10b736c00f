/// <reference types="node" />
import { LibraryOptions, LibraryCallOptions, OptionValue, ResponseFacts, ClientFacts, ErrorCode } from './generated.js';
export {
  LibraryOptions, LibraryCallOptions, OptionValue, ResponseFacts, ClientFacts, ErrorCode,
  ArgumentError, ResolveError, ConnectError, TLSError, IOError, ProtocolError, TimeoutError, CancelledError, AuthError,
  HTTPError, TooLargeError, JobError, FileError, InternalError,
} from './generated.js';

/** Level of a line of the log. */
export type LogLevel = 'error' | 'warning' | 'info' | 'debug' | 'trace';

/** Text, or what has an obvious one; null and undefined are left out. */
export type Scalar = string | number | bigint | boolean | URL | null | undefined;

/** Names and values: of an object, a Map, Headers, URLSearchParams or a list. A list as a value is as many pairs. */
export type Pairs = { readonly [name: string]: Scalar | readonly Scalar[] } | Iterable<readonly [string, Scalar] | [string, Scalar | Scalar[]]>;

/** Bytes in memory. */
export type Bytes = ArrayBufferView | ArrayBuffer | SharedArrayBuffer;

/** Pieces of a body: text is sent as UTF-8. */
export type Pieces = AsyncIterable<string | Bytes> | Iterable<string | Bytes> | ReadableStream<string | Uint8Array>;

/** What `client.post` and its kin can send. */
export type Body = string | Bytes | URLSearchParams | FormData | Blob | Pieces;

/** How far a request is; what is not known is undefined. Told about every 100 ms, and at the end. */
export interface Progress {
  phase?: 'login' | 'connect' | 'send' | 'wait' | 'receive' | 'pause' | 'job';
  /** Of the job, or of the transfer if its length is known. */
  percent?: number;
  /** Bytes of the body that were sent, and how many there are. */
  sent?: number;
  sendTotal?: number;
  /** Bytes of the body that were received, and how many there are. */
  received?: number;
  receiveTotal?: number;
}

/** What ends a wait, and what watches it. */
export interface WaitOptions {
  /** Ends the request within 200 ms; the promise is rejected with the signal's reason. */
  signal?: AbortSignal | null;
  /** If it throws, the request ends and its promise is rejected with that. */
  onProgress?: (progress: Progress) => unknown;
}

/** Options of a client: those of the library, and these. `timeout_total_ms` and `timeout.total_ms` are `timeoutTotalMs`. */
export interface ClientOptions extends Omit<LibraryOptions, 'logLevel'> {
  /** Takes lines of the log, on the thread that made the client. What it throws becomes a warning of the process. */
  log?: (level: LogLevel, line: string) => unknown;
  /** What reaches `log`. Default: warning. */
  logLevel?: LogLevel | 'off' | 0 | 1 | 2 | 3 | 4 | 5;
}

/** Of what logs in: `signal` ends the login. */
export interface LoginOptions extends ClientOptions {
  signal?: AbortSignal | null;
}

/** Options of a call without those that describe what it sends. */
export interface ReadOptions extends WaitOptions, Omit<LibraryCallOptions, 'await' | 'stream' | 'save'> {
  /** Added to the path, percent-encoded. */
  query?: Pairs;
  headers?: Pairs;
  /** What each {name} of the path stands for; stays one segment, whatever it holds. */
  fill?: Pairs;
}

export interface CallOptions extends ReadOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. What comes out of an iterator or stream is sent once: not again after a lost connection. */
  body?: Body | null;
  /** The Content-Type, instead of what fits the body; null = none. */
  type?: string | null;
  /** Of a body in pieces: how many bytes there will be; without it they are sent in chunks. */
  length?: number | bigint;
  /** Waits for the job that the request starts; the response is then the job's last one. */
  wait?: boolean;
  /** Writes the body into this file, as `download` does. */
  save?: string | null;
}

export interface MethodOptions {
  /** Default: GET. */
  method?: string;
}

export interface UploadOptions extends ReadOptions {
  /** Name of the form's field. Default: the one that the service wants, for a file by name; bytes: `file`. */
  field?: string;
  /** Name that the server sees, for bytes; of a File its own. A file by name keeps its own. */
  filename?: string;
  /** The file's type. Default: by its ending. */
  type?: string;
  wait?: boolean;
}

/**
 * Logs in to a service and returns the client that makes all requests.
 *
 * @param service a built-in service such as `crunch`, or `custom`
 * @param user name or e-mail address
 * @throws {AuthError} if the service refuses them, and the error of whatever else went wrong
 * @since 0.2
 */
export function login(service: string, user: string, password: string, options?: LoginOptions): Promise<Client>;

/**
 * Fetches a token from elsewhere: a keyring, a vault, single sign-on. Is asked when one is needed or was refused, by one
 * request at a time; is given the refused one; returns another, nothing if there is none. What it throws, or rejects with,
 * is what the request rejects with. @since 0.2
 */
export type TokenSource = (refused: string | undefined) => string | null | undefined | Promise<string | null | undefined>;

/** A client with a ready token or API key, or with what fetches one; nothing is sent yet. @since 0.2 */
export function token(service: string, token: string | TokenSource, options?: ClientOptions): Client;

/** A client without credentials, for public endpoints. @since 0.2 */
export function anonymous(service: string, options?: ClientOptions): Client;

/**
 * A client with address and credentials of the environment: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or
 * the names that a service's own tools use (docs/options.md lists them). Logs in if they are a name and a password.
 *
 * @param account is added to each variable: `acme` reads CRUX_TOKEN_ACME
 * @since 0.2
 */
export function fromEnv(account?: string | null, options?: LoginOptions): Promise<Client>;

/** An account at a service. Any number of requests may be under way; only they keep the program running. @since 0.2 */
export class Client {
  private constructor();
  readonly service: string | undefined;
  readonly baseUrl: string | undefined;
  /** Whether close() was called. */
  readonly closed: boolean;
  /** Numbers of the client so far, such as `requests`, and the facts of its last login. */
  readonly facts: ClientFacts;

  /**
   * Sends a request and waits for the whole response.
   *
   * @param path below the base (`users/`), from the root (`/api/users/`), or a whole URL out of a response; only the
   *   client's own origin ever gets the token
   * @throws {CruxError} of the class that tells the outcome: HTTPError, AuthError, TimeoutError, ...
   * @throws {TypeError} for arguments of a wrong type
   */
  request(method: string, path: string | URL, options?: CallOptions): Promise<Response>;
  get(path: string | URL, options?: CallOptions): Promise<Response>;
  post(path: string | URL, options?: CallOptions): Promise<Response>;
  put(path: string | URL, options?: CallOptions): Promise<Response>;
  patch(path: string | URL, options?: CallOptions): Promise<Response>;
  delete(path: string | URL, options?: CallOptions): Promise<Response>;

  /** The pages of a list, each asked for when it is wanted. */
  pages(path: string | URL, options?: CallOptions & MethodOptions): AsyncGenerator<Response, void, undefined>;
  /**
   * The members of all pages. Of an object that is a list by names, as Crunch's `index`, they are [name, member].
   *
   * @param options `at`: where the list of a page stands, a name or a JSON pointer. Default: the page itself, a usual
   *   name such as `results`, or its only list
   */
  items<T = any>(path: string | URL, options?: CallOptions & MethodOptions & { at?: string }): AsyncGenerator<T, void, undefined>;
  /** Asks for a link as it stands in a response, resolved against where that came from. */
  follow(response: Response | StreamResponse, link: string | URL, options?: CallOptions & MethodOptions): Promise<Response>;
  /** Waits for the job that a response tells of; any other response is returned at once. */
  wait(response: Response, options?: ReadOptions): Promise<Response>;
  /** Waits for the head of a response; its body is read piece by piece. */
  stream(path: string | URL, options?: CallOptions & MethodOptions): Promise<StreamResponse>;
  /**
   * Downloads a file. An incomplete one never has the final name; a later try goes on from `FILE.part`.
   *
   * @throws {FileError} if the disk is to blame
   */
  download(path: string | URL, file: string | URL, options?: CallOptions & MethodOptions): Promise<Response>;
  /**
   * Uploads a file as a form: by its name straight from the disk, or bytes.
   *
   * @param path where to; null = where the service takes files, for a file by its name
   */
  upload(path: string | URL | null, data: string | URL | Bytes | Blob, options?: UploadOptions): Promise<Response>;

  /** Logs in again, and so says whether the credentials work. */
  login(options?: WaitOptions): Promise<Response>;
  /** Ends the session. Token and password are forgotten here, whatever the server answers. */
  logout(options?: WaitOptions): Promise<Response>;
  /** Asks the service to mail a link for a new password. */
  resetPassword(email: string, options?: WaitOptions): Promise<Response>;
  /** Requests that start later carry this token. */
  setToken(token: string): void;
  /** Ends what is under way, with a CancelledError, and the client. Again is nothing. */
  close(): void;
}

/** What came of a request. Plain values: good for as long as you like, also after the client was closed. @since 0.2 */
export class Response {
  private constructor();
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Where it came from, after redirects. */
  readonly url: string | undefined;
  /** The Location as a whole URL; of a job, its result. */
  readonly location: string | undefined;
  /** The address or the id of what was made. */
  readonly result: string | undefined;
  /** The header Warning. */
  readonly warning: string | undefined;
  /** How many requests it took, retries and redirects included. */
  readonly attempts: number | undefined;
  /** All that is known of it. */
  readonly facts: ResponseFacts;
  /** The body, read as UTF-8. */
  text(): string;
  /** The body, read as JSON. @throws {SyntaxError} if it is none */
  json<T = any>(): T;
  follow(link: string | URL, options?: CallOptions & MethodOptions): Promise<Response>;
  wait(options?: ReadOptions): Promise<Response>;
}

/** A response whose body is read piece by piece. @since 0.2 */
export class StreamResponse implements AsyncIterable<Uint8Array> {
  private constructor();
  readonly status: number;
  readonly headers: Headers;
  readonly url: string | undefined;
  readonly location: string | undefined;
  readonly result: string | undefined;
  readonly warning: string | undefined;
  readonly attempts: number | undefined;
  readonly facts: ResponseFacts;
  /** A stream of bytes; it fails if the body is not complete. Leaving or cancelling it ends the request. */
  readonly body: ReadableStream<Uint8Array>;
  follow(link: string | URL, options?: CallOptions & MethodOptions): Promise<Response>;
  /** Ends the request, whatever is left of the body. */
  cancel(): Promise<void>;
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
}

/** The base of all errors that tell an outcome. The message is a sentence for a person and holds no secret. @since 0.2 */
export class CruxError extends Error {
  constructor(message: string);
  readonly code: ErrorCode;
  /** The same as the library's number. */
  readonly errno: number;
  /** The HTTP status; 0 if there was no response. */
  readonly status: number;
  /** What the server says. */
  readonly serverMessage: string | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Whether the request may have reached the server. */
  readonly maybeSent: boolean;
  /** How long the server asks to wait, in seconds. */
  readonly retryAfter: number | undefined;
  /** The response, if there was one. */
  readonly response: Response | undefined;
}

/** Version of the library that is loaded. */
export const version: string;
