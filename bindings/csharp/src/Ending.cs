using System;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>The cancel of a call, by its token or by the client: it ends the call also while something of the program's
    /// own blocks, which then goes on by itself.</summary>
    sealed class Ending : IDisposable
    {
        /// <summary>What the library needs to end what it does, and more.</summary>
        const int graceMs = 100;

        readonly CancellationToken mine;
        readonly CancellationTokenSource either;
        readonly TaskCompletionSource<bool> ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly CancellationTokenRegistration registration;

        /// <param name="mine">of the call</param>
        /// <param name="all">of all calls of the client</param>
        internal Ending(CancellationToken mine, CancellationToken all)
        {
            this.mine = mine;
            either = CancellationTokenSource.CreateLinkedTokenSource(mine, all);
            registration = either.Token.Register(() => ended.TrySetResult(true));
        }

        /// <summary>Cancelled by either.</summary>
        internal CancellationToken Token { get { return either.Token; } }

        internal bool HasCome { get { return either.IsCancellationRequested; } }

        /// <summary>Ends with the task, whatever came of it, or with the cancel.</summary>
        internal Task First(Task task)
        {
            return task.IsCompleted ? task : Task.WhenAny(task, ended.Task);
        }

        /// <summary>Waits for a task. After a cancel it has as long as the library needs.</summary>
        /// <exception cref="OperationCanceledException">The task goes on by itself.</exception>
        internal async Task Await(Task task)
        {
            await First(task).ConfigureAwait(false);
            if (!task.IsCompleted) await Task.WhenAny(task, Task.Delay(graceMs)).ConfigureAwait(false);
            if (!task.IsCompleted) Throw();
            if (task.IsCanceled) Check();
            await task.ConfigureAwait(false);
        }

        /// <summary>Throws if the cancel has come.</summary>
        internal void Check()
        {
            if (HasCome) Throw();
        }

        void Throw()
        {
            mine.ThrowIfCancellationRequested();
            throw new OperationCanceledException("The call was cancelled.");
        }

        public void Dispose()
        {
            registration.Dispose();
            either.Dispose();
        }
    }
}
