// Makes an assembly of .NET Standard 2.0 out of one that was compiled against the framework:
// Retarget.exe IN netstandard.dll OUT. Fails if it uses a type that .NET Standard does not have.

using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

static class Retarget
{
    static int Main(string[] arguments)
    {
        var standard = AssemblyDefinition.ReadAssembly(arguments[1]);
        var known = new HashSet<string>(standard.MainModule.ExportedTypes.Select(type => type.FullName));
        using (var assembly = AssemblyDefinition.ReadAssembly(arguments[0]))
        {
            var module = assembly.MainModule;
            var framework = module.AssemblyReferences.ToArray();
            var reference = new AssemblyNameReference("netstandard", new Version(2, 0, 0, 0))
            {
                PublicKeyToken = standard.Name.PublicKeyToken,
            };

            var foreign = module.GetTypeReferences().Where(type => !known.Contains(type.FullName)).ToArray();
            foreach (var type in foreign) Console.Error.WriteLine(".NET Standard 2.0 has no " + type.FullName);
            if (foreign.Length > 0) return 1;

            module.AssemblyReferences.Add(reference);
            foreach (var type in module.GetTypeReferences())
                if (framework.Contains(type.Scope)) type.Scope = reference;
            foreach (var one in framework) module.AssemblyReferences.Remove(one);
            assembly.Write(arguments[2], new WriterParameters { DeterministicMvid = true, Timestamp = 0 });
        }
        return 0;
    }
}
