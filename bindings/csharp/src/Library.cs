using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>Finds the shared library, checks its edition, and gives its functions.</summary>
    public static class Library
    {
        static readonly Lazy<IntPtr> module = new Lazy<IntPtr>(Open);
        static string file;

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        delegate int AbiFunction();

        /// <summary>The version of the library that is loaded, such as <c>0.2.0</c>. Since 0.2.</summary>
        /// <exception cref="DllNotFoundException">No library was found; the message says what was tried.</exception>
        /// <exception cref="NotSupportedException">The library is older than this package.</exception>
        public static string Version
        {
            get { Require(); return Utf8.Text(Native.crux_version()); }
        }

        /// <summary>The file, or the name, that the library was loaded by. Since 0.2.</summary>
        public static string File
        {
            get { Require(); return file; }
        }

        /// <summary>Loads the library if that was not done yet. Called before <see cref="Native"/> is touched, so that what
        /// is wrong is told in these words and not as a failed type initializer.</summary>
        internal static void Require()
        {
            var unused = module.Value;
        }

        internal static T Function<T>(string name)
        {
            var address = Loader.Symbol(module.Value, name);
            if (address == IntPtr.Zero)
                throw new EntryPointNotFoundException($"The library {file} has no function {name}. Install a newer libcrux.");
            return Marshal.GetDelegateForFunctionPointer<T>(address);
        }

        static IntPtr Open()
        {
            var tried = new List<string>();
            foreach (var place in Places())
            {
                string why;
                var found = Loader.Open(place, out why);
                if (found == IntPtr.Zero)
                {
                    tried.Add($"{place} ({why})");
                    continue;
                }
                file = place;
                CheckAbi(found);
                return found;
            }
            throw new DllNotFoundException(
                $"The library libcrux was not found. Tried: {string.Join("; ", tried)}. "
                + "Install libcrux, or name its file in the environment variable CRUX_LIBRARY.");
        }

        static void CheckAbi(IntPtr found)
        {
            var address = Loader.Symbol(found, "crux_abi");
            var abi = address == IntPtr.Zero ? 0 : Marshal.GetDelegateForFunctionPointer<AbiFunction>(address)();
            if (abi < Native.Abi)
                throw new NotSupportedException(
                    $"The library {file} has ABI {abi}, and this package needs ABI {Native.Abi} or later. Install a newer libcrux.");
        }

        /// <summary>The file that the environment names, and nothing else; otherwise the copies that a package or a program
        /// carries, then whatever the system's loader knows by the SONAME.</summary>
        static IEnumerable<string> Places()
        {
            var named = Environment.GetEnvironmentVariable("CRUX_LIBRARY");
            if (!string.IsNullOrEmpty(named)) return new[] { named };

            // On Windows the library's file and this assembly have the same name but for case.
            var own = typeof(Library).Assembly.Location;
            var places = new List<string>();
            foreach (var folder in Folders())
                foreach (var name in new[] { Platform.FileName, Platform.Soname })
                {
                    var place = Path.Combine(folder, name);
                    if (string.Equals(place, own, StringComparison.OrdinalIgnoreCase)) continue;
                    if (System.IO.File.Exists(place) && !places.Contains(place)) places.Add(place);
                }
            places.Add(Platform.Soname);
            return places;
        }

        static IEnumerable<string> Folders()
        {
            var here = AppContext.BaseDirectory;
            var location = typeof(Library).Assembly.Location;
            var beside = string.IsNullOrEmpty(location) ? here : Path.GetDirectoryName(location);
            foreach (var folder in new[] { beside, here, Path.Combine(beside, "..", "..") })
            {
                yield return folder;
                foreach (var runtime in Platform.Runtimes)
                    yield return Path.Combine(folder, "runtimes", runtime, "native");
            }
        }
    }
}
