using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>
    /// Threads for what the program gives and what may block: progress, tokens, streams. The pool of .NET adds threads
    /// slowly; were they blocked there, all would wait that needs the pool to go on, such as a call that was cancelled.
    /// </summary>
    sealed class HookThreads : TaskScheduler
    {
        const int lingerMs = 1000;

        static readonly HookThreads threads = new HookThreads();

        readonly object gate = new object();
        readonly Queue<Task> tasks = new Queue<Task>();
        int idle;

        /// <summary>Runs something on such a thread; the default scheduler is what it sees.</summary>
        internal static Task<T> Run<T>(Func<T> hook)
        {
            return Task.Factory.StartNew(hook, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, threads);
        }

        internal static Task Run(Action hook)
        {
            return Task.Factory.StartNew(hook, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, threads);
        }

        protected override void QueueTask(Task task)
        {
            lock (gate)
            {
                tasks.Enqueue(task);
                if (idle >= tasks.Count) Monitor.Pulse(gate);
                else new Thread(Work) { IsBackground = true, Name = "crux hooks" }.Start();
            }
        }

        void Work()
        {
            for (;;)
            {
                Task task;
                lock (gate)
                {
                    while (tasks.Count == 0)
                    {
                        idle++;
                        var isCalled = Monitor.Wait(gate, lingerMs);
                        idle--;
                        if (!isCalled && tasks.Count == 0) return;
                    }
                    task = tasks.Dequeue();
                }
                TryExecuteTask(task);
            }
        }

        protected override bool TryExecuteTaskInline(Task task, bool wasQueued) { return false; }

        protected override IEnumerable<Task> GetScheduledTasks()
        {
            lock (gate) return tasks.ToArray();
        }
    }
}
