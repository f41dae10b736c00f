using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Crux
{
    /// <summary>Options by key, as text. A key may be written with "_" for each ".".</summary>
    sealed partial class Settings
    {
        readonly Dictionary<string, string> values = new Dictionary<string, string>();

        static string Key(string name)
        {
            string key;
            return keys.TryGetValue(name, out key) ? key : name;
        }

        internal IEnumerable<KeyValuePair<string, string>> All { get { return values; } }

        internal string Text(string name)
        {
            string value;
            return values.TryGetValue(Key(name), out value) ? value : null;
        }

        internal bool? Flag(string name)
        {
            var value = Text(name);
            return value == null ? (bool?)null : value == "1";
        }

        internal long? Number(string name)
        {
            long number;
            return long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : (long?)null;
        }

        /// <summary>Sets an option; null takes it back.</summary>
        internal void Set(string name, string value)
        {
            if (value == null) values.Remove(Key(name));
            else values[Key(name)] = value;
        }

        internal void Set(string name, bool? value)
        {
            Set(name, value == null ? null : value.Value ? "1" : "0");
        }

        internal void Set(string name, long? value)
        {
            Set(name, value == null ? null : value.Value.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>What was set, without secrets.</summary>
        public override string ToString()
        {
            return string.Join(", ", values.Select(one => one.Key + "=" + (secrets.Contains(one.Key) ? "[secret]" : one.Value)));
        }
    }
}
