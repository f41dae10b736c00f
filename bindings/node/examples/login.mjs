// Logs in, asks for a list, and says what went wrong in one sentence.
import { login, CruxError } from 'libcrux';

const { CRUX_BASE: baseUrl, CRUX_USER: user, CRUX_PASSWORD: password } = process.env;
try {
  const client = await login('custom', user, password, { baseUrl });
  const things = (await client.get('things/', { query: { limit: 10 } })).json();
  console.log(`${things.count} things, the first is ${things.results[0].name}`);
} catch (error) {
  if (!(error instanceof CruxError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
