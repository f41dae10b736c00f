using System;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>
    /// Threads of the library, on which some hooks run. They block all signals, and mono stops threads by signals: without
    /// this, the next collection would wait for ever for a thread that cannot be stopped.
    /// </summary>
    static class ForeignThread
    {
        const int unblock = 1, power = 30, processorTime = 24, realTime = 34, last = 64;

        static readonly bool isMono = Type.GetType("Mono.Runtime") != null && RuntimeInformation.IsOSPlatform(OSPlatform.Linux);
        static readonly byte[] signalsOfMono = Set();

        [ThreadStatic] static bool isWelcome;

        /// <summary>Lets mono stop this thread. To be called first in a hook.</summary>
        internal static void Welcome()
        {
            if (isWelcome || !isMono) return;
            isWelcome = true;
            pthread_sigmask(unblock, signalsOfMono, IntPtr.Zero);
        }

        static byte[] Set()
        {
            var set = new byte[128];
            Add(set, power);
            Add(set, processorTime);
            for (var signal = realTime; signal <= last; signal++) Add(set, signal);
            return set;
        }

        static void Add(byte[] set, int signal)
        {
            set[(signal - 1) / 8] |= (byte)(1 << (signal - 1) % 8);
        }

        [DllImport("libc")] static extern int pthread_sigmask(int how, byte[] set, IntPtr before);
    }
}
