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
        const int lingerMs = 1000;

        /// <summary>How many such threads there are; for the tests.</summary>
        internal static int Threads;

        readonly object gate = new object();
        readonly Handle client;
        readonly Dictionary<IntPtr, Pending> underWay = new Dictionary<IntPtr, Pending>();
        bool isRunning, isClosed;

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
                if (isRunning) Monitor.Pulse(gate);
                else
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
                Monitor.Pulse(gate);
                if (isRunning) return;
            }
            client.Dispose();
        }

        void Run()
        {
            Interlocked.Increment(ref Threads);
            while (HasWork())
            {
                var finished = Native.crux_next_finished(client, -1);
                foreach (var pending in finished == IntPtr.Zero ? Finished() : Take(finished)) pending.TrySetResult(true);
            }
            if (IsClosed) client.Dispose();
            Interlocked.Decrement(ref Threads);
        }

        /// <summary>Waits for something to wait for; false if nothing comes, and then the thread ends.</summary>
        bool HasWork()
        {
            lock (gate)
            {
                while (underWay.Count == 0)
                    if (isClosed || (!Monitor.Wait(gate, lingerMs) && underWay.Count == 0))
                        return isRunning = false;
                return true;
            }
        }

        IEnumerable<Pending> Take(IntPtr finished)
        {
            lock (gate)
            {
                Pending pending;
                if (!underWay.TryGetValue(finished, out pending)) return new Pending[0];
                underWay.Remove(finished);
                return new[] { pending };
            }
        }

        /// <summary>Those that have finished although the library's queue is empty.</summary>
        IEnumerable<Pending> Finished()
        {
            var done = new List<Pending>();
            lock (gate)
            {
                foreach (var pending in underWay.Values)
                    if (Native.crux_wait(pending.Response, 0) == 1) done.Add(pending);
                foreach (var pending in done) underWay.Remove(pending.Response.DangerousGetHandle());
            }
            return done;
        }
    }
}
