using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>A request under way: its task ends when the library has finished it, whatever came of it.</summary>
    sealed class Pending : TaskCompletionSource<bool>
    {
        internal readonly Handle Response;

        internal Pending(Handle response) : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Response = response;
        }
    }

    /// <summary>
    /// The one thread of a client that waits, for all of its requests together. It starts with the first request and ends
    /// when there was nothing to wait for for a while, so an idle client has none.
    /// </summary>
    sealed class Pump
    {
        const int lookMs = 10;

        /// <summary>How long the thread stays without work; the tests have it shorter.</summary>
        internal static int LingerMs = 1000;

        /// <summary>How many such threads there are; for the tests.</summary>
        internal static int Threads;

        static readonly byte[] get = Utf8.Bytes("GET", "method"), root = Utf8.Bytes("/", "path");

        readonly object gate = new object();
        readonly Handle client;
        readonly Dictionary<IntPtr, Pending> underWay = new Dictionary<IntPtr, Pending>();
        Handle last;
        bool isRunning, isClosed, frees;

        internal Pump(Handle client)
        {
            this.client = client;
        }

        internal bool IsClosed { get { lock (gate) return isClosed; } }

        /// <summary>Starts a call. It does not wait.</summary>
        internal Pending Start(Handle call)
        {
            lock (gate)
            {
                if (isClosed) throw new ObjectDisposedException(nameof(Client), "The client is closed.");
                var address = Native.crux_call_start(call);
                var pending = new Pending(new Handle(address));
                underWay.Add(address, pending);
                if (!isRunning)
                {
                    isRunning = true;
                    new Thread(Run) { IsBackground = true, Name = "crux" }.Start();
                }
                return pending;
            }
        }

        /// <summary>Ends what is under way, lets nothing new begin, and frees the client when the last has ended.</summary>
        internal void Close()
        {
            lock (gate)
            {
                if (isClosed) return;
                isClosed = true;
                Native.crux_cancel(client);
                if (isRunning)
                {
                    // The thread waits for something to finish: a call that is cancelled already does so at once, and sends
                    // nothing. The thread then frees the client.
                    using (var nothing = new Handle(Native.crux_call_new(client, get, root)))
                    {
                        Native.crux_cancel(nothing);
                        last = new Handle(Native.crux_call_start(nothing));
                    }
                    return;
                }
            }
            client.Dispose();
        }

        void Run()
        {
            Interlocked.Increment(ref Threads);
            var finishedEvent = Native.crux_event(client);
            bool isIdle;
            do
            {
                // A process that has no descriptor left has to look again and again.
                isIdle = finishedEvent == (IntPtr)(-1) ? Look() : !Event.Wait(finishedEvent, LingerMs);
                for (IntPtr finished; (finished = Native.crux_next_finished(client, 0)) != IntPtr.Zero;) Take(finished);
            }
            while (HasWork(isIdle));
            if (frees) Free();
            Interlocked.Decrement(ref Threads);
        }

        bool Look()
        {
            Thread.Sleep(lookMs);
            lock (gate) return underWay.Count == 0;
        }

        void Free()
        {
            if (last != null) last.Dispose();
            client.Dispose();
        }

        bool HasWork(bool isIdle)
        {
            lock (gate)
            {
                if (underWay.Count > 0 || !(isIdle || isClosed)) return true;
                isRunning = false;
                // Once this thread counts no more, Close frees the client, or leaves that to the thread after this one.
                frees = isClosed;
                return false;
            }
        }

        void Take(IntPtr finished)
        {
            Pending pending;
            lock (gate)
                if (underWay.TryGetValue(finished, out pending)) underWay.Remove(finished);
            if (pending != null) pending.TrySetResult(true);
        }
    }
}
