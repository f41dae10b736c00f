// Compiled, never run: the types say what the package does, and no more.
import { login, token, anonymous, fromEnv, version, AuthError, CruxError, HTTPError, TimeoutError } from 'libcrux';
import type { Client, ErrorCode, Progress, Response } from 'libcrux';
import crux from 'libcrux';

interface Thing { id: number; name: string }

export async function all(): Promise<string> {
  const client: Client = await login('custom', 'user', 'password', {
    baseUrl: 'https://example.com/', timeoutTotalMs: 5000, loginExtra: { realm: 'x' }, tlsVerify: true,
    signal: AbortSignal.timeout(1000), logLevel: 'debug', log: (level, line) => console.log(level.toUpperCase(), line),
  });
  const things = await client.get('things/', { query: { limit: 10, tag: ['a', 'b'], none: undefined }, retryMax: 0 });
  const first: Thing = things.json<{ results: Thing[] }>().results[0]!;
  const made: Response = await client.post('things/', { json: first, wait: true, onProgress: (p: Progress) => p.percent });
  for await (const page of client.pages('things/')) page.headers.get('etag')?.trim();
  for await (const thing of client.items<Thing>('things/', { at: 'results' })) thing.name.trim();
  const streamed = await client.stream('file');
  for await (const piece of streamed) piece.byteLength.toFixed();
  await client.put('x', { body: new Uint8Array(3), type: 'a/b', headers: new Headers({ a: 'b' }) });
  await client.put('x', { body: (async function* () { yield 'a'; yield Buffer.from('b'); })(), length: 2n });
  await client.upload(null, new URL('file:///x'), { field: 'file' });
  await client.download('x', 'y', { resume: false, sha256: null });
  await made.follow('../', { method: 'DELETE' });
  try {
    await made.wait();
  } catch (error) {
    if (error instanceof HTTPError && error.retryAfter) return String(error.retryAfter * 1000);
    if (error instanceof TimeoutError || error instanceof AuthError) return error.serverMessage ?? error.code;
    if (error instanceof CruxError) { const code: ErrorCode = error.code; return code; }
  }
  token('crunch', 'x').close();
  token('crunch', async (refused) => refused?.trim()).close();
  anonymous('crunch').setToken('x');
  (await fromEnv()).facts.requests?.toFixed();
  return version + crux.version;
}

export async function wrong(client: Client): Promise<void> {
  // @ts-expect-error a path is text
  await client.get(7);
  // @ts-expect-error no such option
  await client.get('x', { retries: 1 });
  // @ts-expect-error of a client only
  await client.get('x', { baseUrl: 'x' });
  // @ts-expect-error a number of milliseconds
  await client.get('x', { timeoutTotalMs: 'long' });
  // @ts-expect-error may be undefined
  (await client.get('x')).location.trim();
  // @ts-expect-error login is awaited
  login('custom', 'a', 'b').get('x');
  // @ts-expect-error not for programs
  new crux.Client();
  // @ts-expect-error a number is no body
  await client.post('x', { body: 7 });
}
