//! The rows of a Crunch dataset: those it came with, those that were sent, and CSV both ways.

use serde_json::{Map, Value, json};

use crate::crunch::datasets::Dataset;
use crate::crunch::variables::{self, made};
use crate::server::data::cell;

/// What was sent for one row, by alias; a column that is not there has no data.
pub type Row = Map<String, Value>;

/// How Crunch writes a value that is missing.
pub fn no_data() -> Value {
    json!({ "?": -1 })
}

pub fn is_missing(value: &Value) -> bool {
    value.is_object()
}

impl Dataset {
    pub fn rows(&self) -> usize {
        self.given + self.sent.len()
    }

    /// One cell. The given rows follow from their number, unless a column was sent for them.
    pub fn value(&self, definition: &Value, row: usize) -> Value {
        let alias = text(definition, "alias");
        if let Some(n) = row.checked_sub(self.given) {
            return self.sent.get(n).and_then(|row| row.get(alias)).cloned().unwrap_or_else(no_data);
        }
        let column = self.columns.get(alias).map(|column| column.get(row).cloned().unwrap_or_else(no_data));
        column.unwrap_or_else(|| variables::cell(definition, row))
    }

    /// Takes a column for the rows there are; an empty dataset gets as many rows as it has values.
    pub fn take_column(&mut self, alias: &str, values: Vec<Value>) {
        if self.rows() == 0 {
            self.sent.resize(values.len(), Row::new());
        }
        let rest = values.get(self.given..).unwrap_or_default().iter();
        for (row, value) in self.sent.iter_mut().zip(rest) {
            row.insert(alias.to_string(), value.clone());
        }
        self.columns.insert(alias.to_string(), values);
    }

    /// Appends rows whose columns are named by alias or id. A dataset without variables gets them from the rows.
    pub fn append(&mut self, rows: Vec<Row>) {
        if variables::all(self).is_empty() {
            let mut names: Vec<&String> = Vec::new();
            for name in rows.iter().flat_map(Map::keys) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let kind = |name: &str| {
                let mut values =
                    rows.iter().filter_map(|row| row.get(name)).filter(|value| !is_missing(value));
                if values.all(|value| number(value).is_some()) { "numeric" } else { "text" }
            };
            let variables = names.iter().enumerate();
            self.variables = variables.map(|(n, name)| made(n, name, sent_kind(kind(name)))).collect();
        }
        let definitions = variables::all(self);
        for row in rows {
            let mut taken = Row::new();
            for (_, definition) in &definitions {
                let names = [text(definition, "alias"), text(definition, "id"), text(definition, "name")];
                if let Some(value) = names.iter().find_map(|name| row.get(*name)) {
                    taken.insert(names[0].to_string(), typed(definition, value));
                }
            }
            self.sent.push(taken);
        }
        self.changed = true;
    }

    /// All rows by alias: what an append of this dataset brings.
    pub fn all_rows(&self) -> Vec<Row> {
        let definitions = variables::all(self);
        let row = |n: usize| {
            let cells = definitions.iter().map(|(_, d)| (text(d, "alias").to_string(), self.value(d, n)));
            cells.collect()
        };
        (0..self.rows()).map(row).collect()
    }
}

pub fn text<'a>(definition: &'a Value, member: &str) -> &'a str {
    definition[member].as_str().unwrap_or("")
}

fn sent_kind(kind: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_string(), json!(kind))])
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A value as its variable keeps it: numbers of a text, categories by their id.
fn typed(definition: &Value, value: &Value) -> Value {
    if value.is_null() || is_missing(value) || value.as_str() == Some("") {
        return no_data();
    }
    match text(definition, "type") {
        "numeric" => match number(value) {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(number as i64),
            Some(number) => json!(number),
            None => no_data(),
        },
        "categorical" => {
            let categories = definition["categories"].as_array().into_iter().flatten();
            let id = number(value);
            let fits = |category: &&Value| {
                category["name"] == *value || (id.is_some() && category["id"].as_f64() == id)
            };
            categories.clone().find(fits).map_or_else(no_data, |category| category["id"].clone())
        }
        _ => value.as_str().map_or_else(|| json!(value.to_string()), |text| json!(text)),
    }
}

/// The columns of a `crunch:table` as rows.
pub fn of_table(data: Option<&Value>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (name, column) in data.and_then(Value::as_object).into_iter().flatten() {
        for (n, value) in column.as_array().into_iter().flatten().enumerate() {
            rows.resize(rows.len().max(n + 1), Row::new());
            rows[n].insert(name.clone(), value.clone());
        }
    }
    rows
}

/// The rows of a CSV file, whose first line has the names. An empty cell is no data.
pub fn of_csv(file: &str) -> Vec<Row> {
    let mut lines = cells(file.trim_start_matches('\u{feff}')).into_iter();
    let names = lines.next().unwrap_or_default();
    let row = |line: Vec<String>| {
        let pairs = names.iter().cloned().zip(line).filter(|(_, cell)| !cell.is_empty());
        pairs.map(|(name, cell)| (name, json!(cell))).collect()
    };
    // A blank line is a row if there is one column only.
    lines.filter(|line| names.len() == 1 || *line != [""]).map(row).collect()
}

/// The cells of each line (RFC 4180).
fn cells(file: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = file.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            '\r' if !quoted => {}
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !line.is_empty() {
        line.push(cell);
        lines.push(line);
    }
    lines
}

/// A CSV file of these rows and columns: what an export holds. Categories are named, or numbered if asked for.
pub fn csv(dataset: &Dataset, definitions: &[Value], rows: impl Iterator<Item = usize>, ids: bool) -> String {
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let mut file = line(definitions.iter().map(|d| cell(text(d, "alias"))).collect());
    let show = |definition: &Value, value: Value| match value {
        Value::String(text) => cell(&text),
        Value::Object(_) => String::new(),
        id if !ids => category(definition, &id).map_or_else(|| id.to_string(), |name| cell(&name)),
        other => other.to_string(),
    };
    for row in rows {
        file += &line(definitions.iter().map(|d| show(d, dataset.value(d, row))).collect());
    }
    file
}

/// The name of a category.
fn category(definition: &Value, id: &Value) -> Option<String> {
    let mut categories = definition["categories"].as_array()?.iter();
    categories.find(|category| category["id"] == *id)?["name"].as_str().map(str::to_string)
}
