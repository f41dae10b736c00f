using System;
using System.Threading.Tasks;

namespace Crux
{
    /// <summary>How much the log hook is told. Since 0.2.</summary>
    public enum LogLevel
    {
        /// <summary>Nothing.</summary>
        Off = Native.LogOff,
        /// <summary>What failed.</summary>
        Error = Native.LogError,
        /// <summary>What is odd, and what failed.</summary>
        Warning = Native.LogWarning,
        /// <summary>Each request.</summary>
        Info = Native.LogInfo,
        /// <summary>Retries, connections, jobs.</summary>
        Debug = Native.LogDebug,
        /// <summary>The heads of requests and responses, without secrets.</summary>
        Trace = Native.LogTrace,
    }

    /// <summary>Settings for a client to come: by property, or by key as in <c>options["timeout.total_ms"]</c>. A key that
    /// does not exist is refused by the login. Since 0.2.</summary>
    public sealed partial class Options
    {
        internal readonly Settings settings = new Settings();

        /// <summary>An option by its key, with <c>.</c> or <c>_</c>; null is its default.</summary>
        /// <param name="key">such as <c>base_url</c> or <c>timeout_total_ms</c></param>
        public string this[string key]
        {
            get { return settings.Text(key); }
            set { settings.Set(key, value); }
        }

        /// <summary>Takes the lines of the log. It is called on threads of the package, possibly several at once, and must
        /// be quick; what it throws is dropped. No line holds a secret.</summary>
        public Action<LogLevel, string> Log { get; set; }

        /// <summary>The lines above this level are not made. Default: warning.</summary>
        public LogLevel LogLevel { get; set; } = LogLevel.Warning;

        /// <summary>Gives the token, instead of a password: from a keyring, a vault, single sign-on. It is handed the token
        /// that the server refused, or null, and gives null if there is none. One call asks at a time, on a thread of the package,
        /// and all share what it got; what it throws ends the call.</summary>
        public Func<string, Task<string>> TokenProvider { get; set; }

        /// <summary>What was set, without secrets.</summary>
        public override string ToString() { return settings.ToString(); }

        /// <summary>The options as the library wants them.</summary>
        internal Handle ToHandle(string account = null, bool fromEnvironment = false)
        {
            Library.Require();
            var handle = new Handle(Native.crux_options_new());
            foreach (var one in settings.All) Set(handle, one.Key, one.Value);
            if (fromEnvironment && Native.crux_options_env(handle, Utf8.Bytes(account, "account")) != Native.Ok) handle.Check();
            if (Log != null) Hooks.Log(handle, LogLevel, Log);
            return handle;
        }

        internal static void Set(Handle options, string key, string value)
        {
            if (Native.crux_options_set(options, Utf8.Bytes(key, "key of an option"), Utf8.Bytes(value, $"option \"{key}\"")) != Native.Ok)
                options.Check();
        }
    }
}
