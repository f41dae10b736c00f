using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>
    /// Static initializers of the types that hooks belong to. While one runs, no other thread enters its type; if it waits
    /// for a call whose hook is there, neither would ever go on.
    /// </summary>
    static class Initializer
    {
        const int patienceMs = 2000;

        static readonly ConcurrentDictionary<Type, bool> done = new ConcurrentDictionary<Type, bool>();

        /// <summary>Waits until another thread can enter the type of a hook.</summary>
        /// <param name="type">the type; null = none</param>
        /// <param name="what">what the program gave, for the error</param>
        /// <exception cref="InvalidOperationException">Its initializer does not end.</exception>
        internal static Task Over(Type type, string what)
        {
            return type == null || done.ContainsKey(type) ? Task.CompletedTask : Look(type, what);
        }

        static async Task Look(Type type, string what)
        {
            var look = HookThreads.Run(() => RuntimeHelpers.RunClassConstructor(type.TypeHandle));
            if (await Task.WhenAny(look, Task.Delay(patienceMs)).ConfigureAwait(false) != look)
                throw new InvalidOperationException(
                    $"The {what} belongs to the type {type}, whose static initializer is still running, so no other thread can "
                    + "enter it. Wait for the call after the initializer, or move the hook to another type.");
            // One that failed says so when the hook is called.
            done[type] = true;
        }
    }
}
