using System.IO.Compression;
using Segue.GeoNames;

// dotnet run --project build/geonames -- cities15000.txt admin1CodesASCII.txt countryInfo.txt src/Segue.Events/Geography/places.bin
if (args.Length != 4)
{
    Console.Error.WriteLine("usage: cities15000.txt admin1CodesASCII.txt countryInfo.txt OUT");
    return 2;
}
var content = PlaceFileMaker.Make(File.ReadLines(args[0]), File.ReadLines(args[1]), File.ReadLines(args[2]));
using (var file = File.Create(args[3]))
using (var brotli = new BrotliStream(file, CompressionLevel.SmallestSize))
{
    brotli.Write(content);
}
Console.WriteLine($"{content.Length} bytes, {new FileInfo(args[3]).Length} compressed");
return 0;
