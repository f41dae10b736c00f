using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    // Links, pages and jobs.
    public sealed partial class Client
    {
        /// <summary>Sends a GET to a link as it stands in a response, resolved against where that came from.</summary>
        /// <param name="from">the response</param>
        /// <param name="link">the link, out of its body or a header</param>
        /// <param name="call">query, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the call</param>
        /// <exception cref="CruxException">what came of the call instead of a response</exception>
        /// <exception cref="ArgumentException">The response came from another client.</exception>
        public Task<Response> FollowAsync(Response from, string link, Call call = null, CancellationToken cancellationToken = default)
        {
            if (from == null) throw new ArgumentNullException(nameof(from));
            if (link == null) throw new ArgumentNullException(nameof(link));
            ThrowIfClosed();
            // The call belongs to the client of the response, and only that one's queue would bring it.
            if (!from.IsOf(this)) throw new ArgumentException("The response came from another client, which alone can follow its links.", nameof(from));
            var follow = Native.crux_call_follow(from.Open, Utf8.Bytes("GET", "method"), Utf8.Bytes(link, "link"));
            return SendAsync(new Prepared(follow, call), cancellationToken);
        }

        /// <summary>
        /// The pages of a list, in any form the services have, each asked for when the loop comes to it. The loop waits; to
        /// await instead, begin with <see cref="GetAsync"/> and go on with <see cref="NextPageAsync"/>.
        /// </summary>
        /// <param name="path">the list</param>
        /// <param name="call">query, headers and options; null = none</param>
        /// <param name="cancellationToken">ends the page that is waited for</param>
        /// <exception cref="CruxException">what came of a page, while the loop runs</exception>
        public IEnumerable<Response> Pages(string path, Call call = null, CancellationToken cancellationToken = default)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            ThrowIfClosed();
            return PagesOf(path, call, cancellationToken);
        }

        IEnumerable<Response> PagesOf(string path, Call call, CancellationToken cancellationToken)
        {
            var next = Prepare("GET", path, call);
            try
            {
                while (next != null)
                {
                    var page = SendAsync(next, cancellationToken).GetAwaiter().GetResult();
                    next = NextPage(page); // Before the page is handed out: the loop may dispose it.
                    yield return page;
                }
            }
            finally
            {
                if (next != null) next.Dispose();
            }
        }

        /// <summary>The members of all pages of a list, one after another.</summary>
        /// <param name="path">the list</param>
        /// <param name="call">query, headers and options; null = none</param>
        /// <param name="pointer">where the members stand in a page, such as <c>/results</c>; null = the page itself if it is
        /// an array, otherwise its first member that is one</param>
        /// <param name="cancellationToken">ends the page that is waited for</param>
        /// <exception cref="CruxException">what came of a page, while the loop runs</exception>
        public IEnumerable<Json> Items(string path, Call call = null, string pointer = null, CancellationToken cancellationToken = default)
        {
            foreach (var page in Pages(path, call, cancellationToken))
            {
                var json = page.Json;
                page.Dispose();
                foreach (var item in (pointer == null ? List(json) : json.Find(pointer)) ?? Enumerable.Empty<Json>()) yield return item;
            }
        }

        static IEnumerable<Json> List(Json page)
        {
            return page.Type == JsonType.Array ? page : page.FirstOrDefault(member => member.Type == JsonType.Array);
        }

        /// <summary>The page after a page of a list.</summary>
        /// <param name="page">a response that holds a page</param>
        /// <param name="cancellationToken">ends the call</param>
        /// <returns>the next page; null after the last</returns>
        public async Task<Response> NextPageAsync(Response page, CancellationToken cancellationToken = default)
        {
            if (page == null) throw new ArgumentNullException(nameof(page));
            ThrowIfClosed();
            var next = NextPage(page);
            return next == null ? null : await SendAsync(next, cancellationToken).ConfigureAwait(false);
        }

        Prepared NextPage(Response page)
        {
            var call = Native.crux_call_next(handle, page.Open);
            return call == IntPtr.Zero ? null : new Prepared(call, null);
        }

        /// <summary>
        /// Waits for the job that an earlier call has started, however long that takes: bad gateways, lost connections and
        /// expired tokens in between are survived. A call with <see cref="Call.Wait"/> does this by itself.
        /// </summary>
        /// <param name="accepted">the response of the call that started the job; it must not be disposed yet</param>
        /// <param name="timeout">the longest wait; null = as the option <c>job.timeout_ms</c> says, <see cref="Timeout.InfiniteTimeSpan"/> = no limit</param>
        /// <param name="cancellationToken">ends the waiting, not the job</param>
        /// <exception cref="JobException">The server says that the job failed.</exception>
        /// <exception cref="CruxTimeoutException">The job goes on; wait again for the same response.</exception>
        public Task<Response> WaitAsync(Response accepted, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        {
            if (accepted == null) throw new ArgumentNullException(nameof(accepted));
            ThrowIfClosed();
            var wait = new Prepared(Native.crux_call_await(handle, accepted.Open), null);
            // For the library 0 is "as long as it takes"; here it is as short a look as there is.
            if (timeout != null)
            {
                var limit = timeout == Timeout.InfiniteTimeSpan ? 0 : (long)Math.Max(1, timeout.Value.TotalMilliseconds);
                wait.Set("job.timeout_ms", limit.ToString(CultureInfo.InvariantCulture));
            }
            return SendAsync(wait, cancellationToken);
        }
    }
}
