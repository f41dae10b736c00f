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
        CancellationTokenSource all = new CancellationTokenSource();
        string token;

        internal Tokens(Func<string, Task<string>> provider)
        {
            this.provider = provider;
        }

        /// <summary>The token, which is another than the refused one if the provider has another. A cancel ends the wait
        /// for it; the provider goes on, and the next call gets what it brings.</summary>
        internal async Task<string> GetAsync(Client client, string refused, CancellationToken cancellationToken)
        {
            var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Volatile.Read(ref all).Token))
            using (either.Token.Register(() => ended.TrySetResult(null)))
            {
                var fetched = FetchAsync(client, refused, either.Token);
                await Task.WhenAny(fetched, ended.Task).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (either.IsCancellationRequested) throw new OperationCanceledException("The request was cancelled while it waited for a token.");
                return await fetched.ConfigureAwait(false);
            }
        }

        /// <summary>Ends all waits for a token.</summary>
        internal void Cancel() { Interlocked.Exchange(ref all, new CancellationTokenSource()).Cancel(); }

        /// <summary>The same, and of those to come.</summary>
        internal void Close() { Volatile.Read(ref all).Cancel(); }

        async Task<string> FetchAsync(Client client, string refused, CancellationToken cancellationToken)
        {
            await one.WaitAsync(cancellationToken).ConfigureAwait(false);
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
