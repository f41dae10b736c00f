using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;

namespace Crux
{
    /// <summary>What a value of a JSON document is. Since 0.2.</summary>
    public enum JsonType
    {
        /// <summary>null</summary>
        Null = Native.JsonNull,
        /// <summary>true or false</summary>
        Bool = Native.JsonBool,
        /// <summary>A number.</summary>
        Number = Native.JsonNumber,
        /// <summary>A text.</summary>
        String = Native.JsonString,
        /// <summary>A list.</summary>
        Array = Native.JsonArray,
        /// <summary>Names and values.</summary>
        Object = Native.JsonObject,
    }

    /// <summary>A value of a JSON document, read by the library. It does not change, and any number of threads may use it.
    /// To enumerate one gives its members' values. Since 0.2.</summary>
    public sealed class Json : IEnumerable<Json>
    {
        static readonly Json[] nothing = new Json[0];

        readonly string text;
        readonly List<Json> values;
        readonly Dictionary<string, int> places;

        internal Json(JsonType type, string text)
        {
            Type = type;
            this.text = text;
            if (type == JsonType.Array || type == JsonType.Object) values = new List<Json>();
            if (type == JsonType.Object) places = new Dictionary<string, int>(StringComparer.Ordinal);
        }

        /// <summary>What it is.</summary>
        public JsonType Type { get; }

        /// <summary>Whether it is null.</summary>
        public bool IsNull { get { return Type == JsonType.Null; } }

        /// <summary>How many members it has; 0 if it is no array and no object.</summary>
        public int Count { get { return values == null ? 0 : values.Count; } }

        /// <summary>The names of an object's members, in order; of anything else none.</summary>
        public IEnumerable<string> Keys { get { return places == null ? (IEnumerable<string>)new string[0] : places.Keys; } }

        /// <summary>A member of an object.</summary>
        /// <param name="name">its name</param>
        /// <exception cref="KeyNotFoundException">There is no such member.</exception>
        public Json this[string name]
        {
            get
            {
                Json found;
                if (TryGet(name, out found)) return found;
                throw new KeyNotFoundException(places == null ? $"The JSON {Word} has no members." : $"The JSON object has no member \"{name}\".");
            }
        }

        /// <summary>A member of an array.</summary>
        /// <param name="index">its place, from 0</param>
        /// <exception cref="ArgumentOutOfRangeException">The array is shorter, or it is no array.</exception>
        public Json this[int index]
        {
            get
            {
                if (Type == JsonType.Array && index >= 0 && index < values.Count) return values[index];
                throw new ArgumentOutOfRangeException(nameof(index), $"The JSON {Word} has {Count} members, not one at {index}.");
            }
        }

        /// <summary>Looks for a member of an object.</summary>
        /// <param name="name">its name</param>
        /// <param name="found">receives it; null if there is none</param>
        /// <returns>whether there is one</returns>
        public bool TryGet(string name, out Json found)
        {
            int place;
            found = null;
            if (places == null || !places.TryGetValue(name, out place)) return false;
            found = values[place];
            return true;
        }

        /// <summary>What stands at a pointer as RFC 6901 has it, such as <c>/users/0/name</c>; null if nothing does.</summary>
        /// <param name="pointer">the pointer; the empty text is this value</param>
        public Json Find(string pointer)
        {
            if (pointer == null) throw new ArgumentNullException(nameof(pointer));
            var here = this;
            var steps = pointer.Split('/');
            if (steps[0] != "") return null;
            for (var step = 1; step < steps.Length && here != null; step++)
                here = here.Type == JsonType.Array ? here.At(steps[step]) : here.Member(steps[step]);
            return here;
        }

        /// <summary>The element whose index a step of a pointer is: digits without leading zeros.</summary>
        Json At(string step)
        {
            int index;
            var isPlain = step == "0" || !step.StartsWith("0", StringComparison.Ordinal);
            return isPlain && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < Count ? values[index] : null;
        }

        /// <summary>The member whose name a step of a pointer is, with ~1 for / and ~0 for ~ alone.</summary>
        Json Member(string step)
        {
            for (var tilde = step.IndexOf('~'); tilde >= 0; tilde = step.IndexOf('~', tilde + 1))
                if (tilde + 1 == step.Length || (step[tilde + 1] != '0' && step[tilde + 1] != '1')) return null;
            Json found;
            TryGet(step.Replace("~1", "/").Replace("~0", "~"), out found);
            return found;
        }

        /// <summary>The characters of a text; null if it is null.</summary>
        /// <exception cref="InvalidOperationException">It is something else.</exception>
        public string AsString()
        {
            if (IsNull) return null;
            return Expect(JsonType.String, "a text");
        }

        /// <summary>A whole number; 1e3 and 4.0 are whole.</summary>
        /// <exception cref="InvalidOperationException">It is no number.</exception>
        /// <exception cref="FormatException">It is not whole.</exception>
        /// <exception cref="OverflowException">It does not fit.</exception>
        public long AsInt64()
        {
            var digits = Expect(JsonType.Number, "a number");
            long number;
            if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return number;
            var exact = decimal.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (exact != decimal.Truncate(exact)) throw new FormatException($"The JSON number {digits} is not whole.");
            return (long)exact;
        }

        /// <summary>A number, as near as a double comes.</summary>
        /// <exception cref="InvalidOperationException">It is no number.</exception>
        public double AsDouble()
        {
            return double.Parse(Expect(JsonType.Number, "a number"), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        /// <summary>A number with its decimal digits.</summary>
        /// <exception cref="InvalidOperationException">It is no number.</exception>
        /// <exception cref="OverflowException">It does not fit.</exception>
        public decimal AsDecimal()
        {
            return decimal.Parse(Expect(JsonType.Number, "a number"), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        /// <summary>True or false.</summary>
        /// <exception cref="InvalidOperationException">It is something else.</exception>
        public bool AsBoolean()
        {
            return Expect(JsonType.Bool, "true or false") == "true";
        }

        /// <summary>The members' values, in order.</summary>
        public IEnumerator<Json> GetEnumerator()
        {
            return ((IEnumerable<Json>)values ?? nothing).GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() { return GetEnumerator(); }

        /// <summary>The characters of a text, the digits of a number, true, false or null; of others what they are.</summary>
        public override string ToString()
        {
            return text ?? $"{Word} of {Count}";
        }

        /// <summary>Adds a member. Of members with the same name the last one counts, at the place of the first.</summary>
        internal void Add(string key, Json value)
        {
            int place;
            if (places == null) values.Add(value);
            else if (places.TryGetValue(key, out place)) values[place] = value;
            else
            {
                places.Add(key, values.Count);
                values.Add(value);
            }
        }

        string Expect(JsonType type, string what)
        {
            if (Type == type) return text;
            throw new InvalidOperationException($"The JSON value is {Article} {Word}, not {what}.");
        }

        string Word { get { return Type.ToString().ToLowerInvariant(); } }

        string Article { get { return Type == JsonType.Array || Type == JsonType.Object ? "an" : "a"; } }
    }
}
