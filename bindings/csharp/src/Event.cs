using System;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>What the library gives to an event loop: a descriptor, or on Windows a handle.</summary>
    static class Event
    {
        [StructLayout(LayoutKind.Sequential)]
        struct Descriptor
        {
            internal int Number;
            internal short Wanted, Got;
        }

        /// <summary>Waits until there is something to take; false if nothing came in time.</summary>
        /// <param name="what">the descriptor</param>
        /// <param name="ms">the longest wait</param>
        internal static bool Wait(IntPtr what, int ms)
        {
            if (Platform.IsWindows) return WaitForSingleObject(what, ms) == 0;
            // The signals by which mono stops threads end a poll early.
            for (var end = Environment.TickCount + ms; ms >= 0; ms = end - Environment.TickCount)
            {
                var one = new Descriptor { Number = (int)what, Wanted = 1 };
                var got = poll(ref one, (UIntPtr)1, ms);
                if (got >= 0) return got > 0;
            }
            return false;
        }

        [DllImport("libc")] static extern int poll(ref Descriptor descriptors, UIntPtr count, int ms);
        [DllImport("kernel32")] static extern int WaitForSingleObject(IntPtr handle, int ms);
    }
}
