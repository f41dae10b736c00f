using System;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>Tells the caller how far a call is: a timer that looks at the live facts of the response. What the caller
    /// throws ends the call.</summary>
    sealed class Progress
    {
        const int everyMs = 50;

        /// <summary>How long a call that is over waits for the caller to have been told so.</summary>
        const int patienceMs = 1000;

        static readonly byte[] phase = Utf8.Bytes("phase", "name"), percent = Utf8.Bytes("percent", "name");
        static readonly byte[] sent = Utf8.Bytes("sent", "name"), sendTotal = Utf8.Bytes("send_total", "name");
        static readonly byte[] received = Utf8.Bytes("received", "name"), receiveTotal = Utf8.Bytes("receive_total", "name");

        readonly SemaphoreSlim gate = new SemaphoreSlim(1);
        readonly Handle underWay;
        readonly Prepared prepared;
        readonly Timer timer;
        volatile bool isOver;
        volatile Exception error;
        long last = -1, lastTotal = -1;

        Progress(Handle underWay, Prepared prepared)
        {
            this.underWay = underWay;
            this.prepared = prepared;
            timer = new Timer(_ => Look(), null, everyMs, everyMs);
        }

        /// <summary>Watches a call; null if nobody wants to know.</summary>
        /// <param name="underWay">what tells how far it is, and what ends it</param>
        /// <param name="prepared">the call</param>
        internal static Progress Watch(Handle underWay, Prepared prepared)
        {
            return IsWanted(prepared.Call) ? new Progress(underWay, prepared) : null;
        }

        internal static bool IsWanted(Call call)
        {
            return call != null && (call.Progress != null || call.Reporter != null);
        }

        /// <summary>Tells nothing more.</summary>
        internal void Stop()
        {
            isOver = true;
            timer.Dispose();
        }

        /// <summary>What the caller threw.</summary>
        internal Exception Error { get { return error; } }

        /// <summary>Tells the end, and nothing after it. After a cancel nothing more is told, and nothing waited for.</summary>
        /// <exception cref="OperationCanceledException">The cancel came while the caller was being told.</exception>
        internal async Task FinishAsync(Ending ending)
        {
            timer.Dispose();
            if (!ending.HasCome)
            {
                var now = Now();
                var told = TellLastAsync(now);
                // A caller who blocks, be it for the end of this very call, is told when there is a chance.
                using (var patience = new CancellationTokenSource())
                {
                    await ending.First(Task.WhenAny(told, Task.Delay(patienceMs, patience.Token))).ConfigureAwait(false);
                    patience.Cancel();
                }
                if (told.IsCompleted || !ending.HasCome) return;
            }
            Stop();
            if (error == null) ending.Check();
        }

        async Task TellLastAsync(Transfer now)
        {
            await gate.WaitAsync().ConfigureAwait(false);
            await HookThreads.Run(() =>
            {
                Tell(now);
                isOver = true;
                gate.Release();
            }).ConfigureAwait(false);
        }

        void Look()
        {
            // A tick that comes while the caller is still at the last one is left out.
            if (isOver || underWay.IsClosed || !gate.Wait(0)) return;
            HookThreads.Run(() =>
            {
                try { Tell(Now()); }
                catch (ObjectDisposedException) { } // The call is over.
                finally { gate.Release(); }
            });
        }

        void Tell(Transfer now)
        {
            if (isOver || error != null || now.Done < 0 || (now.Done == last && now.Total == lastTotal)) return;
            last = now.Done;
            lastTotal = now.Total;
            try
            {
                if (prepared.Call.Progress != null) prepared.Call.Progress(now.Done, now.Total);
                if (prepared.Call.Reporter != null) prepared.Call.Reporter.Report(now);
            }
            catch (Exception thrown)
            {
                error = thrown;
                underWay.Cancel();
            }
        }

        Transfer Now()
        {
            return prepared.Source == null ? Facts() : new Transfer(prepared.Source.Given, prepared.Source.Length);
        }

        Transfer Facts()
        {
            if (underWay.Number(phase) == Native.PhaseJob) return new Transfer(underWay.Number(percent), 100);
            return prepared.IsUpload
                ? new Transfer(underWay.Number(sent), underWay.Number(sendTotal))
                : new Transfer(underWay.Number(received), underWay.Number(receiveTotal));
        }
    }
}
