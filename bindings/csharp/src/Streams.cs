using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>
    /// The one thread of the program that waits for the next bytes of streams that are read asynchronously, however many.
    /// It ends when there was nothing to wait for for a while.
    /// </summary>
    static class Streams
    {
        const int lingerMs = 1000, sliceMs = 5;

        static readonly object gate = new object();
        static readonly List<Pending> dry = new List<Pending>();
        static bool isRunning;

        /// <summary>How many such threads there were; for the tests.</summary>
        internal static int Started;

        internal static bool IsRunning { get { lock (gate) return isRunning; } }

        /// <summary>A task that ends when a stream has more to read, or has ended.</summary>
        internal static Task Ready(Handle response)
        {
            var pending = new Pending(response);
            lock (gate)
            {
                dry.Add(pending);
                if (isRunning) Monitor.Pulse(gate);
                else
                {
                    isRunning = true;
                    Started++;
                    new Thread(Run) { IsBackground = true, Name = "crux streams" }.Start();
                }
            }
            return pending.Task;
        }

        static void Run()
        {
            for (;;)
            {
                Pending[] waiting;
                lock (gate)
                {
                    while (dry.Count == 0)
                        if (!Monitor.Wait(gate, lingerMs) && dry.Count == 0)
                        {
                            isRunning = false;
                            return;
                        }
                    waiting = dry.ToArray();
                }
                // The first is waited for, a slice long; the others are looked at.
                var slice = sliceMs;
                foreach (var pending in waiting)
                {
                    if (IsReady(pending.Response, slice))
                    {
                        lock (gate) dry.Remove(pending);
                        pending.TrySetResult(true);
                    }
                    slice = 0;
                }
            }
        }

        /// <summary>A stream that was disposed meanwhile is ready: its reader is told so.</summary>
        static bool IsReady(Handle response, int ms)
        {
            try { return Native.crux_wait(response, ms) == 1; }
            catch (System.ObjectDisposedException) { return true; }
        }
    }
}
