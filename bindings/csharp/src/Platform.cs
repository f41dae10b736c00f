using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Crux
{
    /// <summary>How shared libraries are called on this system, and where NuGet puts them.</summary>
    static class Platform
    {
        internal static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        static readonly bool isMac = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

        internal static readonly string FileName = IsWindows ? "crux.dll" : isMac ? "libcrux.dylib" : "libcrux.so";

        internal static readonly string Soname = IsWindows ? "crux.dll" : isMac ? "libcrux.0.dylib" : Native.Soname;

        internal static string[] Runtimes
        {
            get
            {
                var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
                if (IsWindows) return new[] { "win-" + processor };
                if (isMac) return new[] { "osx-" + processor };
                return new[] { "linux-" + processor, "linux-musl-" + processor };
            }
        }
    }

    /// <summary>The system's loader. Libraries are never unloaded.</summary>
    static class Loader
    {
        internal static IntPtr Open(string file, out string why)
        {
            why = null;
            if (Platform.IsWindows)
            {
                var module = LoadLibraryW(file);
                if (module == IntPtr.Zero) why = new Win32Exception(Marshal.GetLastWin32Error()).Message;
                return module;
            }
            const int now = 2;
            var name = Utf8.Bytes(file, "file of the library");
            var found = dl ? dlopen(name, now) : dlopen_c(name, now);
            if (found == IntPtr.Zero) why = Utf8.Text(dl ? dlerror() : dlerror_c());
            return found;
        }

        internal static IntPtr Symbol(IntPtr module, string name)
        {
            if (Platform.IsWindows) return GetProcAddress(module, name);
            var bytes = Utf8.Bytes(name, "name of a function");
            return dl ? dlsym(module, bytes) : dlsym_c(module, bytes);
        }

        /// <summary>Whether there is a libdl of its own, as in glibc; elsewhere its functions are part of libc.</summary>
        static readonly bool dl = HasDl();

        static bool HasDl()
        {
            if (Platform.IsWindows) return false;
            try { dlerror(); return true; }
            catch (DllNotFoundException) { return false; }
        }

        [DllImport("libdl.so.2")] static extern IntPtr dlopen(byte[] file, int flags);
        [DllImport("libdl.so.2")] static extern IntPtr dlsym(IntPtr module, byte[] name);
        [DllImport("libdl.so.2")] static extern IntPtr dlerror();
        [DllImport("libc", EntryPoint = "dlopen")] static extern IntPtr dlopen_c(byte[] file, int flags);
        [DllImport("libc", EntryPoint = "dlsym")] static extern IntPtr dlsym_c(IntPtr module, byte[] name);
        [DllImport("libc", EntryPoint = "dlerror")] static extern IntPtr dlerror_c();
        [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)] static extern IntPtr LoadLibraryW(string file);
        [DllImport("kernel32", CharSet = CharSet.Ansi, ExactSpelling = true)] static extern IntPtr GetProcAddress(IntPtr module, string name);
    }
}
