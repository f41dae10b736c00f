using System;
using System.Collections;
using System.Collections.Generic;

namespace Crux
{
    /// <summary>Names and values in order: a query, headers, what fills a path. A name may stand more than once.
    /// Since 0.2.</summary>
    public sealed class Pairs : IEnumerable<KeyValuePair<string, string>>
    {
        readonly List<KeyValuePair<string, string>> all = new List<KeyValuePair<string, string>>();
        readonly StringComparison comparison;

        /// <summary>Makes an empty list whose names are compared as they are.</summary>
        public Pairs() : this(StringComparison.Ordinal) { }

        internal Pairs(StringComparison comparison)
        {
            this.comparison = comparison;
        }

        /// <summary>How many pairs there are.</summary>
        public int Count { get { return all.Count; } }

        /// <summary>The first value of a name, or null; setting it takes the place of all values of that name.</summary>
        /// <param name="name">the name</param>
        public string this[string name]
        {
            get
            {
                foreach (var pair in all)
                    if (pair.Key.Equals(name, comparison)) return pair.Value;
                return null;
            }
            set
            {
                if (name == null) throw new ArgumentNullException(nameof(name));
                all.RemoveAll(pair => pair.Key.Equals(name, comparison));
                Add(name, value);
            }
        }

        /// <summary>Adds a pair, also if the name is there already.</summary>
        /// <param name="name">the name</param>
        /// <param name="value">its value; null is the empty text</param>
        public void Add(string name, string value)
        {
            if (name == null) throw new ArgumentNullException(nameof(name));
            all.Add(new KeyValuePair<string, string>(name, value));
        }

        /// <summary>All values of a name, in order.</summary>
        /// <param name="name">the name</param>
        public IEnumerable<string> All(string name)
        {
            foreach (var pair in all)
                if (pair.Key.Equals(name, comparison)) yield return pair.Value;
        }

        /// <summary>The pairs in order.</summary>
        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() { return all.GetEnumerator(); }

        IEnumerator IEnumerable.GetEnumerator() { return GetEnumerator(); }
    }
}
