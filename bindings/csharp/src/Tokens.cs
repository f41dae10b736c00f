using System;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>The token that a provider of the program gives: asked for before the first call, and again when the server
    /// refuses it, once for all calls.</summary>
    sealed class Tokens
    {
        readonly Func<string, Task<string>> provider;
        readonly SemaphoreSlim one = new SemaphoreSlim(1);
        string token;

        internal Tokens(Func<string, Task<string>> provider)
        {
            this.provider = provider;
        }

        /// <summary>The token, which is another than the refused one if the provider has another.</summary>
        internal async Task<string> GetAsync(Client client, string refused)
        {
            await one.WaitAsync().ConfigureAwait(false);
            try
            {
                if (token != refused) return token;
                var fresh = await provider(refused).ConfigureAwait(false);
                if (fresh == null || fresh == refused) return refused;
                client.SetToken(fresh);
                return token = fresh;
            }
            finally { one.Release(); }
        }
    }
}
