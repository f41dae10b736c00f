// The compiler of .NET as a command for mono, with the arguments of csc.
using System;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

static class Compile
{
    static int Main(string[] arguments)
    {
        var folder = Directory.GetCurrentDirectory();
        var told = CSharpCommandLineParser.Default.Parse(arguments, folder, null);
        var trees = told.SourceFiles.Select(file =>
        {
            using (var stream = File.OpenRead(file.Path))
                return CSharpSyntaxTree.ParseText(SourceText.From(stream), told.ParseOptions, file.Path);
        });
        var references = told.MetadataReferences.Select(one => MetadataReference.CreateFromFile(one.Reference, one.Properties));
        var compilation = CSharpCompilation.Create(told.CompilationName ?? Path.GetFileNameWithoutExtension(told.OutputFileName), trees, references, told.CompilationOptions);
        var target = Path.Combine(told.OutputDirectory, told.OutputFileName);
        using (var image = new MemoryStream())
        using (var documentation = new MemoryStream())
        {
            var result = compilation.Emit(image, xmlDocumentationStream: told.DocumentationPath == null ? null : documentation);
            foreach (var one in told.Errors.ToArray().Concat(result.Diagnostics.ToArray()))
                if (one.Severity >= DiagnosticSeverity.Warning && !one.IsSuppressed) Console.Error.WriteLine(one);
            if (!result.Success || told.Errors.Any()) return 1;
            File.WriteAllBytes(target, image.ToArray());
            if (told.DocumentationPath != null) File.WriteAllBytes(told.DocumentationPath, documentation.ToArray());
        }
        return 0;
    }
}
