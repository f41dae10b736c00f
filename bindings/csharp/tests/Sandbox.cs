using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Script.Serialization;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>The server that the tests talk to, and what they share.</summary>
    static class Sandbox
    {
        static readonly JavaScriptSerializer json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };

        static readonly Lazy<Client> control = new Lazy<Client>(() => Client.Anonymous("custom", Options()));

        public static string Variable(string name)
        {
            return Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException("The variable " + name + " is not set; run test.sh.");
        }

        public static string Base { get { return Variable("CRUX_BASE"); } }
        public static string User { get { return Variable("CRUX_USER"); } }
        public static string Password { get { return Variable("CRUX_PASSWORD"); } }

        public static object Parse(string text) { return json.DeserializeObject(text); }
        public static string Write(object value) { return json.Serialize(value); }

        /// <summary>Sets the answer to a path.</summary>
        public static void Answer(string body) { Tell("answer", body); }

        public static void Forget() { Tell("forget", "{}"); }

        static void Tell(string what, string body)
        {
            control.Value.PostAsync("_sandbox/" + what, new Call { Json = body }).GetAwaiter().GetResult().Dispose();
        }

        public static Options Options() { return new Options { BaseUrl = Base }; }

        public static Task<Client> Login() { return Client.LoginAsync("custom", User, Password, Options()); }

        /// <summary>Runs a program that was built beside the tests; its output and its exit code.</summary>
        public static string Run(string program, string arguments, out int code, params string[] variables)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            for (var i = 0; i < variables.Length; i += 2) start.EnvironmentVariables[variables[i]] = variables[i + 1];
            using (var process = Process.Start(start))
            {
                var errors = process.StandardError.ReadToEndAsync();
                var output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                code = process.ExitCode;
                return output + errors.Result;
            }
        }

        /// <summary>Where the programs are.</summary>
        public static string Place(string name)
        {
            return Path.Combine(Path.GetDirectoryName(typeof(Sandbox).Assembly.Location), name);
        }

        /// <summary>Waits until something holds, 10 s at most.</summary>
        public static void Until(Func<bool> holds, string what)
        {
            for (var clock = Stopwatch.StartNew(); !holds(); Thread.Sleep(5))
                if (clock.ElapsedMilliseconds > 10000) Assert.Fail("It did not come to this within 10 s: " + what);
        }

        public static async Task<T> Throws<T>(Func<Task> task) where T : Exception
        {
            try { await task(); }
            catch (T error) { return error; }
            Assert.Fail("No " + typeof(T).Name + " was thrown.");
            return null;
        }

        /// <summary>Cancels a call while it waits: it must end as cancelled, within 300 ms.</summary>
        public static async Task EndsWhenCancelled(Func<CancellationToken, Task> call)
        {
            using (var source = new CancellationTokenSource())
            {
                var task = call(source.Token);
                await Task.Delay(150);
                Assert.IsFalse(task.IsCompleted, "The call ended before it was cancelled.");
                var clock = Stopwatch.StartNew();
                source.Cancel();
                var error = await Throws<OperationCanceledException>(() => task);
                Assert.Less(clock.ElapsedMilliseconds, 300);
                Assert.AreEqual(source.Token, error.CancellationToken);
            }
        }
    }

    /// <summary>A folder that is gone after the test.</summary>
    sealed class Folder : IDisposable
    {
        readonly string path = Path.Combine(Path.GetTempPath(), "crux-" + Guid.NewGuid().ToString("N"));

        public Folder() { Directory.CreateDirectory(path); }

        public string this[string name] { get { return Path.Combine(path, name); } }

        public IEnumerable<string> Names { get { return Directory.GetFiles(path).Select(Path.GetFileName); } }

        public void Dispose() { Directory.Delete(path, true); }
    }
}
