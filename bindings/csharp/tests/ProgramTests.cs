using System.IO;
using NUnit.Framework;

namespace Crux.Tests
{
    /// <summary>Programs of their own: the examples, and a library that is not there.</summary>
    [TestFixture]
    public class ProgramTests
    {
        [Test]
        public void the_tour_prints_what_it_promises()
        {
            int code;
            var wanted = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Sandbox.Variable("CRUX_CASES")), "tour.txt"));
            using (var folder = new Folder())
            {
                var tour = $"-c 'cd {folder["."]} && exec {Sandbox.Variable("CRUX_SANDBOX")} --shop mono {Sandbox.Place("Tour.exe")}'";
                Assert.AreEqual(wanted, Sandbox.Run("sh", tour, out code));
            }
            Assert.AreEqual(0, code);
        }

        [Test]
        public void the_login_example_runs()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Login.exe"), out code);
            StringAssert.StartsWith("7 things, the first is Ärmel \"0\".", output);
            Assert.AreEqual(0, code);
        }

        [Test]
        public void library_missing()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "/no/such/libcrux.so");
            StringAssert.StartsWith("DllNotFoundException: The library libcrux was not found. Tried: /no/such/libcrux.so (", output);
            output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "", "LD_LIBRARY_PATH", "");
            StringAssert.Contains("libcrux.so.0", output);
        }

        [Test]
        public void library_too_old()
        {
            int code;
            var output = Sandbox.Run("mono", Sandbox.Place("Probe.exe") + " version", out code, "CRUX_LIBRARY", "libm.so.6");
            StringAssert.IsMatch("^NotSupportedException: The library libm.so.6 has ABI 0, and this package needs ABI [1-9]+ or later\\.", output);
        }
    }
}
