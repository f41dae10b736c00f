using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>
    /// An account at a service: it logs in once, and makes all requests. Any number of threads and tasks may use one client
    /// at once; one thread of it waits for all of them. A call that fails throws a <see cref="CruxException"/>, a cancelled
    /// one an <see cref="OperationCanceledException"/>. Since 0.2.
    /// </summary>
    public sealed partial class Client : IDisposable
    {
        static readonly byte[] jobUrl = Utf8.Bytes("job_url", "name");

        readonly Handle handle;
        readonly Pump pump;
        readonly Tokens tokens;
        readonly Type typeOfLog;
        CancellationTokenSource all = new CancellationTokenSource();

        Client(Handle handle, Options options)
        {
            this.handle = handle;
            tokens = options?.TokenProvider == null ? null : new Tokens(options.TokenProvider);
            typeOfLog = options?.Log?.Method.DeclaringType;
            pump = new Pump(handle);
        }

        /// <summary>Logs in with a password.</summary>
        /// <param name="service">a built-in service such as <c>crunch</c>, or <c>custom</c></param>
        /// <param name="user">user name or e-mail address</param>
        /// <param name="secret">the password</param>
        /// <param name="options">further options, such as <c>base_url</c>; null = none</param>
        /// <param name="cancellationToken">ends the login</param>
        /// <exception cref="AuthException">The login was refused.</exception>
        /// <exception cref="CruxArgumentException">An option is not usable.</exception>
        /// <exception cref="CruxException">what else came of the login</exception>
        public static async Task<Client> LoginAsync(string service, string user, string secret, Options options = null,
            CancellationToken cancellationToken = default)
        {
            if (user == null) throw new ArgumentNullException(nameof(user));
            if (secret == null) throw new ArgumentNullException(nameof(secret));
            var later = options != null && options.LoginWhen == "first_use";
            var client = Open(service, options, new Dictionary<string, string> { ["user"] = user, ["secret"] = secret });
            try
            {
                if (!later) (await client.LoginAgainAsync(cancellationToken).ConfigureAwait(false)).Dispose();
                return client;
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        /// <summary>A client with a ready token or API key. Nothing is sent yet.</summary>
        /// <param name="service">as for <see cref="LoginAsync"/></param>
        /// <param name="token">the token</param>
        /// <param name="options">further options; null = none</param>
        /// <exception cref="CruxArgumentException">An option is not usable.</exception>
        public static Client Token(string service, string token, Options options = null)
        {
            if (token == null) throw new ArgumentNullException(nameof(token));
            return Open(service, options, new Dictionary<string, string> { ["token"] = token });
        }

        /// <summary>A client without credentials, for public endpoints.</summary>
        /// <param name="service">as for <see cref="LoginAsync"/></param>
        /// <param name="options">further options; null = none</param>
        /// <exception cref="CruxArgumentException">An option is not usable.</exception>
        public static Client Anonymous(string service, Options options = null)
        {
            return Open(service, options, new Dictionary<string, string>());
        }

        /// <summary>A client whose address and credentials stand in environment variables: <c>CRUX_API</c>,
        /// <c>CRUX_TOKEN</c>, <c>CRUX_USER</c> and <c>CRUX_PASSWORD</c>, or what a service's own tools read. Nothing is sent yet: a password
        /// login is made by the first call.</summary>
        /// <param name="account">a name that is added to each variable; null = none</param>
        /// <param name="options">further options, which win; null = none</param>
        /// <exception cref="CruxArgumentException">A variable or an option is not usable.</exception>
        public static Client FromEnvironment(string account = null, Options options = null)
        {
            return Open(null, options, new Dictionary<string, string>(), account, true);
        }

        /// <summary>Sends a request.</summary>
        /// <param name="method">such as <c>GET</c></param>
        /// <param name="path">below the base, from the root, or a whole URL; only the client's own origin gets the token</param>
        /// <param name="call">query, body, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the call within 200 ms</param>
        /// <exception cref="CruxException">what came of the call instead of a response</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled, or the client closed.</exception>
        /// <exception cref="ObjectDisposedException">The client is closed.</exception>
        public Task<Response> RequestAsync(string method, string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return SendAsync(Prepare(method, path, call), cancellationToken);
        }

        /// <summary>Sends a GET; see <see cref="RequestAsync"/>.</summary>
        public Task<Response> GetAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return RequestAsync("GET", path, call, cancellationToken);
        }

        /// <summary>Sends a POST; see <see cref="RequestAsync"/>.</summary>
        public Task<Response> PostAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return RequestAsync("POST", path, call, cancellationToken);
        }

        /// <summary>Sends a PUT; see <see cref="RequestAsync"/>.</summary>
        public Task<Response> PutAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return RequestAsync("PUT", path, call, cancellationToken);
        }

        /// <summary>Sends a PATCH; see <see cref="RequestAsync"/>.</summary>
        public Task<Response> PatchAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return RequestAsync("PATCH", path, call, cancellationToken);
        }

        /// <summary>Sends a DELETE; see <see cref="RequestAsync"/>.</summary>
        public Task<Response> DeleteAsync(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            return RequestAsync("DELETE", path, call, cancellationToken);
        }

        /// <summary>Ends all calls that are under way. The client stays usable.</summary>
        public void Cancel()
        {
            ThrowIfClosed();
            handle.Cancel();
            Interlocked.Exchange(ref all, new CancellationTokenSource()).Cancel();
        }

        /// <summary>Closes the client: calls under way end as cancelled, later ones throw. Responses stay good.</summary>
        public void Dispose()
        {
            pump.Close();
            Volatile.Read(ref all).Cancel(); // Also for those to come.
        }

        static Client Open(string service, Options options, Dictionary<string, string> credentials, string account = null, bool fromEnvironment = false)
        {
            using (var settings = (options ?? new Options()).ToHandle(account, fromEnvironment))
            {
                // The login is a call of its own, which can be cancelled while it waits.
                credentials["login.when"] = "first_use";
                if (service != null) credentials["service"] = service;
                foreach (var one in credentials) Options.Set(settings, one.Key, one.Value);
                return new Client(new Handle(Native.crux_login_with(settings)).Check(), options);
            }
        }

        /// <summary>Describes a call. It throws before anything is sent.</summary>
        Prepared Prepare(string method, string path, Call call)
        {
            if (method == null) throw new ArgumentNullException(nameof(method));
            if (path == null) throw new ArgumentNullException(nameof(path));
            ThrowIfClosed();
            return new Prepared(Native.crux_call_new(handle, Utf8.Bytes(method, "method"), Utf8.Bytes(path, "path")), call);
        }

        void ThrowIfClosed()
        {
            if (pump.IsClosed) throw new ObjectDisposedException(nameof(Client), "The client is closed.");
        }

        async Task<Response> SendAsync(Prepared prepared, CancellationToken cancellationToken)
        {
            return new Response(this, await FinishAsync(prepared, cancellationToken).ConfigureAwait(false));
        }

        /// <summary>Sends a call and waits for its end. The response of the library comes back if all went well.</summary>
        async Task<Handle> FinishAsync(Prepared prepared, CancellationToken cancellationToken)
        {
            using (prepared)
            using (var ending = MayBlock(prepared) ? new Ending(cancellationToken, Volatile.Read(ref all).Token) : null)
            {
                await Initializer.Over(typeOfLog, "Log").ConfigureAwait(false);
                var token = tokens == null ? null : await tokens.GetAsync(this, null, ending).ConfigureAwait(false);
                var response = await OnceAsync(prepared.Handle, prepared, ending, cancellationToken).ConfigureAwait(false);
                if (tokens != null && prepared.Source == null && IsRefused(response)
                    && await tokens.GetAsync(this, token, ending).ConfigureAwait(false) != token)
                    response = await AgainAsync(prepared, response, ending, cancellationToken).ConfigureAwait(false);
                if (response.Code != Outcome.Ok) throw Failed(response, cancellationToken);
                return response;
            }
        }

        /// <summary>Whether a call runs anything of the program, which may block.</summary>
        bool MayBlock(Prepared prepared)
        {
            return tokens != null || typeOfLog != null || prepared.Source != null || Progress.IsWanted(prepared.Call);
        }

        /// <summary>Whether the server refused the token: by 401, or by what the service says of an expired one.</summary>
        static bool IsRefused(Handle response)
        {
            return response.Code == Outcome.Auth && Native.crux_status(response) != 0;
        }

        /// <summary>Sends a call whose token was refused once more. One that has started a job goes on waiting for it.</summary>
        async Task<Handle> AgainAsync(Prepared prepared, Handle refused, Ending ending, CancellationToken cancellationToken)
        {
            using (refused)
            {
                if (prepared.Call == null || refused.Info(jobUrl) == null)
                    return await OnceAsync(prepared.Handle, prepared, ending, cancellationToken).ConfigureAwait(false);
                using (var wait = new Prepared(Native.crux_call_await(handle, refused), null))
                {
                    var timeout = prepared.Call.settings.Text("job.timeout_ms");
                    if (timeout != null) wait.Set("job.timeout_ms", timeout);
                    return await OnceAsync(wait.Handle, prepared, ending, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        /// <summary>Sends a call, as it was prepared or in its place, and waits for its end, whatever comes of it.</summary>
        async Task<Handle> OnceAsync(Handle call, Prepared prepared, Ending ending, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfClosed();
            return prepared.Source == null
                ? await StartAsync(call, prepared, ending, cancellationToken).ConfigureAwait(false)
                : await ReadAndSendAsync(prepared, ending).ConfigureAwait(false);
        }

        async Task<Handle> StartAsync(Handle call, Prepared prepared, Ending ending, CancellationToken cancellationToken)
        {
            var pending = pump.Start(call);
            var response = pending.Response;
            var progress = Progress.Watch(response, prepared);
            try
            {
                using (response.CancelBy(cancellationToken))
                    await (ending == null ? pending.Task : ending.Await(pending.Task)).ConfigureAwait(false);
            }
            catch
            {
                progress?.Stop();
                throw;
            }
            return await ToldAsync(response, progress, null, ending).ConfigureAwait(false);
        }

        /// <summary>The caller's stream may block: it is read on a thread of its own, which a cancel leaves to it.</summary>
        async Task<Handle> ReadAndSendAsync(Prepared prepared, Ending ending)
        {
            await ending.Await(Initializer.Over(prepared.Source.StreamType, "Content")).ConfigureAwait(false);
            var progress = Progress.Watch(prepared.Handle, prepared);
            using (prepared.Handle.CancelBy(ending.Token))
            {
                var sending = HookThreads.Run(() => new Handle(Native.crux_call_send(prepared.Handle)));
                try { await ending.Await(sending).ConfigureAwait(false); }
                catch
                {
                    progress?.Stop();
                    Drop(sending);
                    throw;
                }
                return await ToldAsync(sending.Result, progress, prepared.Source, ending).ConfigureAwait(false);
            }
        }

        /// <summary>What comes too late is freed when it comes.</summary>
        static void Drop(Task<Handle> late)
        {
            late.ContinueWith(task => task.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
        }

        /// <summary>The response, once the caller was told the end; or what the caller's own threw.</summary>
        static async Task<Handle> ToldAsync(Handle response, Progress progress, BodySource source, Ending ending)
        {
            try
            {
                if (progress != null) await progress.FinishAsync(ending).ConfigureAwait(false);
                var error = progress?.Error ?? source?.Error;
                if (error != null) ExceptionDispatchInfo.Capture(error).Throw();
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        /// <summary>The exception that tells what became of a call.</summary>
        Exception Failed(Handle last, CancellationToken cancellationToken)
        {
            var response = Native.crux_status(last) == 0 ? null : new Response(this, last);
            var error = Failure.Of(last, response, cancellationToken);
            if (response == null) last.Dispose();
            return error;
        }
    }
}
