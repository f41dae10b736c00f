using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

[assembly: AssemblyTitle("Crux")]
[assembly: AssemblyDescription("libcrux for .NET: log in once to a token-authenticated REST API, then call it.")]
[assembly: InternalsVisibleTo("Crux.Tests")]
[assembly: TargetFramework(".NETStandard,Version=v2.0")]
