// Compiled, never run: the package as an ES module sees it.
import crux, { login, type Client } from 'libcrux';

const client: Client = await login('custom', 'user', 'password');
console.log((await client.get('things/')).text().length, crux.version, client instanceof crux.Client);
