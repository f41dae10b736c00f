using System;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>The token that a provider of the program gives: asked for before the first call, and again when the server
    /// refuses it, once for all calls.</summary>
    sealed class Tokens
    {
        /// <summary>Whose provider is at work, as what it calls sees it.</summary>
        static readonly AsyncLocal<Tokens> fetching = new AsyncLocal<Tokens>();

        readonly Func<string, Task<string>> provider;
        readonly SemaphoreSlim one = new SemaphoreSlim(1);
        volatile string token;

        internal Tokens(Func<string, Task<string>> provider)
        {
            this.provider = provider;
        }

        /// <summary>The token, which is another than the refused one if the provider has another. A cancel ends the wait
        /// for it; the provider goes on, and the next call gets what it brings.</summary>
        internal async Task<string> GetAsync(Client client, string refused, Ending ending)
        {
            ending.Check();
            var known = token;
            if (known != refused) return known;
            if (fetching.Value == this)
                throw new InvalidOperationException(
                    "The TokenProvider of the client has called the same client, which waits for that very token. Use another one there.");
            var fetched = FetchAsync(client, refused, ending.Token);
            await ending.First(fetched).ConfigureAwait(false);
            ending.Check();
            return await fetched.ConfigureAwait(false);
        }

        async Task<string> FetchAsync(Client client, string refused, CancellationToken cancellationToken)
        {
            await one.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (token != refused) return token;
                await Initializer.Over(provider.Method.DeclaringType, "TokenProvider").ConfigureAwait(false);
                // It may block before it returns its task.
                fetching.Value = this;
                var coming = await HookThreads.Run(() => provider(refused)).ConfigureAwait(false);
                if (coming == null) throw new InvalidOperationException("The TokenProvider returned no task.");
                var fresh = await coming.ConfigureAwait(false);
                if (fresh == null || fresh == refused) return refused;
                client.SetToken(fresh);
                return token = fresh;
            }
            finally { one.Release(); }
        }
    }
}
